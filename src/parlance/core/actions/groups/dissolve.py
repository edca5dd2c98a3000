"""Ending a group."""

from parlance.core.actions.changes import Changes
from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.model.member import Role
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


class DissolveGroup:
    """Makes a group unknown: by the backend, or by its owner."""

    def __init__(self, store: Store, doors: Doors, changes: Changes, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._changes = changes
        self._clock = clock

    async def __call__(self, caller: Caller, group_id: int, by: ClientId | None = None) -> None:
        """`by`: on whose behalf, who must be the owner then, whoever the caller is.

        Raises FOREIGN_CLIENT (field by), UNKNOWN_CONVERSATION, NOT_PERMITTED.
        """
        caller = caller.acting_as(by, "by")
        async with self._store.begin() as tx:
            roster = await self._doors.any_group(caller, group_id, tx)
            if caller.client_id is not None:
                standing = roster.standing(caller.client_id)
                if standing is None or standing.role is not Role.OWNER:
                    raise Fault(FaultCode.NOT_PERMITTED, "only its owner ends a group")
            await self._changes.ended(tx, roster, caller.client_id, self._clock.now())
