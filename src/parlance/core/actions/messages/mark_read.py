"""Marking how far a member has read, or how far what was said has arrived at it."""

from collections.abc import Awaitable, Callable

from parlance.core.actions.doors import Doors
from parlance.core.actions.rosters import Rosters
from parlance.core.model.caller import Caller
from parlance.core.model.events import MessagesDelivered, MessagesRead
from parlance.core.model.member import Roster
from parlance.core.ports.appender import Appender, Mark
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ConvId

Settle = Callable[[Fault | None], None]


class Marking:
    """Moves a member's mark, only ever forward and never beyond the newest message; it is announced."""

    kind: type[MessagesRead | MessagesDelivered]

    def __init__(self, appender: Appender, doors: Doors, rosters: Rosters, clock: Clock) -> None:
        self._appender = appender
        self._doors = doors
        self._rosters = rosters
        self._clock = clock

    async def __call__(self, caller: Caller, conv_id: ConvId, seq: int) -> None:
        """Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, BAD_FORMAT (a negative place), UNAVAILABLE."""
        await self.take(caller, await self._doors.readable(caller, conv_id), seq)

    async def take(self, caller: Caller, roster: Roster, seq: int, origin: int | None = None) -> None:
        """The same, for who has been let in already."""
        event = self._event(caller, roster, seq, origin)
        if roster.conversation.abilities.counts_unread:
            await self._appender.marked(roster.conversation.id, event)

    def submit(self, caller: Caller, conv_id: ConvId, seq: int, origin: int, settle: Settle) -> Awaitable[None] | None:
        """Take a mark in, as `SendMessage.submit` takes a draft in."""
        roster = self._rosters.at_hand(caller.app.app_id, conv_id)
        if roster is None:
            return self._fetch_and_take(caller, conv_id, seq, origin, settle)
        self._take(caller, roster, seq, origin, settle)
        return None

    async def _fetch_and_take(self, caller: Caller, conv_id: ConvId, seq: int, origin: int, settle: Settle) -> None:
        self._take(caller, await self._doors.readable(caller, conv_id), seq, origin, settle)

    def _take(self, caller: Caller, roster: Roster, seq: int, origin: int, settle: Settle) -> None:
        event = self._event(caller, roster, seq, origin)
        if roster.conversation.abilities.counts_unread:
            self._appender.mark(Mark(roster.conversation.id, event, settle))
        else:
            settle(None)

    def _event(self, caller: Caller, roster: Roster, seq: int, origin: int | None) -> MessagesRead | MessagesDelivered:
        if caller.client_id is None:
            raise Fault(FaultCode.NOT_PERMITTED, "only a client reads")
        conversation = roster.conversation
        # Where messages name their readers, nobody else need know how far one of them has read.
        alone = conversation.abilities.addressed
        if not alone and roster.standing(caller.client_id) is None:
            raise Fault(FaultCode.NOT_A_MEMBER)
        if not 0 <= seq < 1 << 62:
            raise bad_format("seq", "a sequence number is not negative")
        return self.kind(
            conversation.app_id,
            conversation.conv_id,
            caller.client_id,
            seq,
            self._clock.now(),
            (caller.client_id,) if alone else roster.members.keys(),
            origin,
        )


class MarkRead(Marking):
    """How far it has read; the other members are told."""

    kind = MessagesRead


class MarkDelivered(Marking):
    """How far it has all that was said; who wants to know of it for a message of its own is told."""

    kind = MessagesDelivered
