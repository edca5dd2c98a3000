"""Reading what was said."""

from collections.abc import Iterable

import msgspec

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.message import Message
from parlance.core.ports.store import Store
from parlance.kernel.faults import bad_format
from parlance.kernel.ids import ConvId
from parlance.kernel.pages import Page, PageAsked

LARGEST_STRETCH = 100
LARGEST_ANSWER = 1024 * 1024
"""Characters after which a stretch ends, so that nobody can ask for answers of any size."""
_NO_SEQ_IS_HIGHER = 1 << 62


class Stretch(msgspec.Struct, frozen=True):
    """Some messages in a row, ascending; `more` lie beyond, in the direction that was asked for."""

    conv_id: ConvId
    messages: list[Message]
    more: bool


class ListMessages:
    """A page of a conversation's messages, newest first."""

    def __init__(self, store: Store, doors: Doors) -> None:
        self._store = store
        self._doors = doors

    async def __call__(self, caller: Caller, conv_id: ConvId, asked: PageAsked) -> Page[Message]:
        """Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER."""
        conversation = (await self._doors.readable(caller, conv_id)).conversation
        if caller.client_id is not None and conversation.abilities.addressed:
            return await self._store.read.addressed.page(conversation.id, caller.client_id, asked)
        return await self._store.read.messages.page(conversation.id, asked)


class ReadHistory:
    """A stretch of a conversation, after or before a place in its sequence: how a gap is filled."""

    def __init__(self, store: Store, doors: Doors) -> None:
        self._store = store
        self._doors = doors

    async def __call__(
        self, caller: Caller, conv_id: ConvId, *, after: int | None = None, before: int | None = None, most: int = 20
    ) -> Stretch:
        """The newest if neither place is given; `most` is clamped to 1–100, and fewer come if they are long.

        Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, BAD_FORMAT (both places, or a negative one).
        """
        if after is not None and before is not None:
            raise bad_format("before_seq", "after_seq and before_seq exclude each other")
        for field, place in (("after_seq", after), ("before_seq", before)):
            if place is not None and place < 0:
                raise bad_format(field, "a sequence number is not negative")
        most = max(1, min(most, LARGEST_STRETCH))
        conversation = (await self._doors.readable(caller, conv_id)).conversation
        if after is not None:
            found = await self._after(caller, conversation, min(after, _NO_SEQ_IS_HIGHER), most + 1)
            count = _fitting(found[:most])
            return Stretch(conv_id, found[:count], len(found) > count)
        end = _NO_SEQ_IS_HIGHER if before is None else min(before, _NO_SEQ_IS_HIGHER)
        found = await self._before(caller, conversation, end, most + 1)
        count = _fitting(reversed(found[-most:]))
        return Stretch(conv_id, found[len(found) - count :], len(found) > count)

    async def _after(self, caller: Caller, conversation: Conversation, seq: int, most: int) -> list[Message]:
        if caller.client_id is not None and conversation.abilities.addressed:
            return await self._store.read.addressed.after(conversation.id, caller.client_id, seq, most)
        return await self._store.read.messages.after(conversation.id, seq, most)

    async def _before(self, caller: Caller, conversation: Conversation, seq: int, most: int) -> list[Message]:
        if caller.client_id is not None and conversation.abilities.addressed:
            return await self._store.read.addressed.before(conversation.id, caller.client_id, seq, most)
        return await self._store.read.messages.before(conversation.id, seq, most)


def _fitting(messages: Iterable[Message]) -> int:
    """How many of them, from the first on, go into one answer: one at least, if there is one."""
    size = count = 0
    for message in messages:
        size += len(message.text or "") + len(message.attr or "") + len(message.url or "")
        if count and size > LARGEST_ANSWER:
            break
        count += 1
    return count
