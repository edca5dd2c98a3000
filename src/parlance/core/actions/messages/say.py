"""An app's backend speaks in one of the app's service conversations: to some by name, or to all who are in it."""

from collections.abc import Collection

from parlance.core.actions.doors import Doors
from parlance.core.actions.messages.addressing import Addressing
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.events import MessageSent
from parlance.core.model.message import Draft, Message, judge, message_of
from parlance.core.ports.bus import Bus
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode, missing
from parlance.kernel.ids import ClientId, ConvId, Ids


class SayToClients:
    """A message for the clients it names, subscribers or not; nobody else sees it. Its sender need not be known."""

    def __init__(self, doors: Doors, addressing: Addressing, bus: Bus, clock: Clock, ids: Ids) -> None:
        self._doors = doors
        self._addressing = addressing
        self._bus = bus
        self._clock = clock
        self._ids = ids

    async def __call__(self, caller: Caller, conv_id: ConvId, draft: Draft, clients: Collection[ClientId]) -> Message:
        """Raises what `judge` raises, NOT_PERMITTED (a client), UNKNOWN_CONVERSATION, WRONG_KIND, MISSING_FIELD."""
        audience = tuple(dict.fromkeys(clients))
        if not audience:
            raise missing("to_clients")
        conversation = await _channel(self._doors, caller, conv_id)
        message = _judged(draft, conversation, self._ids, self._clock.now())
        event = MessageSent(message, audience, kind=conversation.kind)
        if event.message.transient:
            self._bus.publish([event])
            return event.message
        return await self._addressing(event, audience)


class SayToSubscribers:
    """A message for everybody who is in a service conversation now. Its sender need not be known."""

    def __init__(self, store: Store, doors: Doors, addressing: Addressing, bus: Bus, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._doors = doors
        self._addressing = addressing
        self._bus = bus
        self._clock = clock
        self._ids = ids

    async def __call__(self, caller: Caller, conv_id: ConvId, draft: Draft) -> Message:
        """Raises what `judge` raises, NOT_PERMITTED (a client), UNKNOWN_CONVERSATION, WRONG_KIND."""
        conversation = await _channel(self._doors, caller, conv_id)
        message = _judged(draft, conversation, self._ids, self._clock.now())
        subscribers = await self._store.read.members.of(conversation.id)
        event = MessageSent(message, subscribers.keys(), kind=conversation.kind)
        if message.transient:
            self._bus.publish([event])
            return message
        return await self._addressing(event, None)


async def _channel(doors: Doors, caller: Caller, conv_id: ConvId) -> Conversation:
    if not caller.is_backend:
        raise Fault(FaultCode.NOT_PERMITTED, "only the app speaks here")
    conversation = await doors.known(caller, conv_id)
    abilities = conversation.abilities
    if not abilities.addressed or abilities.the_apps_own:
        raise Fault(FaultCode.WRONG_KIND, "that is no service conversation", field="conv_id")
    return conversation


def _judged(draft: Draft, conversation: Conversation, ids: Ids, now: int) -> Message:
    judge(draft)
    return message_of(draft, conversation, ids.message(now) if draft.number is None else draft.number, now)
