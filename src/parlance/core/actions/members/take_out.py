"""Going, or taking others out, as LeanCloud's clients and backends do."""

from collections.abc import Collection

from parlance.core.actions.changes import Changes, last_changed
from parlance.core.actions.doors import Doors, may_remove, must_move, must_move_itself
from parlance.core.actions.occupancy import Occupancy
from parlance.core.actions.rosters import Rosters
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.member import Role, Roster
from parlance.core.model.membership import MembershipChange, Refusal
from parlance.core.ports.store import Store, Transaction
from parlance.kernel.clock import Clock
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId


class TakeOut:
    """Takes clients out: each itself, a member whom it may, the backend all."""

    def __init__(
        self,
        store: Store,
        doors: Doors,
        rosters: Rosters,
        changes: Changes,
        occupancy: Occupancy,
        clock: Clock,
    ) -> None:
        self._store = store
        self._doors = doors
        self._rosters = rosters
        self._changes = changes
        self._occupancy = occupancy
        self._clock = clock

    async def __call__(
        self, caller: Caller, conv_id: ConvId, clients: Collection[ClientId], *, origin: int | None = None
    ) -> MembershipChange:
        """What came of it, for each: refused are NOT_PERMITTED, and OWNER_STAYS where there are admins to be left.

        Who is not in is allowed to be out. A direct conversation becomes a group by it. Raises UNKNOWN_CONVERSATION,
        NOT_A_MEMBER (who is not in and takes out others), WRONG_KIND.
        """
        clients = tuple(dict.fromkeys(clients))
        found = await self._doors.known(caller, conv_id)
        if found.abilities.present_members:
            return await self._out_of_room(caller, found, clients, origin)
        async with self._store.begin() as tx:
            conversation = await self._doors.known(caller, conv_id, tx)
            if conversation.abilities.addressed:
                return await self._unsubscribed(tx, caller, conversation, clients)
            roster = await self._rosters.around(tx, conversation)
            must_move(caller, roster, clients)
            return await self._out_of_stored(tx, caller, roster, clients, origin)

    async def _out_of_stored(
        self, tx: Transaction, caller: Caller, roster: Roster, clients: tuple[ClientId, ...], origin: int | None
    ) -> MembershipChange:
        now = self._clock.now()
        allowed, refused = _judged(caller, roster, clients)
        gone = tuple(client for client in allowed if client in roster.members)
        if gone and roster.conversation.abilities.loosens:
            capacity = caller.app.settings.group_capacity
            roster = await self._changes.loosened(tx, roster, capacity, caller.client_id, now, origin)
        roster = await self._changes.left(tx, roster, gone, caller.client_id, now, origin)
        changed_at = now if gone else last_changed(roster.conversation)
        return MembershipChange(roster.conversation, allowed, refused, changed_at)

    async def _unsubscribed(
        self, tx: Transaction, caller: Caller, conversation: Conversation, clients: tuple[ClientId, ...]
    ) -> MembershipChange:
        must_move_itself(caller, conversation, clients)
        now = self._clock.now()
        gone = await self._changes.unsubscribed(tx, conversation, clients, caller.client_id, now)
        return MembershipChange(conversation, clients, (), now if gone else last_changed(conversation))

    async def _out_of_room(
        self, caller: Caller, room: Conversation, clients: tuple[ClientId, ...], origin: int | None
    ) -> MembershipChange:
        must_move_itself(caller, room, clients)
        now = self._clock.now()
        gone = await self._occupancy.left(room, clients, caller.client_id, now, origin)
        return MembershipChange(room, clients, (), now if gone else last_changed(room))


def _judged(
    caller: Caller, roster: Roster, clients: tuple[ClientId, ...]
) -> tuple[tuple[ClientId, ...], tuple[Refusal, ...]]:
    """Those who go or were not in, and those who stay."""
    with_admins = any(standing.role is Role.ADMIN for standing in roster.members.values())
    allowed: list[ClientId] = []
    refused: dict[FaultCode, list[ClientId]] = {}
    for client in clients:
        standing = roster.standing(client)
        if standing is None:
            allowed.append(client)
        elif not caller.is_backend and standing.role is Role.OWNER and with_admins:
            refused.setdefault(FaultCode.OWNER_STAYS, []).append(client)
        elif may_remove(caller, roster, client) or _among_equals(roster, client, with_admins=with_admins):
            allowed.append(client)
        else:
            refused.setdefault(FaultCode.NOT_PERMITTED, []).append(client)
    return tuple(allowed), tuple(Refusal(code, tuple(who)) for code, who in refused.items())


def _among_equals(roster: Roster, client: ClientId, *, with_admins: bool) -> bool:
    """Whether any member may take `client` out: a plain one, where the door is open and nobody has been made more."""
    standing = roster.members[client]
    return roster.conversation.open_door and not with_admins and standing.role is Role.MEMBER
