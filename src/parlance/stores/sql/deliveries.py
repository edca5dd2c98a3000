"""What apps' own servers are told."""

from collections.abc import Collection, Sequence
from typing import Any

from parlance.core.model.delivery import Cursor, Delivery, DeliveryState, first_id
from parlance.core.model.hook import Hook
from parlance.core.ports.deliveries import Backlog
from parlance.kernel.ids import AppId
from parlance.stores.sql.engine import Executor

_WAITING, _DELIVERED, _DEAD = DeliveryState.WAITING.value, DeliveryState.DELIVERED.value, DeliveryState.DEAD.value

INSERT = (
    "INSERT INTO deliveries (id, app_id, hook, lane, body, made_at, state, stamp)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
)
_COLUMNS = "d.id, d.app_id, d.hook, d.lane, d.body, d.made_at, d.state, d.stamp, d.due_at, d.attempts, d.reason"
_RETURNED = _COLUMNS.replace("d.", "")
# From app to app by the index: what waits of one app is looked at once, however much it is.
_APPS_DUE = (
    f"WITH RECURSIVE waits(app_id) AS (SELECT min(d.app_id) FROM deliveries d WHERE d.state = {_WAITING}"
    f" UNION ALL SELECT (SELECT min(d.app_id) FROM deliveries d WHERE d.state = {_WAITING} AND d.app_id > waits.app_id)"
    " FROM waits WHERE waits.app_id IS NOT NULL)"
    " SELECT w.app_id FROM waits w WHERE w.app_id IS NOT NULL AND EXISTS (SELECT 1 FROM deliveries d"
    f" WHERE d.app_id = w.app_id AND d.state = {_WAITING} AND d.due_at <= $1)"
)
# Two servers may find the same rows: whoever comes second finds, once the first is done, that they are not due.
_CLAIM = (
    "UPDATE deliveries SET due_at = $1, claimed = 1 WHERE id IN (SELECT d.id FROM deliveries d"
    f" WHERE d.app_id = $2 AND d.state = {_WAITING} AND d.due_at <= $3 AND NOT EXISTS (SELECT 1 FROM deliveries e"
    f" WHERE e.app_id = d.app_id AND e.lane = d.lane AND e.state = {_WAITING} AND e.due_at > $3"
    " AND (e.stamp, e.id) < (d.stamp, d.id) AND e.attempts < $4)"
    f" ORDER BY d.stamp, d.id LIMIT $5) AND due_at <= $3 AND state = {_WAITING} RETURNING {_RETURNED}"
)
_THESE = "id IN (SELECT value FROM EACH_NUMBER({}) AS each)"
_DONE = (
    f"UPDATE deliveries SET state = {_DELIVERED}, claimed = 0, attempts = attempts + 1, reason = ''"
    f" WHERE {_THESE.format('$1')} AND state = {_WAITING}"
)
_FAILED = (
    "UPDATE deliveries SET due_at = $1, reason = $2, claimed = 0, attempts = attempts + 1"
    f" WHERE id = $3 AND state = {_WAITING}"
)
_BEHIND = (
    "UPDATE deliveries SET due_at = $1, claimed = 0 WHERE app_id = $2 AND lane = $3"
    f" AND state = {_WAITING} AND (stamp, id) > ($4, $5) AND (due_at < $1 OR claimed = 1)"
)
_RELEASE = f"UPDATE deliveries SET due_at = $1, claimed = 0 WHERE {_THESE.format('$2')} AND state = {_WAITING}"
_RELEASE_ALL = f"UPDATE deliveries SET due_at = $1, claimed = 0 WHERE state = {_WAITING} AND claimed = 1"
_BURY = (
    f"UPDATE deliveries SET state = {_DEAD}, claimed = 0, attempts = attempts + 1, reason = $1"
    f" WHERE {_THESE.format('$2')} AND state = {_WAITING}"
)
_BURY_OLD = (
    f"UPDATE deliveries SET state = {_DEAD}, claimed = 0, reason = CASE WHEN reason = '' THEN $1 ELSE reason END"
    f" WHERE state = {_WAITING} AND made_at < $2 RETURNING 1"
)
_BURY_ALL = (
    f"UPDATE deliveries SET state = {_DEAD}, claimed = 0, reason = $1 WHERE app_id = $2 AND state = {_WAITING}"
    " RETURNING 1"
)
_FORGET = f"DELETE FROM deliveries WHERE {_THESE.format('$1')}"
_AFTER = (
    f"SELECT {_COLUMNS} FROM deliveries d WHERE d.app_id = $1 AND (d.stamp, d.id) > ($2, $3) AND d.stamp <= $4"
    " ORDER BY d.stamp, d.id LIMIT $5"
)
_LISTED = (
    f"SELECT {_COLUMNS} FROM deliveries d WHERE d.app_id = $1 AND d.id < $2"
    " AND d.state IN (SELECT value FROM EACH_NUMBER($3) AS each) ORDER BY d.id DESC LIMIT $4"
)
_REPLAY = (
    f"UPDATE deliveries SET state = {_WAITING}, due_at = $1, attempts = 0, reason = '' WHERE id IN ("
    "SELECT d.id FROM deliveries d WHERE d.id >= $2 AND d.id < $3 AND d.app_id = $4"
    " AND d.state IN (SELECT value FROM EACH_NUMBER($5) AS each) ORDER BY d.id LIMIT $6) RETURNING id"
)
# Ids grow with time, so the oldest are the first.
_PURGE = (
    "DELETE FROM deliveries WHERE id IN (SELECT d.id FROM deliveries d WHERE d.id < $1"
    f" AND d.state <> {_WAITING} AND (d.state <> {_DEAD} OR d.id < $2) ORDER BY d.id LIMIT $3) RETURNING 1"
)
_BACKLOG = (
    f"SELECT (SELECT count(*) FROM deliveries WHERE state = {_WAITING}),"
    f" (SELECT count(*) FROM deliveries WHERE state = {_DEAD})"
)
_HIGHEST = (1 << 63) - 1


def delivery_row(delivery: Delivery, stamp: int) -> tuple[Any, ...]:
    """The values of `INSERT`."""
    return (
        delivery.id,
        delivery.app_id,
        delivery.hook.value,
        delivery.lane,
        delivery.body,
        delivery.made_at,
        delivery.state.value,
        stamp,
    )


class SqlDeliveries:
    """See `core/ports/deliveries.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def add(self, deliveries: Sequence[Delivery], at: int) -> None:
        """See `Deliveries.add`."""
        if deliveries:
            stamp = self._executor.stamp(at)
            await self._executor.change_together([(INSERT, delivery_row(each, stamp)) for each in deliveries])

    async def apps_due(self, at: int) -> list[AppId]:
        """See `Deliveries.apps_due`."""
        return [app_id for (app_id,) in await self._executor.rows(_APPS_DUE, at)]

    async def claim(self, app_id: AppId, at: int, until: int, most: int, overtaken: int) -> list[Delivery]:
        """See `Deliveries.claim`."""
        rows = await self._executor.change(_CLAIM, until, app_id, at, overtaken, most)
        return sorted(map(_from_row, rows), key=_place)

    async def delivered(self, ids: Collection[int]) -> None:
        """See `Deliveries.delivered`."""
        await self._executor.change(_DONE, list(ids))

    async def failed(self, delivery: Delivery, due_at: int, reason: str) -> None:
        """See `Deliveries.failed`."""
        behind = (due_at, delivery.app_id, delivery.lane, delivery.stamp, delivery.id)
        await self._executor.change_together([(_FAILED, (due_at, reason, delivery.id)), (_BEHIND, behind)])

    async def release(self, ids: Collection[int], due_at: int) -> None:
        """See `Deliveries.release`."""
        await self._executor.change(_RELEASE, due_at, list(ids))

    async def release_all(self, at: int) -> None:
        """See `Deliveries.release_all`."""
        await self._executor.change(_RELEASE_ALL, at)

    async def bury(self, ids: Collection[int], reason: str) -> None:
        """See `Deliveries.bury`."""
        await self._executor.change(_BURY, reason, list(ids))

    async def bury_old(self, made_before: int, reason: str) -> int:
        """See `Deliveries.bury_old`."""
        return len(await self._executor.change(_BURY_OLD, reason, made_before))

    async def bury_all(self, app_id: AppId, reason: str) -> int:
        """See `Deliveries.bury_all`."""
        return len(await self._executor.change(_BURY_ALL, reason, app_id))

    async def forget(self, ids: Collection[int]) -> None:
        """See `Deliveries.forget`."""
        await self._executor.change(_FORGET, list(ids))

    async def after(self, app_id: AppId, cursor: Cursor, until: int, most: int) -> list[Delivery]:
        """See `Deliveries.after`."""
        rows = await self._executor.rows(_AFTER, app_id, cursor.stamp, cursor.id, until, most)
        return [_from_row(row) for row in rows]

    async def listed(
        self, app_id: AppId, states: Collection[DeliveryState], before: int | None, most: int
    ) -> list[Delivery]:
        """See `Deliveries.listed`."""
        below = _HIGHEST if before is None else before
        rows = await self._executor.rows(_LISTED, app_id, below, _values(states), most)
        return [_from_row(row) for row in rows]

    async def replay(
        self, app_id: AppId, states: Collection[DeliveryState], span: tuple[int, int], at: int, most: int
    ) -> list[int]:
        """See `Deliveries.replay`."""
        rows = await self._executor.change(_REPLAY, at, *span, app_id, _values(states), most)
        return sorted(number for (number,) in rows)

    async def purge(self, made_before: int, dead_before: int, most: int) -> int:
        """See `Deliveries.purge`."""
        return len(await self._executor.change(_PURGE, first_id(made_before), first_id(dead_before), most))

    async def backlog(self) -> Backlog:
        """See `Deliveries.backlog`."""
        return Backlog(*(await self._executor.rows(_BACKLOG))[0])


def _values(states: Collection[DeliveryState]) -> list[int]:
    return [state.value for state in states]


def _place(delivery: Delivery) -> tuple[int, int]:
    return delivery.stamp, delivery.id


def _from_row(row: tuple[Any, ...]) -> Delivery:
    number, app_id, hook, lane, body, made_at, state, *rest = row
    return Delivery(number, app_id, Hook(hook), lane, body, made_at, DeliveryState(state), *rest)
