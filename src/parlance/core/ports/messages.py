"""Where messages are kept, once they are stored."""

from collections.abc import Collection
from typing import Protocol

from parlance.core.model.message import Message, NewContent
from parlance.kernel.pages import Page, PageAsked


class Messages(Protocol):
    """The messages of conversations (by internal id)."""

    async def find(self, conversation: int, message: int) -> Message | None:
        """The message of that number, if it is in that conversation."""

    async def page(self, conversation: int, asked: PageAsked) -> Page[Message]:
        """The conversation's messages, newest first."""

    async def after(self, conversation: int, seq: int, most: int) -> list[Message]:
        """Those after `seq`, ascending."""

    async def before(self, conversation: int, seq: int, most: int) -> list[Message]:
        """The `most` just before `seq`, ascending."""

    async def latest(self, conversations: Collection[int]) -> dict[int, Message]:
        """The newest message of each conversation that has one."""

    async def recall(self, message: int, at: int) -> Message | None:
        """Empty a message's content and mark it recalled; None if it is unknown."""

    async def edit(self, message: int, content: NewContent, at: int) -> Message | None:
        """Put other words in a message; None if it is unknown."""
