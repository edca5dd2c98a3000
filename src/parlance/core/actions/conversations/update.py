"""Changing what is said about conversations."""

from collections.abc import Sequence

import msgspec

from parlance.core.actions.changes import Changes
from parlance.core.actions.doors import manages
from parlance.core.actions.rosters import Rosters
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, judge_ext
from parlance.core.model.search import Condition
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format

MOST_AT_ONCE = 1_000
"""Conversations changed in one transaction: nobody else writes meanwhile."""


class UpdateConversations:
    """Replaces the extension of every conversation that matches: by the backend, the owner or an admin."""

    def __init__(self, store: Store, rosters: Rosters, changes: Changes, clock: Clock) -> None:
        self._store = store
        self._rosters = rosters
        self._changes = changes
        self._clock = clock

    async def __call__(self, caller: Caller, conditions: Sequence[Condition], ext: str | None) -> list[Conversation]:
        """`ext` is JSON text. All or none.

        Raises BAD_FORMAT (too large, too many), UNKNOWN_CONVERSATION if nothing matches, NOT_PERMITTED.
        """
        judge_ext(ext)
        now = self._clock.now()
        changed = []
        async with self._store.begin() as tx:
            matching = await tx.conversations.matching(caller.app.app_id, conditions, now, caller.client_id)
            if len(matching) > MOST_AT_ONCE:
                raise bad_format("where", f"more than {MOST_AT_ONCE} conversations match")
            for found in matching:
                roster = await self._rosters.around(tx, found)
                if not manages(caller, roster):
                    raise Fault(FaultCode.NOT_PERMITTED)
                conversation = msgspec.structs.replace(found, ext=ext, updated_at=now)
                await self._changes.updated(tx, roster, conversation, caller.client_id, now)
                changed.append(conversation)
            if not changed:
                raise Fault(FaultCode.UNKNOWN_CONVERSATION)
        return changed
