"""An app's backend speaks to all of the app's clients, in one of its service conversations.

Who is here hears it at once, who comes before it is over hears it then. Nobody hears it twice: whoever is among
the readers of the message has had it.
"""

from parlance.core.actions.messages.channels import Channels
from parlance.core.model.broadcast import Broadcast, judged_end
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.events import MessageSent
from parlance.core.model.message import Draft, Message
from parlance.core.ports.bus import Bus
from parlance.core.ports.presence import Presence
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId, message_number

LARGEST_PAGE = 1_000
_NO_SKIP_IS_LARGER = 1 << 53


class SayToEverybody:
    """A message for everybody who is here, and until `valid_till` for everybody who comes."""

    def __init__(self, store: Store, channels: Channels, presence: Presence, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._channels = channels
        self._presence = presence
        self._bus = bus
        self._clock = clock

    async def __call__(self, caller: Caller, conv_id: ConvId, draft: Draft, valid_till: int | None = None) -> Message:
        """A transient one is for who is here alone.

        Raises what `judge` raises, NOT_PERMITTED (a client), UNKNOWN_CONVERSATION, WRONG_KIND, BAD_FORMAT (the end).
        """
        now = self._clock.now()
        ends = judged_end(valid_till, now)
        conversation = await self._channels.find(caller, conv_id)
        message = self._channels.message(draft, conversation)
        app_id = caller.app.app_id
        here = tuple(self._presence.everybody(app_id))
        if message.transient:
            self._bus.publish([MessageSent(message, here, kind=conversation.kind)])
            return message
        async with self._store.begin() as tx:
            await tx.addressed.add(message, here, now)
            await tx.broadcasts.add(Broadcast(message, ends), now)
            tx.announce(MessageSent(message, here, kind=conversation.kind))
        # Who came while it was being stored has looked for it too early.
        late = set(self._presence.everybody(app_id)).difference(here)
        if late:
            await self._tell(message, late, now)
        return message

    async def _tell(self, message: Message, late: set[ClientId], now: int) -> None:
        async with self._store.begin() as tx:
            late.difference_update(await tx.addressed.readers(message.conversation, message.seq or 0))
            if late:
                clients = tuple(late)
                await tx.addressed.add_readers(message, clients, now)
                tx.announce(MessageSent(message, clients, kind=Kind.SERVICE))


class HearBroadcasts:
    """Gives a client what was said to everybody while it was away."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, caller: Caller) -> None:
        """To be called when a client has logged in, and can be told. Does nothing for a backend."""
        client, app_id = caller.client_id, caller.app.app_id
        if client is None:
            return
        now = self._clock.now()
        if not await self._store.read.broadcasts.missed(app_id, client, now):
            return
        async with self._store.begin() as tx:
            for message in await tx.broadcasts.missed(app_id, client, now):
                await tx.addressed.add_readers(message, (client,), now)
                tx.announce(MessageSent(message, (client,), kind=Kind.SERVICE))


class ListBroadcasts:
    """Names what is valid to the backend."""

    def __init__(self, store: Store, channels: Channels, clock: Clock) -> None:
        self._store = store
        self._channels = channels
        self._clock = clock

    async def __call__(self, caller: Caller, conv_id: ConvId, most: int, skip: int = 0) -> list[Broadcast]:
        """The newest first. Raises NOT_PERMITTED (a client), UNKNOWN_CONVERSATION, WRONG_KIND."""
        conversation = await self._channels.find(caller, conv_id)
        most, skip = max(0, min(most, LARGEST_PAGE)), max(0, min(skip, _NO_SKIP_IS_LARGER))
        valid = self._store.read.broadcasts.valid
        return await valid(caller.app.app_id, conversation.id, self._clock.now(), most, skip)


class WithdrawBroadcast:
    """Keeps a broadcast from who has not had it; who has keeps it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, msg_id: str) -> None:
        """Raises NOT_PERMITTED (a client), UNKNOWN_MESSAGE."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        number = message_number(msg_id)
        async with self._store.begin() as tx:
            if number is None or not await tx.broadcasts.withdraw(caller.app.app_id, number):
                raise Fault(FaultCode.UNKNOWN_MESSAGE)
