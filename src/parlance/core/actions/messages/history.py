"""Reading what was said."""

import msgspec

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.model.message import Message
from parlance.core.ports.store import Store
from parlance.kernel.faults import bad_format
from parlance.kernel.ids import ConvId
from parlance.kernel.pages import Page, PageAsked

LARGEST_STRETCH = 100
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
        roster = await self._doors.conversation(caller, conv_id)
        return await self._store.read.messages.page(roster.conversation.id, asked)


class ReadHistory:
    """A stretch of a conversation, after or before a place in its sequence: how a gap is filled."""

    def __init__(self, store: Store, doors: Doors) -> None:
        self._store = store
        self._doors = doors

    async def __call__(
        self, caller: Caller, conv_id: ConvId, *, after: int | None = None, before: int | None = None, most: int = 20
    ) -> Stretch:
        """The newest if neither place is given; `most` is clamped to 1–100.

        Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, BAD_FORMAT (both places, or a negative one).
        """
        if after is not None and before is not None:
            raise bad_format("before_seq", "after_seq and before_seq exclude each other")
        for field, place in (("after_seq", after), ("before_seq", before)):
            if place is not None and place < 0:
                raise bad_format(field, "a sequence number is not negative")
        most = max(1, min(most, LARGEST_STRETCH))
        conversation = (await self._doors.conversation(caller, conv_id)).conversation
        messages = self._store.read.messages
        if after is not None:
            found = await messages.after(conversation.id, min(after, _NO_SEQ_IS_HIGHER), most + 1)
            return Stretch(conv_id, found[:most], len(found) > most)
        end = _NO_SEQ_IS_HIGHER if before is None else min(before, _NO_SEQ_IS_HIGHER)
        found = await messages.before(conversation.id, end, most + 1)
        return Stretch(conv_id, found[-most:], len(found) > most)
