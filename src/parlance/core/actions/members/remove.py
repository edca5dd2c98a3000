"""Taking people out of a conversation."""

from parlance.core.actions.changes import Changes
from parlance.core.actions.doors import Doors, may_remove
from parlance.core.actions.occupancy import Occupancy
from parlance.core.model.caller import Caller
from parlance.core.model.member import Roster
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


class RemoveMembers:
    """Takes clients out: the backend anybody, owner and admins who is below them, everybody itself."""

    def __init__(self, store: Store, doors: Doors, changes: Changes, occupancy: Occupancy, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._changes = changes
        self._occupancy = occupancy
        self._clock = clock

    async def __call__(self, caller: Caller, conv_id: ConvId, clients: tuple[ClientId, ...]) -> None:
        """All or none; who is not in is passed over.

        Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, NOT_PERMITTED, WRONG_KIND (a direct one).
        """
        roster = await self._doors.conversation(caller, conv_id)
        abilities = roster.conversation.abilities
        if abilities.fixed_members:
            raise Fault(FaultCode.WRONG_KIND, "nobody comes into it or goes")
        if abilities.present_members:
            gone = _judged(caller, roster, clients)
            await self._occupancy.left(roster.conversation, gone, caller.client_id, self._clock.now())
            return
        async with self._store.begin() as tx:
            roster = await self._doors.conversation(caller, conv_id, tx)
            gone = _judged(caller, roster, clients)
            await self._changes.left(tx, roster, gone, caller.client_id, self._clock.now())


def _judged(caller: Caller, roster: Roster, clients: tuple[ClientId, ...]) -> tuple[ClientId, ...]:
    """Those of them who are in. Raises NOT_PERMITTED if the caller may not take out one of them."""
    if not all(may_remove(caller, roster, client) for client in clients):
        raise Fault(FaultCode.NOT_PERMITTED)
    return tuple(client for client in clients if roster.standing(client) is not None)
