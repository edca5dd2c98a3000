"""Presence: who is in the hub, who is with other servers, and who is in rooms.

Every server keeps the rooms of the whole installation, and hears of it when somebody comes or goes elsewhere.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from weakref import WeakValueDictionary

from parlance.core.model.conversation import Conversation
from parlance.core.model.events import ConversationDeleted, Event, MembersJoined, MembersLeft, RoomLost
from parlance.core.model.member import Standing
from parlance.core.ports.peers import NoPeers, Peers
from parlance.kernel.ids import AppId, ClientId
from parlance.realtime.hub import Hub


class _Occupants(dict[ClientId, Standing]):
    """Who is in a room: one object for as long as anybody is in it or looks at it."""

    __slots__ = ("__weakref__",)


class LocalPresence:
    """Implements `core.ports.presence.Presence`, and what a bus between servers asks of it."""

    def __init__(self, hub: Hub, peers: Peers | None = None) -> None:
        self._hub = hub
        self._peers = NoPeers() if peers is None else peers
        self._looked_at: WeakValueDictionary[int, _Occupants] = WeakValueDictionary()
        self._occupied: dict[int, tuple[AppId, _Occupants]] = {}
        self._rooms: dict[tuple[AppId, ClientId], dict[int, Conversation]] = {}

    def online(self, app_id: AppId, client_ids: Iterable[ClientId]) -> dict[ClientId, bool]:
        """See `Presence.online`."""
        connected = self._hub.clients(app_id)
        have = self._peers.have
        return {client: client in connected or have(app_id, client) for client in client_ids}

    def everybody(self, app_id: AppId) -> Collection[ClientId]:
        """See `Presence.everybody`."""
        return tuple({*self._hub.clients(app_id), *self._peers.clients(app_id)})

    async def expect(self, app_id: AppId, client_id: ClientId) -> None:
        """See `Presence.expect`."""
        await self._peers.expect(app_id, client_id)

    def arrived(self, app_id: AppId, client_id: ClientId) -> bool:
        """See `Presence.arrived`."""
        self._peers.arrived(app_id, client_id)
        return not self._peers.have(app_id, client_id)

    def departed(self, app_id: AppId, client_id: ClientId) -> None:
        """See `Presence.departed`."""
        self._peers.departed(app_id, client_id)

    async def taken_note(self) -> None:
        """See `Presence.taken_note`."""
        await self._peers.taken_note()

    def enter(self, room: Conversation, standings: Mapping[ClientId, Standing]) -> list[ClientId]:
        """See `Presence.enter`."""
        occupants = self._occupants(room.id)
        new = [client for client in standings if client not in occupants]
        for client in new:
            occupants[client] = standings[client]
            self._rooms.setdefault((room.app_id, client), {})[room.id] = room
        if new:
            self._occupied[room.id] = (room.app_id, occupants)
        return new

    def leave(self, room: int, client_ids: Collection[ClientId]) -> list[ClientId]:
        """See `Presence.leave`."""
        if room not in self._occupied:
            return []
        app_id, occupants = self._occupied[room]
        gone = [client for client in client_ids if client in occupants]
        for client in gone:
            del occupants[client]
            rooms = self._rooms[app_id, client]
            del rooms[room]
            if not rooms:
                del self._rooms[app_id, client]
        if not occupants:
            del self._occupied[room]
        return gone

    def occupants(self, room: int) -> Mapping[ClientId, Standing]:
        """See `Presence.occupants`."""
        return self._occupants(room)

    def rooms_of(self, app_id: AppId, client_id: ClientId) -> list[Conversation]:
        """See `Presence.rooms_of`."""
        return list(self._rooms.get((app_id, client_id), {}).values())

    def heard(self, events: Sequence[Event]) -> None:
        """Take note of who comes and goes elsewhere; forget rooms that are no more."""
        for event in events:
            if type(event) is ConversationDeleted:
                room = event.conversation.id
                self.leave(room, tuple(self.occupants(room)))
            elif type(event) is MembersJoined:
                if event.conversation.abilities.present_members:
                    self.enter(event.conversation, event.standings)
            elif type(event) is MembersLeft and event.conversation.abilities.present_members:
                self.leave(event.conversation.id, event.client_ids)

    # See `buses.nats.bus.Company`

    def rooms(self) -> list[tuple[Conversation, dict[ClientId, Standing]]]:
        """Every room that anybody is in."""
        found: dict[int, Conversation] = {}
        for rooms in self._rooms.values():
            found.update(rooms)
        return [(room, dict(self._occupants(room.id))) for room in found.values()]

    def vanished(self, app_id: AppId, client_id: ClientId, now: int) -> list[Event]:
        """What there is to tell when a client is gone from the whole installation: it is in no room any more."""
        rooms = self.rooms_of(app_id, client_id)
        lost: list[Event] = [RoomLost(app_id, client_id, "", room.conv_id) for room in rooms]
        return lost + [self._left(room, client_id, now) for room in rooms]

    def found(
        self,
        clients: Collection[tuple[AppId, ClientId]],
        rooms: Collection[tuple[Conversation, Mapping[ClientId, Standing]]],
        now: int,
    ) -> list[Event]:
        """What there is to tell when these clients turn out to be in these rooms, and in no others."""
        events: list[Event] = []
        for room, standings in rooms:
            inside = self._occupants(room.id)
            new = {who: how for who, how in standings.items() if who not in inside}
            if new:
                events.append(MembersJoined(room, new, None, now, (*inside, *new)))
        there = {(room.id, who) for room, standings in rooms for who in standings}
        for app_id, client in clients:
            if client not in self._hub.clients(app_id):
                left = [room for room in self.rooms_of(app_id, client) if (room.id, client) not in there]
                events += [self._left(room, client, now) for room in left]
        return events

    def _left(self, room: Conversation, client: ClientId, now: int) -> MembersLeft:
        return MembersLeft(room, (client,), client, now, tuple(self._occupants(room.id)))

    def _occupants(self, room: int) -> _Occupants:
        occupants = self._looked_at.get(room)
        if occupants is None:
            occupants = self._looked_at[room] = _Occupants()
        return occupants
