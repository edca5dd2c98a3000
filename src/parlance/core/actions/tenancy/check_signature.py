"""Whether an app's backend lets a client do something, by the signature that the client shows."""

from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.session import SIGNATURE_AHEAD, SIGNATURE_LIFETIME, ShownSignature
from parlance.core.model.signature import Permission, moment_of, signs
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode


class Signatures:
    """Judges signatures: right, not too old, not made before the client was thrown out."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def verify(self, app: App, permission: Permission, shown: ShownSignature | None) -> None:
        """Raises WRONG_SIGNATURE; none is wrong as well."""
        if shown is None or not signs(app, permission, shown.timestamp, shown.nonce, shown.signature):
            raise Fault(FaultCode.WRONG_SIGNATURE)
        made, now = moment_of(shown.timestamp), self._clock.now()
        if not now - SIGNATURE_LIFETIME <= made <= now + SIGNATURE_AHEAD:
            raise Fault(FaultCode.WRONG_SIGNATURE, "the signature is too old, or of the future")
        if made <= await self._store.read.users.kicked_at(app.app_id, permission.client):
            raise Fault(FaultCode.WRONG_SIGNATURE, "the client was thrown out since it was signed")


class CheckSignature:
    """Asks for a signature where the app's settings do. Of history one is looked at whenever it is shown."""

    def __init__(self, signatures: Signatures) -> None:
        self._signatures = signatures

    async def __call__(
        self, caller: Caller, permission: Permission, timestamp: int | None, nonce: str | None, signature: str | None
    ) -> None:
        """Raises WRONG_SIGNATURE, FOREIGN_CLIENT. A signature of which a part is missing is none."""
        caller.speak_as(permission.client, "client_id")
        shown = None
        if timestamp is not None and nonce is not None and signature is not None:
            shown = ShownSignature(timestamp, nonce, signature)
        if _asked_for(caller.app, permission) or (permission.history and shown is not None):
            await self._signatures.verify(caller.app, permission, shown)


def _asked_for(app: App, permission: Permission) -> bool:
    if permission.history:
        return False
    if permission.action is not None and permission.action.is_about_blacklist:
        return app.settings.signed_blacklists
    return app.settings.signed_conversations
