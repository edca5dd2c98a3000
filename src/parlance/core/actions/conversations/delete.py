"""Ending a conversation: because somebody wants it, or because its time is over."""

from parlance.core.actions.changes import Changes
from parlance.core.actions.doors import Doors
from parlance.core.actions.rosters import Rosters
from parlance.core.model.caller import Caller
from parlance.core.ports.store import Store
from parlance.kernel.clock import DAY, Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ConvId

_AT_ONCE = 100
"""Conversations ended, or taken out for good, in one transaction: other writers wait meanwhile."""


class DeleteConversation:
    """Makes a conversation unknown: by the backend or its creator; a service conversation by the backend alone."""

    def __init__(self, store: Store, doors: Doors, changes: Changes, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._changes = changes
        self._clock = clock

    async def __call__(self, caller: Caller, conv_id: ConvId) -> None:
        """Raises UNKNOWN_CONVERSATION, NOT_PERMITTED."""
        async with self._store.begin() as tx:
            roster = await self._doors.any_conversation(caller, conv_id, tx)
            abilities = roster.conversation.abilities
            if abilities.the_apps_own:
                raise Fault(FaultCode.NOT_PERMITTED, "the app's own conversation stays")
            if not caller.is_backend and (abilities.addressed or caller.client_id != roster.conversation.creator):
                raise Fault(FaultCode.NOT_PERMITTED)
            await self._changes.ended(tx, roster, caller.client_id, self._clock.now())


class EndExpired:
    """Ends what is over, and takes out for good what was deleted a day ago. To be called now and then."""

    def __init__(self, store: Store, rosters: Rosters, changes: Changes, clock: Clock) -> None:
        self._store = store
        self._rosters = rosters
        self._changes = changes
        self._clock = clock

    async def __call__(self) -> bool:
        """One step; answer whether there may be more to do."""
        now = self._clock.now()
        over = await self._store.read.conversations.over(now, _AT_ONCE)
        if over:
            async with self._store.begin() as tx:
                for conversation in over:
                    roster = await self._rosters.around(tx, conversation)
                    await self._changes.ended(tx, roster, None, now)
        async with self._store.begin() as tx:
            purged = await tx.conversations.purge(now - DAY, _AT_ONCE)
        return len(over) == _AT_ONCE or purged > 0
