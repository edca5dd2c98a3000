"""Who comes into a group and who goes, by the group's number."""

from parlance.core.actions.changes import Changes
from parlance.core.actions.doors import Doors, manages, may_remove
from parlance.core.actions.people.acquaintance import must_know_or_make
from parlance.core.actions.people.bans import Bans
from parlance.core.model.caller import Caller
from parlance.core.model.member import Role, Roster
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


class AddToGroup:
    """Brings clients in: by the backend or a member. Who is in stays in."""

    def __init__(self, store: Store, doors: Doors, changes: Changes, bans: Bans, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._changes = changes
        self._bans = bans
        self._clock = clock

    async def __call__(
        self,
        caller: Caller,
        group_id: int,
        clients: tuple[ClientId, ...],
        *,
        by: ClientId | None = None,
        create_missing: bool = False,
        managers_only: bool = False,
    ) -> Roster:
        """The group with them; all or none. `by`: on whose behalf. `managers_only`: not by plain members.

        Raises FOREIGN_CLIENT (field by), UNKNOWN_CONVERSATION, NOT_A_MEMBER, NOT_PERMITTED, UNKNOWN_CLIENT,
        BANNED, FULL.
        """
        caller = caller.acting_as(by, "by")
        now = self._clock.now()
        async with self._store.begin() as tx:
            roster = await self._doors.any_group(caller, group_id, tx)
            _must_be_in(caller, roster)
            if managers_only and not manages(caller, roster):
                raise Fault(FaultCode.NOT_PERMITTED)
            await must_know_or_make(tx, self._bans, caller, clients, now, make=create_missing)
            return await self._changes.let_in(tx, roster, clients, caller.client_id, now)


class RemoveFromGroup:
    """Takes clients out: the backend anybody but the owner, owner and admins who is below them."""

    def __init__(self, store: Store, doors: Doors, changes: Changes, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._changes = changes
        self._clock = clock

    async def __call__(
        self, caller: Caller, group_id: int, clients: tuple[ClientId, ...], by: ClientId | None = None
    ) -> tuple[ClientId, ...]:
        """Who was in and is not any more; all or none. Who was not in is passed over. `by`: on whose behalf.

        Raises FOREIGN_CLIENT (field by), UNKNOWN_CONVERSATION, NOT_A_MEMBER, OWNER_STAYS, NOT_PERMITTED.
        """
        caller = caller.acting_as(by, "by")
        async with self._store.begin() as tx:
            roster = await self._doors.any_group(caller, group_id, tx)
            _must_be_in(caller, roster)
            gone = tuple(client for client in clients if roster.standing(client) is not None)
            _owner_stays(roster, gone)
            if not all(may_remove(caller, roster, client) for client in clients):
                raise Fault(FaultCode.NOT_PERMITTED)
            await self._changes.left(tx, roster, gone, caller.client_id, self._clock.now())
        return gone


class LeaveGroup:
    """A client goes out by itself."""

    def __init__(self, store: Store, doors: Doors, changes: Changes, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._changes = changes
        self._clock = clock

    async def __call__(self, caller: Caller, group_id: int) -> None:
        """Takes a client. Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, OWNER_STAYS."""
        client = caller.client_id
        if client is None:
            raise Fault(FaultCode.NOT_PERMITTED, "only a client leaves a group")
        async with self._store.begin() as tx:
            roster = await self._doors.any_group(caller, group_id, tx)
            _must_be_in(caller, roster)
            _owner_stays(roster, (client,))
            await self._changes.left(tx, roster, (client,), client, self._clock.now())


def _must_be_in(caller: Caller, roster: Roster) -> None:
    if caller.client_id is not None and roster.standing(caller.client_id) is None:
        raise Fault(FaultCode.NOT_A_MEMBER)


def _owner_stays(roster: Roster, clients: tuple[ClientId, ...]) -> None:
    for client in clients:
        standing = roster.standing(client)
        if standing is not None and standing.role is Role.OWNER:
            raise Fault(FaultCode.OWNER_STAYS)
