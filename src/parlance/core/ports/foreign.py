"""Where messages are kept that were sent elsewhere, before their app came here."""

from collections.abc import Collection, Sequence
from typing import Protocol

from parlance.core.model.message import Message
from parlance.core.model.moving import Brought


class Foreign(Protocol):
    """The messages of a conversation (by its internal id) that have a `foreign_id`."""

    async def ids(self, conversation: int) -> set[str]:
        """What they are called; those that were deleted since, too."""

    async def add(self, messages: Sequence[Message], at: int) -> None:
        """Keep some of one conversation, in this order, behind what is there.

        Each gets a number, its `seq`, and a time that is later than the one before. Who had read everything has
        read them, too.
        """

    async def named(self, conversation: int, names: Collection[str]) -> tuple[list[Message], set[str]]:
        """Those of these names that are there, by their sequence, and the names of those that were deleted."""

    async def brought(self, conversations: Collection[int]) -> dict[int, Brought]:
        """How many each of several conversations has; those without any message are left out."""
