"""Who of these is here?"""

from parlance.core.model.caller import Caller
from parlance.core.ports.presence import Presence
from parlance.kernel.faults import bad_format
from parlance.kernel.ids import ClientId


class Watch:
    """Says who is online, of clients that one wants to be told about from now on."""

    def __init__(self, presence: Presence, most: int) -> None:
        self._presence = presence
        self._most = most

    def __call__(self, caller: Caller, clients: tuple[ClientId, ...]) -> dict[ClientId, bool]:
        """Raises BAD_FORMAT for more than may be watched."""
        if len(clients) > self._most:
            raise bad_format("client_ids", f"at most {self._most} clients can be watched")
        return self._presence.online(caller.app.app_id, clients)
