"""A client's first connection opens, its last one ends."""

from parlance.core.model.caller import Caller
from parlance.core.model.events import Event, MembersLeft, PresenceChanged
from parlance.core.ports.bus import Bus
from parlance.core.ports.presence import Presence
from parlance.kernel.clock import Clock


class ComeOnline:
    """Tells who watches that a client is here."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def __call__(self, caller: Caller) -> None:
        """To be called when a client's first connection has logged in."""
        if caller.client_id is not None:
            self._bus.publish([PresenceChanged(caller.app.app_id, caller.client_id, online=True)])


class GoOffline:
    """Takes a client out of the rooms it is in, and tells who watches that it is gone."""

    def __init__(self, presence: Presence, bus: Bus, clock: Clock) -> None:
        self._presence = presence
        self._bus = bus
        self._clock = clock

    def __call__(self, caller: Caller) -> None:
        """To be called when a client's last connection has ended."""
        client = caller.client_id
        if client is None:
            return
        now = self._clock.now()
        events: list[Event] = [PresenceChanged(caller.app.app_id, client, online=False)]
        for room in self._presence.rooms_of(caller.app.app_id, client):
            audience = tuple(self._presence.occupants(room.id))
            self._presence.leave(room.id, (client,))
            events.append(MembersLeft(room, (client,), client, now, audience))
        self._bus.publish(events)
