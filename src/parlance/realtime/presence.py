"""Presence within one process: a few dicts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from weakref import WeakValueDictionary

from parlance.core.model.conversation import Conversation
from parlance.core.model.events import ConversationDeleted, Event
from parlance.core.model.member import Standing
from parlance.kernel.ids import AppId, ClientId
from parlance.realtime.hub import Hub


class _Occupants(dict[ClientId, Standing]):
    """Who is in a room: one object for as long as anybody is in it or looks at it."""

    __slots__ = ("__weakref__",)


class LocalPresence:
    """Implements `core.ports.presence.Presence`: who is online is who is in the hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._looked_at: WeakValueDictionary[int, _Occupants] = WeakValueDictionary()
        self._occupied: dict[int, tuple[AppId, _Occupants]] = {}
        self._rooms: dict[tuple[AppId, ClientId], dict[int, Conversation]] = {}

    def online(self, app_id: AppId, client_ids: Iterable[ClientId]) -> dict[ClientId, bool]:
        """See `Presence.online`."""
        connected = self._hub.clients(app_id)
        return {client: client in connected for client in client_ids}

    def everybody(self, app_id: AppId) -> Collection[ClientId]:
        """See `Presence.everybody`."""
        return tuple(self._hub.clients(app_id))

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
        """Forget rooms that are no more."""
        for event in events:
            if type(event) is ConversationDeleted:
                room = event.conversation.id
                self.leave(room, tuple(self.occupants(room)))

    def _occupants(self, room: int) -> _Occupants:
        occupants = self._looked_at.get(room)
        if occupants is None:
            occupants = self._looked_at[room] = _Occupants()
        return occupants
