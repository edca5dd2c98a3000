"""Bringing people into a conversation."""

from parlance.core.actions.changes import Changes
from parlance.core.actions.doors import Doors, manages
from parlance.core.actions.occupancy import Occupancy
from parlance.core.actions.people.acquaintance import must_know_or_make
from parlance.core.actions.people.bans import Bans
from parlance.core.model.caller import Caller
from parlance.core.model.member import Roster
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


class Invite:
    """Brings clients in: by the backend, or by a member where the kind allows it. Who is in stays in."""

    def __init__(
        self, store: Store, doors: Doors, changes: Changes, occupancy: Occupancy, bans: Bans, clock: Clock
    ) -> None:
        self._store = store
        self._doors = doors
        self._changes = changes
        self._occupancy = occupancy
        self._bans = bans
        self._clock = clock

    async def __call__(
        self,
        caller: Caller,
        conv_id: ConvId,
        clients: tuple[ClientId, ...],
        *,
        create_missing: bool = False,
        managers_only: bool = False,
    ) -> Roster:
        """The conversation with them; all or none, but a room takes only those who are online.

        `create_missing`: those nobody has heard of become known by it. `managers_only`: not by plain members.
        Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, NOT_PERMITTED, WRONG_KIND (a direct one), UNKNOWN_CLIENT,
        BANNED, FULL.
        """
        now = self._clock.now()
        async with self._store.begin() as tx:
            roster = await self._doors.conversation(caller, conv_id, tx)
            _must_be_allowed(caller, roster, managers_only=managers_only)
            await must_know_or_make(tx, self._bans, caller, clients, now, make=create_missing)
            if not roster.conversation.abilities.present_members:
                return await self._changes.let_in(tx, roster, clients, caller.client_id, now)
        # The room may have been ended meanwhile.
        room = (await self._doors.conversation(caller, conv_id)).conversation
        await self._occupancy.joined(room, clients, caller.client_id, self._clock.now())
        return await self._doors.conversation(caller, conv_id)


def _must_be_allowed(caller: Caller, roster: Roster, *, managers_only: bool) -> None:
    abilities = roster.conversation.abilities
    if abilities.fixed_members:
        raise Fault(FaultCode.WRONG_KIND, "nobody comes into it or goes")
    allowed = manages(caller, roster) if managers_only else caller.is_backend or abilities.members_invite
    if not allowed:
        raise Fault(FaultCode.NOT_PERMITTED)
