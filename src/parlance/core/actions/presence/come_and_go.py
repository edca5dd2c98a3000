"""A client's first connection opens, its last one ends."""

from parlance.core.model.caller import Caller
from parlance.core.model.events import Event, LoggedIn, MembersLeft, PresenceChanged
from parlance.core.ports.bus import Bus
from parlance.core.ports.presence import Presence
from parlance.kernel.clock import Clock
from parlance.kernel.ids import Ids


class ComeOnline:
    """Tells that a client is here: other connections from its device give way, who watches it hears of it."""

    def __init__(self, presence: Presence, bus: Bus, ids: Ids) -> None:
        self._presence = presence
        self._bus = bus
        self._ids = ids

    def __call__(self, caller: Caller, device_id: str, connection: int, *, first: bool) -> bool:
        """To be called when a connection has logged in; `first`: the client's only one here.

        Answers whether it was nowhere before.
        """
        client = caller.client_id
        if client is None:
            return False
        app_id = caller.app.app_id
        events: list[Event] = [LoggedIn(app_id, client, device_id, connection, self._ids.message())]
        came = first and self._presence.arrived(app_id, client)
        if came:
            events.append(PresenceChanged(app_id, client, online=True))
        self._bus.publish(events)
        return came


class GoOffline:
    """Takes a client out of the rooms it is in, and tells who watches that it is gone."""

    def __init__(self, presence: Presence, bus: Bus, clock: Clock) -> None:
        self._presence = presence
        self._bus = bus
        self._clock = clock

    def __call__(self, caller: Caller) -> bool:
        """To be called when a client's last connection to this server has ended; whether it is nowhere now."""
        client, app_id = caller.client_id, caller.app.app_id
        if client is None:
            return False
        went = not self._presence.online(app_id, (client,))[client]
        if went:
            now = self._clock.now()
            events: list[Event] = [PresenceChanged(app_id, client, online=False)]
            for room in self._presence.rooms_of(app_id, client):
                audience = tuple(self._presence.occupants(room.id))
                self._presence.leave(room.id, (client,))
                events.append(MembersLeft(room, (client,), client, now, audience))
            self._bus.publish(events)
        self._presence.departed(app_id, client)
        return went
