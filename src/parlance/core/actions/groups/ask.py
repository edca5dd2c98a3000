"""Asking to be let into a group."""

from parlance.core.actions.doors import Doors
from parlance.core.actions.people.acquaintance import must_know_or_make
from parlance.core.actions.people.bans import Bans
from parlance.core.actions.system.group_notices import GroupNotices
from parlance.core.model.caller import Caller
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


class AskToJoin:
    """Keeps a client's request until it is let in, and tells who may let it in, once."""

    def __init__(self, store: Store, doors: Doors, notices: GroupNotices, bans: Bans, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._notices = notices
        self._bans = bans
        self._clock = clock

    async def __call__(self, caller: Caller, client: ClientId, group_id: int, *, create_missing: bool = False) -> bool:
        """False if `client` has asked already: nobody is told twice.

        Raises FOREIGN_CLIENT, UNKNOWN_CONVERSATION, UNKNOWN_CLIENT, BANNED, ALREADY_MEMBER.
        """
        caller.speak_as(client, "client_id")
        now = self._clock.now()
        async with self._store.begin() as tx:
            roster = await self._doors.any_group(caller, group_id, tx)
            if roster.standing(client) is not None:
                raise Fault(FaultCode.ALREADY_MEMBER)
            await must_know_or_make(tx, self._bans, caller, (client,), now, make=create_missing)
            asked = await tx.join_requests.add(roster.conversation.id, client, now)
            if asked:
                await self._notices.applied(tx, roster, client, now)
        return asked
