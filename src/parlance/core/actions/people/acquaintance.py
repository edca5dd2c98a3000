"""Only people who are known can be brought into a conversation, or those who become known by it."""

from collections.abc import Collection

from parlance.core.actions.people.bans import Bans
from parlance.core.model.caller import Caller
from parlance.core.ports.store import Repositories, Transaction
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


async def must_know(within: Repositories, bans: Bans, caller: Caller, clients: Collection[ClientId]) -> None:
    """Raise UNKNOWN_CLIENT or BANNED, with the client's id in the message, unless all are known and welcome."""
    known = await within.users.find_many(caller.app.app_id, clients)
    for client in clients:
        if client not in known:
            raise Fault(FaultCode.UNKNOWN_CLIENT, f"{FaultCode.UNKNOWN_CLIENT.value}: {client}")
    bans.check(caller.app.app_id, *clients)


async def make_known(
    within: Transaction, bans: Bans, caller: Caller, clients: Collection[ClientId], at: int
) -> list[ClientId]:
    """Create users for those nobody has heard of; answer which they were.

    Raises UNKNOWN_CLIENT if the app lets nobody in who was not registered, BANNED.
    """
    if not caller.app.settings.create_users:
        await must_know(within, bans, caller, clients)
        return []
    bans.check(caller.app.app_id, *clients)
    return await within.users.add_missing(caller.app.app_id, clients, at)


async def must_know_or_make(
    within: Transaction, bans: Bans, caller: Caller, clients: Collection[ClientId], at: int, *, make: bool
) -> None:
    """The one or, if `make`, the other."""
    if make:
        await make_known(within, bans, caller, clients, at)
    else:
        await must_know(within, bans, caller, clients)
