"""Taking people out of a conversation."""

from parlance.core.actions.doors import Doors, may_remove
from parlance.core.model.caller import Caller
from parlance.core.model.events import MembersLeft
from parlance.core.ports.presence import Presence
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


class RemoveMembers:
    """Takes clients out: the backend anybody, owner and admins who is below them, everybody itself."""

    def __init__(self, store: Store, doors: Doors, presence: Presence, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._presence = presence
        self._clock = clock

    async def __call__(self, caller: Caller, conv_id: ConvId, clients: tuple[ClientId, ...]) -> None:
        """All or none; who is not in is passed over.

        Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, NOT_PERMITTED, WRONG_KIND (a direct one).
        """
        now = self._clock.now()
        async with self._store.begin() as tx:
            roster = await self._doors.conversation(caller, conv_id, tx)
            if roster.conversation.abilities.fixed_members:
                raise Fault(FaultCode.WRONG_KIND, "the two of a direct conversation are fixed")
            if not all(may_remove(caller, roster, client) for client in clients):
                raise Fault(FaultCode.NOT_PERMITTED)
            gone = [client for client in clients if roster.standing(client) is not None]
            if not gone:
                return
            if roster.conversation.abilities.present_members:
                self._presence.leave(roster.conversation.id, gone)
            else:
                await tx.members.leave(roster.conversation.id, gone, now)
            audience = tuple(dict.fromkeys((*roster.members, *gone)))
            tx.announce(MembersLeft(roster.conversation, tuple(gone), caller.client_id, now, audience))
