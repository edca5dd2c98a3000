"""Where messages are kept that were sent elsewhere, before their app came here."""

from collections.abc import Sequence
from typing import Protocol

from parlance.core.model.message import Message


class Foreign(Protocol):
    """The messages of a conversation (by its internal id) that have a `foreign_id`."""

    async def ids(self, conversation: int) -> set[str]:
        """What they are called; those that were deleted since, too."""

    async def add(self, messages: Sequence[Message], at: int) -> None:
        """Keep some of one conversation, in this order, behind what is there.

        Each gets a number, its `seq`, and a time that is later than the one before. Who had read everything has
        read them, too.
        """
