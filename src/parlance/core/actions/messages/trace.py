"""Why did it not arrive? A message, followed from the store to each of its readers."""

from collections.abc import Collection

from parlance.core.actions.people.bans import Bans
from parlance.core.actions.rosters import Rosters
from parlance.core.model.conversation import Conversation
from parlance.core.model.inquiry import TraceAsked, TraceFound
from parlance.core.model.member import Arrival
from parlance.core.model.message import Message
from parlance.core.model.trace import DeviceThere, Fate, Reader, Server, Trace, fate_of
from parlance.core.ports.colleagues import Answers, Colleagues
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId

MOST_READERS = 500


class TraceMessage:
    """For operators, of whatever app: the store knows what was read, the servers to whom they wrote it."""

    def __init__(self, store: Store, rosters: Rosters, bans: Bans, colleagues: Colleagues) -> None:
        self._store = store
        self._rosters = rosters
        self._bans = bans
        self._colleagues = colleagues

    async def __call__(self, msg_id: str) -> Trace:
        """Raises UNKNOWN_MESSAGE: it never was, was never stored, or was deleted for good."""
        found = await self._store.read.messages.anywhere(msg_id)
        if not found:
            raise Fault(FaultCode.UNKNOWN_MESSAGE)
        message = found[0]
        conversation = await self._rosters.conversation(message.app_id, message.conv_id)
        if conversation is None:
            raise Fault(FaultCode.UNKNOWN_MESSAGE, "its conversation was deleted")
        arrivals = await self._arrivals(conversation, message)
        more = len(arrivals) > MOST_READERS
        readers = dict([*arrivals.items()][:MOST_READERS])
        said = await self._colleagues.ask(TraceAsked(message.app_id, message.id, tuple(readers)))
        traced = await self._readers(message, readers, said)
        servers = [Server(each.server, each.remembers_since, each.heard_at) for each in _found(said)]
        return Trace(message.app_id, message, conversation, servers, traced, said.silent, more)

    async def _arrivals(self, conversation: Conversation, message: Message) -> dict[ClientId, Arrival | None]:
        """Who is, or was, to have it; one more than are shown."""
        abilities, place = conversation.abilities, message.seq or 0
        marks = await self._store.read.members.arrivals(conversation.id, place, MOST_READERS + 1)
        known = {
            arrival.client_id: arrival
            for arrival in marks
            if arrival.left_at is None or arrival.left_at >= message.created_at
        }
        if abilities.addressed:
            readers = await self._store.read.addressed.readers(conversation.id, place)
            return {client: known.get(client) for client in readers[: MOST_READERS + 1]}
        if abilities.present_members:
            roster = await self._rosters.find(conversation.app_id, conversation.conv_id)
            return dict.fromkeys([*(roster.members if roster else ())][: MOST_READERS + 1])
        return {**dict.fromkeys([message.sender] if message.sender in known else []), **known}

    async def _readers(self, message: Message, arrivals: dict[ClientId, Arrival | None], said: Answers) -> list[Reader]:
        devices: dict[ClientId, list[DeviceThere]] = {}
        for answer in _found(said):
            for device in answer.devices:
                devices.setdefault(device.client_id, []).append(DeviceThere(answer.server, device))
        people = await self._store.read.users.find_many(message.app_id, list(arrivals))
        heard = any(answer.heard_at is not None for answer in _found(said))
        remembered = not said.silent and all(
            answer.heard_at is not None or answer.remembers_since <= message.created_at for answer in _found(said)
        )
        readers = []
        for client, arrival in arrivals.items():
            theirs = tuple(devices.get(client, ()))
            fate = Fate.SENDER
            if client != message.sender:
                fate = fate_of(
                    message,
                    arrival,
                    [each.device for each in theirs],
                    heard=heard,
                    remembered=remembered,
                    banned=self._bans.banned(message.app_id, client),
                )
            called = people[client].called if client in people else ""
            readers.append(Reader(client, fate, called, theirs, arrival))
        return readers


def _found(said: Answers) -> Collection[TraceFound]:
    return [answer for answer in said.answers if isinstance(answer, TraceFound)]
