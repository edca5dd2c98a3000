"""An app throws a client out."""

from parlance.core.model.caller import Caller
from parlance.core.model.events import KickedOut
from parlance.core.model.text import bytes_of
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ClientId

LONGEST_REASON = 256


class Kick:
    """Ends a client's sessions on all its devices. It may log in again, but not with what it had before.

    On one device alone: it may log in again with what it has.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, caller: Caller, client: ClientId, reason: str = "", device_id: str | None = None) -> None:
        """The client is told the reason. Raises NOT_PERMITTED (a client asks), BAD_FORMAT."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        if bytes_of(reason, "reason") > LONGEST_REASON:
            raise bad_format("reason", f"a reason has at most {LONGEST_REASON} bytes")
        async with self._store.begin() as tx:
            if device_id is None:
                await tx.users.set_kicked(caller.app.app_id, client, self._clock.now())
            tx.announce(KickedOut(caller.app.app_id, client, reason, device_id))
