"""What members may do to others, beyond being in: asking and changing it."""

from parlance.core.actions.changes import Changes
from parlance.core.actions.doors import Doors, outranks
from parlance.core.model.caller import Caller
from parlance.core.model.member import PLAIN, Role, Roster, Standing
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


class Roles:
    """Names those who are more than plain members."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def __call__(self, caller: Caller, conv_id: ConvId) -> dict[ClientId, Role]:
        """The owner and the admins. Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER."""
        roster = await self._doors.conversation(caller, conv_id)
        return {
            client: standing.role for client, standing in roster.members.items() if standing.role is not Role.MEMBER
        }


class SetRole:
    """Makes a member an admin or a plain member: by the backend, or by an owner or admin who is above it."""

    def __init__(self, store: Store, doors: Doors, changes: Changes, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._changes = changes
        self._clock = clock

    async def __call__(
        self, caller: Caller, conv_id: ConvId, client: ClientId, role: Role, *, origin: int | None = None
    ) -> Roster:
        """The conversation with it standing so; nothing is told if it did before.

        Raises UNKNOWN_CONVERSATION, WRONG_KIND (where nobody stays, or nobody changes), UNKNOWN_ROLE (nobody is made
        the owner), NOT_PERMITTED (also for who is not in), UNKNOWN_CLIENT (not a member).
        """
        if role is Role.OWNER:
            raise Fault(FaultCode.UNKNOWN_ROLE, "nobody is made the owner", field="role")
        async with self._store.begin() as tx:
            roster = await self._doors.any_conversation(caller, conv_id, tx)
            abilities = roster.conversation.abilities
            if abilities.present_members or abilities.addressed or abilities.expires:
                raise Fault(FaultCode.WRONG_KIND, "nobody has a role in it")
            before = roster.standing(client)
            if not outranks(caller, roster, client) or (before is not None and before.role is Role.OWNER):
                raise Fault(FaultCode.NOT_PERMITTED)
            if before is None:
                raise Fault(FaultCode.UNKNOWN_CLIENT, f"not a member: {client}")
            if before.role is role:
                return roster
            standings = {client: PLAIN if role is Role.MEMBER else Standing(role)}
            now = self._clock.now()
            return await self._changes.stand(tx, roster, standings, caller.client_id, now, origin)
