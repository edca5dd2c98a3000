"""Changing what is said about a group."""

import msgspec

from parlance.core.actions.changes import Changes
from parlance.core.actions.doors import Doors, manages
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, judge_size
from parlance.core.model.group import GroupChange, judge_change
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


class UpdateGroup:
    """Sets a group's name, avatar, description or capacity: by the backend, the owner or an admin."""

    def __init__(self, store: Store, doors: Doors, changes: Changes, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._changes = changes
        self._clock = clock

    async def __call__(
        self, caller: Caller, group_id: int, change: GroupChange, *, by: ClientId | None = None
    ) -> Conversation:
        """The group as it is now. `by`: on whose behalf, if the caller names somebody.

        Raises FOREIGN_CLIENT (field by), MISSING_FIELD (nothing set), BAD_FORMAT, UNKNOWN_CONVERSATION,
        NOT_PERMITTED, FULL (more are in than the capacity asked for).
        """
        judge_change(change)
        caller = caller.acting_as(by, "by")
        now = self._clock.now()
        async with self._store.begin() as tx:
            roster = await self._doors.any_group(caller, group_id, tx)
            if not manages(caller, roster):
                raise Fault(FaultCode.NOT_PERMITTED)
            if change.capacity is not None:
                judge_size(change.capacity, len(roster.members))
            said = {field: value for field, value in msgspec.structs.asdict(change).items() if value is not None}
            conversation = msgspec.structs.replace(roster.conversation, **said, updated_at=now)
            await self._changes.updated(tx, roster, conversation, caller.client_id, now)
        return conversation
