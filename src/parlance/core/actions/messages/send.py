"""Sending a message. Nothing else sends messages.

Two ways in, one judgement. `submit` is the road of a socket: no task and, when the conversation is at hand,
no await. `__call__` is for who wants to wait until the message is stored.
"""

from collections.abc import Awaitable, Callable

from parlance.core.actions.conversations.open import OpenConversation
from parlance.core.actions.doors import Doors
from parlance.core.actions.pace import Pace
from parlance.core.actions.people.bans import Bans
from parlance.core.actions.rosters import Rosters
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.events import MessageSent
from parlance.core.model.member import Roster
from parlance.core.model.message import Draft, Message, judge
from parlance.core.model.opening import Opening
from parlance.core.ports.appender import Append, Appender
from parlance.core.ports.bus import Bus
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format, missing
from parlance.kernel.ids import ClientId, Ids

Settle = Callable[[Message, Fault | None], None]


class SendMessage:
    """Judges a draft, and has it stored and announced; what is transient is only announced."""

    def __init__(
        self,
        appender: Appender,
        bus: Bus,
        rosters: Rosters,
        doors: Doors,
        open_conversation: OpenConversation,
        bans: Bans,
        pace: Pace,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._appender = appender
        self._bus = bus
        self._rosters = rosters
        self._doors = doors
        self._open = open_conversation
        self._bans = bans
        self._pace = pace
        self._clock = clock
        self._ids = ids

    async def __call__(self, caller: Caller, draft: Draft) -> Message:
        """The message as it is stored; an earlier one if its `ref` was there already.

        Raises what `judge` raises, BAD_FORMAT (two addresses that disagree), FOREIGN_CLIENT,
        UNKNOWN_CONVERSATION, NOT_A_MEMBER, NOT_PERMITTED (silenced), BANNED, RATE_LIMITED, UNAVAILABLE; for a
        draft addressed to a client also what opening the conversation raises.
        """
        event = self._admit(caller, draft, await self._roster(caller, draft), None)
        if event.message.transient:
            self._bus.publish([event])
            return event.message
        return await self._appender.stored(event)

    def submit(self, caller: Caller, draft: Draft, origin: int, settle: Settle) -> Awaitable[None] | None:
        """Take a draft in; `settle` is called once it is stored (or passed on, if transient).

        Raises as `__call__` does, what the store finds wrong goes to `settle`. If the conversation is not at
        hand an awaitable is answered, and the draft is taken in by awaiting it: to keep a client's order,
        take nothing else from that client before.
        """
        if draft.conv_id is not None:
            roster = self._rosters.at_hand(caller.app.app_id, draft.conv_id)
            if roster is not None:
                self._take(caller, draft, roster, origin, settle)
                return None
        return self._fetch_and_take(caller, draft, origin, settle)

    async def _fetch_and_take(self, caller: Caller, draft: Draft, origin: int, settle: Settle) -> None:
        self._take(caller, draft, await self._roster(caller, draft), origin, settle)

    def _take(self, caller: Caller, draft: Draft, roster: Roster, origin: int, settle: Settle) -> None:
        event = self._admit(caller, draft, roster, origin)
        if event.message.seq is None:
            settle(event.message, None)
            self._bus.publish([event])
        else:
            self._appender.append(Append(event, settle))

    async def _roster(self, caller: Caller, draft: Draft) -> Roster:
        judge(draft)
        caller.speak_as(draft.sender, "from_client")
        if draft.conv_id is None:
            if draft.to is None:
                raise missing("conv_id")
            opening = Opening(Kind.DIRECT, draft.sender, (draft.to,), create_missing=draft.create_missing)
            opened = await self._open(caller, opening)
            draft.conv_id = opened.conv_id
        return await self._doors.any_conversation(caller, draft.conv_id)

    def _admit(self, caller: Caller, draft: Draft, roster: Roster, origin: int | None) -> MessageSent:
        judge(draft)
        sender = caller.speak_as(draft.sender, "from_client")
        conversation = roster.conversation
        standing = roster.standing(sender)
        if standing is None:
            raise Fault(FaultCode.NOT_A_MEMBER)
        if draft.to is not None and not _is_between(roster, sender, draft.to):
            raise bad_format("to_client_id", "that is not the conversation of the two")
        now = self._clock.now()
        if standing.silenced_until > now:
            raise Fault(FaultCode.NOT_PERMITTED, "silenced")
        self._bans.check(conversation.app_id, sender)
        self._pace.take(caller, conversation.conv_id)
        passing = draft.transient or not conversation.keep_history
        message = Message(
            self._ids.message(now),
            conversation.app_id,
            conversation.id,
            conversation.conv_id,
            None if passing else 0,
            sender,
            draft.type,
            draft.text,
            draft.attr,
            draft.url,
            draft.mention_all,
            draft.mentions,
            draft.sync,
            draft.ref,
            now,
        )
        return MessageSent(message, roster.members, origin)


def _is_between(roster: Roster, sender: ClientId, to: ClientId) -> bool:
    """Whether it is the direct conversation of the two."""
    return roster.conversation.abilities.fixed_members and sender != to and {sender, to} == roster.members.keys()
