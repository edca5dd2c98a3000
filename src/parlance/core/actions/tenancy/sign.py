"""Signing what a client may do, for LeanCloud's clients to show."""

from parlance.core.model.caller import Caller
from parlance.core.model.signature import Permission, Signed, signature_of
from parlance.kernel.clock import Clock
from parlance.kernel.ids import Ids


class Sign:
    """Signs with the app's server key: for its backend anything, for a client what it does itself."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids

    def __call__(self, caller: Caller, permission: Permission) -> Signed:
        """Good from now. Raises FOREIGN_CLIENT."""
        caller.speak_as(permission.client, "client_id")
        timestamp, nonce = self._clock.now(), self._ids.nonce()
        return Signed(permission, timestamp, nonce, signature_of(caller.app, permission, timestamp, nonce))
