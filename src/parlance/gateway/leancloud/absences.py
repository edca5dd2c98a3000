"""In which chat rooms clients were when they were lost."""

from parlance.gateway.leancloud.session import Session
from parlance.kernel.clock import MINUTE
from parlance.kernel.ids import AppId, ClientId, ConvId

LONGEST = 30 * MINUTE
"""Who stays away for longer has left."""
MOST = 100_000
"""So many are remembered; of more, those who were lost last."""

_Key = tuple[AppId, ClientId, str]


class Absences:
    """Remembered by this server, until it stops."""

    def __init__(self) -> None:
        self._rooms: dict[_Key, tuple[ConvId, int]] = {}

    def began(self, session: Session, now: int) -> None:
        """A client is lost."""
        if session.room is None:
            return
        self._rooms.pop(key := _key(session), None)
        self._rooms[key] = (session.room, now)
        while len(self._rooms) > MOST:
            del self._rooms[next(iter(self._rooms))]

    def ended(self, session: Session, now: int) -> ConvId | None:
        """A client is here again; the room that it was in, if that is not too long ago."""
        room, since = self._rooms.pop(_key(session), (None, 0))
        return room if now - since <= LONGEST else None


def _key(session: Session) -> _Key:
    return session.caller.app.app_id, session.client, session.device_id
