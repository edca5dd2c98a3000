"""Shutting a user out, and letting it back in."""

from parlance.core.model.caller import Caller
from parlance.core.model.events import BanChanged
from parlance.core.model.user import User
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


class Ban:
    """Bans a user: its connections end, its logins and calls are refused. Banning twice changes nothing."""

    def __init__(self, store: Store, *, banned: bool = True) -> None:
        self._store = store
        self._banned = banned

    async def __call__(self, caller: Caller, client: ClientId) -> User:
        """Takes the backend: NOT_PERMITTED to a client. Raises UNKNOWN_CLIENT."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        async with self._store.begin() as tx:
            user = await tx.users.set_banned(caller.app.app_id, client, self._banned)
            if user is None:
                raise Fault(FaultCode.UNKNOWN_CLIENT, f"{FaultCode.UNKNOWN_CLIENT.value}: {client}")
            tx.announce(BanChanged(caller.app.app_id, client, self._banned))
        return user
