"""Where messages are kept, once they are stored."""

from collections.abc import Collection
from typing import Protocol

from parlance.core.model.message import Message, NewContent
from parlance.kernel.ids import AppId, ClientId
from parlance.kernel.pages import Page, PageAsked


class Messages(Protocol):
    """The messages of conversations (by internal id)."""

    async def find(self, conversation: int, message: int) -> Message | None:
        """The message of that number, if it is in that conversation."""

    async def named(self, conversation: int, msg_id: str) -> Message | None:
        """The message that the world knows by that id, if it is in that conversation."""

    async def number_of(self, app_id: AppId, msg_id: str) -> int | None:
        """The number of the message that the world knows by that id; None: no message of the app can have it."""

    async def anywhere(self, msg_id: str) -> list[Message]:
        """The messages that the world knows by that id, of whatever app: one, unless they came from elsewhere."""

    async def by_ref(self, conversation: int, sender: ClientId, ref: str) -> Message | None:
        """The message that its sender calls so, there."""

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

    async def seq_at(self, conversation: int, time: int) -> int:
        """The highest sequence number of those made at `time` (ms) or before; 0 if there are none."""

    async def between(
        self, conversation: int, after: int, before: int, most: int, *, newest: bool, of_type: int | None = None
    ) -> list[Message]:
        """Those with sequence numbers between two, both left out: the `most` oldest or newest, ascending."""

    async def patched(self, app_id: AppId, client_id: ClientId, since: int, most: int) -> list[Message]:
        """Those in the conversations of a client that were changed after `since` (ms), by when they were."""

    async def said_by(
        self, app_id: AppId, client_id: ClientId | None, after: int, before: int, most: int, *, newest: bool
    ) -> list[Message]:
        """An app's messages (or one sender's) with numbers between two, both left out: oldest or newest, ascending."""

    async def delete(self, conversation: int, message: int) -> bool:
        """Take a message out of the history for good; False if it is not there.

        Nothing finds it any more. Its number in the sequence stays taken, and counts as before: in what is unread,
        and in the size of a page.
        """
