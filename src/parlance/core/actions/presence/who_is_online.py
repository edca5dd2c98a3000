"""Who of some is connected."""

from collections.abc import Collection

from parlance.core.model.caller import Caller
from parlance.core.ports.presence import Presence
from parlance.kernel.ids import ClientId


class WhoIsOnline:
    """Looks once; `Watch` goes on looking."""

    def __init__(self, presence: Presence) -> None:
        self._presence = presence

    def __call__(self, caller: Caller, clients: Collection[ClientId]) -> dict[ClientId, bool]:
        """For each of them, within the caller's app; whoever nobody has heard of is not."""
        return self._presence.online(caller.app.app_id, clients)
