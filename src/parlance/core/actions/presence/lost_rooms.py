"""In which chat rooms clients were when they were lost, on whichever server: who comes back is in again."""

from collections.abc import Sequence

from parlance.core.model.caller import Caller
from parlance.core.model.events import Event, RoomLost
from parlance.core.ports.bus import Bus
from parlance.kernel.clock import MINUTE, Clock
from parlance.kernel.ids import AppId, ClientId, ConvId

LONGEST = 30 * MINUTE
"""Who stays away for longer has left."""
MOST = 100_000
"""So many are remembered; of more, those who were lost last."""
ANY_DEVICE = ""
"""Who was on a server that died, nobody can say on which device."""

_Key = tuple[AppId, ClientId, str]


class LostRooms:
    """Remembered by every server, for a while."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._rooms: dict[_Key, tuple[ConvId, int]] = {}

    def remember(self, caller: Caller, device_id: str, room: ConvId) -> None:
        """A client is lost on a device, and was in a room there."""
        if caller.client_id is not None:
            self._bus.publish([RoomLost(caller.app.app_id, caller.client_id, device_id, room)])

    def found(self, caller: Caller, device_id: str) -> ConvId | None:
        """A client is here again: the room that it was in, if that is not too long ago. It is asked for once."""
        app_id, client = caller.app.app_id, caller.client_id
        if client is None:
            return None
        room = None
        for device in (ANY_DEVICE, device_id):
            kept, since = self._rooms.get((app_id, client, device), (None, 0))
            if kept is not None:
                room = kept if self._clock.now() - since <= LONGEST else room
                self._bus.publish([RoomLost(app_id, client, device, None)])
        return room

    def heard(self, events: Sequence[Event]) -> None:
        """Take note of who was lost, and of who was found."""
        for event in events:
            if type(event) is RoomLost:
                key = (event.app_id, event.client_id, event.device_id)
                self._rooms.pop(key, None)
                if event.room is not None:
                    self._rooms[key] = (event.room, self._clock.now())
                    if len(self._rooms) > MOST:
                        del self._rooms[next(iter(self._rooms))]
