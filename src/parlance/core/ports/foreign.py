"""Where messages are kept that were sent elsewhere, before their app came here."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from parlance.core.model.message import Message
from parlance.core.model.moving import Brought
from parlance.core.model.origin import Trace
from parlance.kernel.ids import ClientId


class Foreign(Protocol):
    """The messages of a conversation (by its internal id) that have a `foreign_id`."""

    async def ids(self, conversation: int) -> set[str]:
        """What they are called; those that were deleted since, too."""

    async def add(self, messages: Sequence[Message], at: int, unread: Collection[int] = ()) -> None:
        """Keep some, those of each conversation in this order, behind what is there.

        Each gets a number, its `seq`, and a time that is later than the one before. Who had read everything has
        read them, too, but for those in `unread` conversations.
        """

    async def address(self, messages: Sequence[Message], readers: Mapping[str, Collection[ClientId]], at: int) -> None:
        """Say for whom those are, of one conversation, that were just added, by their ids."""

    async def traces(self, conversation: int) -> dict[ClientId, Trace]:
        """Everybody who is in a conversation, or was."""

    async def named(self, conversation: int, names: Collection[str]) -> tuple[list[Message], set[str]]:
        """Those of these names that are there, by their sequence, and the names of those that were deleted."""

    async def brought(self, conversations: Collection[int]) -> dict[int, Brought]:
        """How many each of several conversations has; those without any message are left out."""
