"""Presence within one process: a few dicts."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from parlance.core.model.conversation import Conversation
from parlance.core.model.events import ConversationDeleted, Event
from parlance.core.model.member import Standing
from parlance.kernel.ids import AppId, ClientId
from parlance.realtime.hub import Hub


class LocalPresence:
    """Implements `core.ports.presence.Presence`: who is online is who is in the hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._occupants: dict[int, dict[ClientId, Standing]] = {}
        self._rooms: dict[tuple[AppId, ClientId], dict[int, Conversation]] = {}
        self._app_of: dict[int, AppId] = {}

    def online(self, app_id: AppId, client_ids: Iterable[ClientId]) -> dict[ClientId, bool]:
        """See `Presence.online`."""
        connected = self._hub.clients(app_id)
        return {client: client in connected for client in client_ids}

    def enter(self, room: Conversation, standings: Mapping[ClientId, Standing]) -> list[ClientId]:
        """See `Presence.enter`."""
        occupants = self._occupants.setdefault(room.id, {})
        self._app_of[room.id] = room.app_id
        new = [client for client in standings if client not in occupants]
        for client in new:
            occupants[client] = standings[client]
            self._rooms.setdefault((room.app_id, client), {})[room.id] = room
        return new

    def leave(self, room: int, client_ids: Collection[ClientId]) -> list[ClientId]:
        """See `Presence.leave`."""
        occupants = self._occupants.get(room, {})
        gone = [client for client in client_ids if client in occupants]
        for client in gone:
            del occupants[client]
            rooms = self._rooms[self._app_of[room], client]
            del rooms[room]
            if not rooms:
                del self._rooms[self._app_of[room], client]
        return gone

    def occupants(self, room: int) -> Mapping[ClientId, Standing]:
        """See `Presence.occupants`."""
        # Made on first asking and kept, so that who holds it sees who comes later.
        return self._occupants.setdefault(room, {})

    def rooms_of(self, app_id: AppId, client_id: ClientId) -> list[Conversation]:
        """See `Presence.rooms_of`."""
        return list(self._rooms.get((app_id, client_id), {}).values())

    def heard(self, events: Sequence[Event]) -> None:
        """Forget rooms that are no more."""
        for event in events:
            if isinstance(event, ConversationDeleted):
                room = event.conversation.id
                self.leave(room, tuple(self._occupants.get(room, ())))
                self._occupants.pop(room, None)
                self._app_of.pop(room, None)
