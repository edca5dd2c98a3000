"""Telling apps' own servers what was written down for them, until they took it.

Each app has its own rounds, so one whose server is slow keeps nobody else waiting. Nothing is told twice at the same
time: what a round takes is claimed, in the store, for longer than the round can last; if this server dies meanwhile,
the claim ends by itself. What was taken and not marked in time is told again, under the same id.
"""

from collections.abc import Sequence

from parlance.core.actions.tenancy.directory import AppDirectory
from parlance.core.model.delivery import BURIED_FOR, KEPT_FOR, LONGEST_WAIT, OVERTAKEN, Delivery, next_attempt
from parlance.core.ports.hooks import Hooks
from parlance.core.ports.store import Store
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.ids import AppId, Ids
from parlance.kernel.tallies import HookTally

AT_ONCE = 500
"""Taken in one round."""
LONGEST_ROUND = 10 * SECOND
_MARGIN = 10 * SECOND
"""By which a claim outlasts the longest round and its last call."""
_PURGED_AT_ONCE = 2_000
_NO_ADDRESS = "the app has no address for it"
_TOO_OLD = "it waited for too long"


class Deliver:
    """Rounds of telling. To be called now and then; the calls for one app, one after the other."""

    def __init__(
        self, store: Store, directory: AppDirectory, hooks: Hooks, clock: Clock, ids: Ids, tally: HookTally
    ) -> None:
        self._store = store
        self._directory = directory
        self._hooks = hooks
        self._clock = clock
        self._ids = ids
        self._tally = tally

    async def apps_due(self) -> list[AppId]:
        """The apps for which a round is worth its while."""
        return await self._store.read.deliveries.apps_due(self._clock.now())

    async def __call__(self, app_id: AppId) -> bool:
        """One round for an app; whether there may be more to do at once."""
        app = await self._directory.find(app_id)
        if app is None or not app.settings.hook_url:
            async with self._store.begin() as tx:
                await tx.deliveries.bury_all(app_id, _NO_ADDRESS)
            return False
        now = self._clock.now()
        until = now + LONGEST_ROUND + app.settings.hook_wait + _MARGIN
        async with self._store.begin() as tx:
            claimed = await tx.deliveries.claim(app_id, now, until, AT_ONCE, OVERTAKEN)
        told = await self._hooks.tell(app, _lanes(claimed), LONGEST_ROUND) if claimed else {}
        await self._mark(claimed, told)
        return len(claimed) == AT_ONCE and not any(told.values())

    async def take_over(self) -> None:
        """Nobody else serves this store, so whatever is claimed was claimed by who is no more."""
        async with self._store.begin() as tx:
            await tx.deliveries.release_all(self._clock.now())

    async def purge(self) -> bool:
        """Forget what is old, some of it; whether there may be more."""
        now = self._clock.now()
        async with self._store.begin() as tx:
            self._tally.buried += await tx.deliveries.bury_old(now - LONGEST_WAIT, _TOO_OLD)
            gone = await tx.deliveries.purge(now - KEPT_FOR, now - BURIED_FOR, _PURGED_AT_ONCE)
        return gone == _PURGED_AT_ONCE

    async def count(self) -> None:
        """Take the backlog into the tally."""
        backlog = await self._store.read.deliveries.backlog()
        self._tally.waiting, self._tally.dead = backlog.waiting, backlog.dead

    async def _mark(self, claimed: Sequence[Delivery], told: dict[int, str]) -> None:
        """Write down what became of those that were claimed."""
        now, chance = self._clock.now(), self._chance()
        failed = [(each, next_attempt(each, now, chance)) for each in claimed if told.get(each.id)]
        taken = [each.id for each in claimed if told.get(each.id) == ""]
        # What stands behind one that is tried again waits with it, and needs no word of its own.
        held = {each.lane for each, due_at in failed if due_at is not None}
        untried = [each.id for each in claimed if each.id not in told and each.lane not in held]
        async with self._store.begin() as tx:
            if taken:
                await tx.deliveries.delivered(taken)
            for each, due_at in failed:
                if due_at is None:
                    await tx.deliveries.bury([each.id], told[each.id])
                else:
                    await tx.deliveries.failed(each, due_at, told[each.id])
            if untried:
                await tx.deliveries.release(untried, now)
        self._tally.delivered += len(taken)
        self._tally.failed += len(failed)
        self._tally.buried += sum(due_at is None for _, due_at in failed)

    def _chance(self) -> float:
        return int(self._ids.random_hex()[:4], 16) / 0x10000


def _lanes(claimed: Sequence[Delivery]) -> list[list[Delivery]]:
    """Those of each lane together, in order."""
    lanes: dict[str, list[Delivery]] = {}
    for delivery in claimed:
        lanes.setdefault(delivery.lane, []).append(delivery)
    return list(lanes.values())
