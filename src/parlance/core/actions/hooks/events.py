"""What apps were told, or would have been: fetched by who would rather ask, listed, and told anew."""

from collections.abc import Collection

import msgspec

from parlance.core.model.caller import Caller
from parlance.core.model.delivery import (
    BURIED_FOR,
    Cursor,
    Delivery,
    DeliveryState,
    cursor_of,
    first_id,
    read_cursor,
)
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import AppId

MOST_FETCHED = 1_000
_REPLAYED_AT_ONCE = 1_000
ALL_STATES = frozenset(DeliveryState)
TOLD = frozenset({DeliveryState.DELIVERED, DeliveryState.DEAD, DeliveryState.KEPT})


class Fetched(msgspec.Struct, frozen=True):
    """Some events of an app, in the order of their commits, and where to go on."""

    events: list[Delivery]
    cursor: Cursor
    more: bool


class FetchEvents:
    """For apps that would rather ask than be called: all that was written down, whatever has become of it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, caller: Caller, after: str = "", most: int = 100) -> Fetched:
        """What comes after a cursor of an earlier answer ("": the oldest that are kept).

        `most` is clamped to 1-1000. Nothing is left out that is committed later. Raises KEY_REQUIRED, BAD_FORMAT.
        """
        if not caller.is_backend or not caller.keyed:
            raise Fault(FaultCode.KEY_REQUIRED)
        cursor = read_cursor(after)
        most = min(max(most, 1), MOST_FETCHED)
        until = await self._store.read.complete_until(self._clock.now())
        found = await self._store.read.deliveries.after(caller.app.app_id, cursor, until, most)
        return Fetched(found, cursor_of(found[-1]) if found else cursor, len(found) == most)


class ListDeliveries:
    """For operators: what was told, or could not be."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(
        self,
        app_id: AppId,
        states: Collection[DeliveryState] = ALL_STATES,
        most: int = 50,
        before: int | None = None,
    ) -> list[Delivery]:
        """The newest of an app; `before`: only those with lower ids."""
        return await self._store.read.deliveries.listed(app_id, states, before, most)


class Replay:
    """For operators: has things told anew, as if they had never been."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(
        self,
        app_id: AppId,
        start: int | None = None,
        end: int | None = None,
        states: Collection[DeliveryState] = TOLD,
    ) -> int:
        """What happened from `start` until before `end` (ms; without: as far as there is); answer how many."""
        now = self._clock.now()
        place = first_id(max(0, now - 2 * BURIED_FOR if start is None else start))
        last = first_id(now + 1 if end is None else max(0, min(end, now + 1)))
        count = 0
        while place < last:
            # A step at a time, so that messages get through between them.
            async with self._store.begin() as tx:
                replayed = await tx.deliveries.replay(app_id, states, (place, last), now, _REPLAYED_AT_ONCE)
            if not replayed:
                break
            count += len(replayed)
            place = replayed[-1] + 1
        return count

    async def one(self, app_id: AppId, delivery: int) -> bool:
        """The one of that id, whatever became of it; False if there is none, or it waits to be told already."""
        if not 0 <= delivery < 1 << 63:
            return False
        async with self._store.begin() as tx:
            span = (delivery, delivery + 1)
            return bool(await tx.deliveries.replay(app_id, TOLD, span, self._clock.now(), 1))
