"""Sending a message. Nothing else sends what people say.

Two ways in, one judgement. `submit` is the road of a socket: no task and, when the conversation is at hand,
no await. `__call__` is for who wants to wait until the message is stored.

Where messages name their readers (a service conversation), what somebody says is for the app: it stays in the
sender's own history, and nobody else is told.
"""

from collections.abc import Awaitable, Callable, Collection

from parlance.core.actions.conversations.open import OpenConversation
from parlance.core.actions.doors import Doors
from parlance.core.actions.messages.addressing import Addressing
from parlance.core.actions.pace import Pace
from parlance.core.actions.people.bans import Bans
from parlance.core.actions.rosters import Rosters
from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import MessageSent, MessagesRead
from parlance.core.model.member import Roster
from parlance.core.model.message import Draft, Message, judge, message_of
from parlance.core.model.opening import Opening
from parlance.core.model.restriction import FOREVER, Restriction
from parlance.core.ports.appender import Append, Appender, Told
from parlance.core.ports.bus import Bus
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format, missing
from parlance.kernel.ids import ClientId, Ids

Settle = Callable[[Message, Fault | None], None]
Tell = Callable[[App, MessageSent], Told | None]
"""What an app that wants to know is told of a message."""


class SendMessage:
    """Judges a draft, and has it stored and announced; what is transient is only announced."""

    def __init__(
        self,
        appender: Appender,
        bus: Bus,
        rosters: Rosters,
        doors: Doors,
        open_conversation: OpenConversation,
        addressing: Addressing,
        bans: Bans,
        pace: Pace,
        clock: Clock,
        ids: Ids,
        tell: Tell,
    ) -> None:
        self._appender = appender
        self._bus = bus
        self._rosters = rosters
        self._doors = doors
        self._open = open_conversation
        self._addressing = addressing
        self._bans = bans
        self._pace = pace
        self._clock = clock
        self._ids = ids
        self._tell = tell

    async def __call__(self, caller: Caller, draft: Draft) -> Message:
        """The message as it is stored; an earlier one if its `ref` was there already.

        Raises what `judge` raises, BAD_FORMAT (two addresses that disagree), FOREIGN_CLIENT,
        UNKNOWN_CONVERSATION, NOT_A_MEMBER, BLOCKED, SILENCED, SILENCED_FOR_NOW, BANNED, RATE_LIMITED,
        UNAVAILABLE; for a draft addressed to a client also what opening the conversation raises.
        """
        roster = await self._roster(caller, draft)
        event = self._admit(caller, draft, roster, None)
        if event.message.transient:
            self._bus.publish([event])
            return event.message
        if roster.conversation.abilities.addressed:
            return await self._address(event)
        return await self._appender.stored(event, self._told(caller, event))

    def submit(self, caller: Caller, draft: Draft, origin: int, settle: Settle) -> Awaitable[None] | None:
        """Take a draft in; `settle` is called once it is stored (or passed on, if transient).

        Raises as `__call__` does, what the store finds wrong goes to `settle`. If the conversation is not at
        hand (one whose messages name their readers never is) an awaitable is answered, and the draft is taken
        in by awaiting it: to keep a client's order, take nothing else from that client before.
        """
        if draft.conv_id is not None:
            roster = self._rosters.at_hand(caller.app.app_id, draft.conv_id)
            if roster is not None:
                self._take(caller, draft, roster, origin, settle)
                return None
        return self._fetch_and_take(caller, draft, origin, settle)

    async def _fetch_and_take(self, caller: Caller, draft: Draft, origin: int, settle: Settle) -> None:
        roster = await self._roster(caller, draft)
        if roster.conversation.abilities.addressed and not draft.transient:
            event = self._admit(caller, draft, roster, origin)
            settle(await self._address(event), None)
        else:
            self._take(caller, draft, roster, origin, settle)

    def _take(self, caller: Caller, draft: Draft, roster: Roster, origin: int, settle: Settle) -> None:
        event = self._admit(caller, draft, roster, origin)
        if event.message.seq is None:
            settle(event.message, None)
            self._bus.publish([event])
        else:
            self._appender.append(Append(event, settle, self._told(caller, event)))

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

    async def _address(self, event: MessageSent) -> Message:
        """Store what is for the app alone; its sender has read it."""
        message = event.message
        stored = await self._addressing(event, event.audience)
        if stored is message and message.seq is not None:
            who = message.sender
            read = MessagesRead(
                message.app_id, message.conv_id, who, message.seq, message.created_at, (who,), event.origin
            )
            await self._appender.marked(message.conversation, read)
        return stored

    def _told(self, caller: Caller, event: MessageSent) -> Told | None:
        """What the app's own server is told of it."""
        settings = caller.app.settings
        return self._tell(caller.app, event) if settings.hook_url or settings.keep_events else None

    def _admit(self, caller: Caller, draft: Draft, roster: Roster, origin: int | None) -> MessageSent:
        judge(draft)
        sender = caller.speak_as(draft.sender, "from_client")
        conversation = roster.conversation
        now = self._clock.now()
        if roster.restrictions:
            _judge_restriction(roster.restriction(sender), now)
        audience: Collection[ClientId] = roster.members
        if sender not in audience:
            if not _may_speak_from_outside(caller, draft, conversation):
                raise Fault(FaultCode.NOT_A_MEMBER)
            if conversation.abilities.addressed:
                # Nobody is in where messages name their readers, so here is everybody who speaks there.
                audience = (sender,)
        if draft.to is not None and not _is_between(roster, sender, draft.to):
            raise bad_format("to_client_id", "that is not the conversation of the two")
        self._bans.check(conversation.app_id, sender)
        self._pace.take(caller, conversation.conv_id)
        number = self._ids.message(now) if draft.number is None else draft.number
        return MessageSent(message_of(draft, conversation, number, now), audience, origin, conversation.kind)


def _may_speak_from_outside(caller: Caller, draft: Draft, conversation: Conversation) -> bool:
    """Whether who is not in it may speak all the same, if it means to."""
    abilities = conversation.abilities
    return draft.from_outside and not abilities.the_apps_own and (caller.is_backend or abilities.open_floor)


def _judge_restriction(restriction: Restriction, now: int) -> None:
    if restriction.blocked:
        raise Fault(FaultCode.BLOCKED)
    if restriction.silenced_until > now:
        raise Fault(FaultCode.SILENCED if restriction.silenced_until >= FOREVER else FaultCode.SILENCED_FOR_NOW)


def _is_between(roster: Roster, sender: ClientId, to: ClientId) -> bool:
    """Whether it is the direct conversation of the two."""
    return roster.conversation.abilities.fixed_members and sender != to and {sender, to} == roster.members.keys()
