"""Marks as LeanCloud's clients make them: up to a message or a time."""

from parlance.core.actions.doors import Doors
from parlance.core.actions.messages.mark_read import Marking
from parlance.core.actions.messages.places import HIGHEST, seq_of
from parlance.core.model.caller import Caller
from parlance.core.model.places import Place
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.ids import ConvId


class MarkAt:
    """Moves a mark of a member to a place. A place that is yet to come is the newest message."""

    def __init__(self, store: Store, doors: Doors, marking: Marking, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._marking = marking
        self._clock = clock

    async def __call__(self, caller: Caller, conv_id: ConvId, place: Place, origin: int | None = None) -> None:
        """Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, UNKNOWN_MESSAGE, UNAVAILABLE."""
        roster = await self._doors.readable(caller, conv_id)
        if not roster.conversation.abilities.counts_unread:
            return
        if place.msg_id is None and place.time is not None and place.time >= self._clock.now():
            # So says every client that has just read the newest message; nothing need be looked up.
            seq = HIGHEST
        else:
            seq = await seq_of(self._store.read.messages, roster.conversation.id, place)
        await self._marking.take(caller, roster, seq, origin)
