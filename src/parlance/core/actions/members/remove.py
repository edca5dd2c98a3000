"""Taking people out of a conversation."""

from parlance.core.actions.changes import Changes
from parlance.core.actions.doors import Doors, may_remove
from parlance.core.model.caller import Caller
from parlance.core.model.events import MembersLeft
from parlance.core.model.member import Roster
from parlance.core.ports.bus import Bus
from parlance.core.ports.presence import Presence
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


class RemoveMembers:
    """Takes clients out: the backend anybody, owner and admins who is below them, everybody itself."""

    def __init__(
        self, store: Store, doors: Doors, changes: Changes, presence: Presence, bus: Bus, clock: Clock
    ) -> None:
        self._store = store
        self._doors = doors
        self._changes = changes
        self._presence = presence
        self._bus = bus
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
            await self._take_out_present(caller, roster, clients)
            return
        async with self._store.begin() as tx:
            roster = await self._doors.conversation(caller, conv_id, tx)
            gone = _judged(caller, roster, clients)
            await self._changes.left(tx, roster, gone, caller.client_id, self._clock.now())

    async def _take_out_present(self, caller: Caller, roster: Roster, clients: tuple[ClientId, ...]) -> None:
        gone = _judged(caller, roster, clients)
        if gone:
            audience = tuple(roster.members)
            self._presence.leave(roster.conversation.id, gone)
            event = MembersLeft(roster.conversation, gone, caller.client_id, self._clock.now(), audience)
            self._bus.publish([event])
            await self._presence.taken_note()


def _judged(caller: Caller, roster: Roster, clients: tuple[ClientId, ...]) -> tuple[ClientId, ...]:
    """Those of them who are in. Raises NOT_PERMITTED if the caller may not take out one of them."""
    if not all(may_remove(caller, roster, client) for client in clients):
        raise Fault(FaultCode.NOT_PERMITTED)
    return tuple(client for client in clients if roster.standing(client) is not None)
