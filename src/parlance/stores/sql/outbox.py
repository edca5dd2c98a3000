"""What providers are still to be told."""

from parlance.core.ports.outbox import Errand, Subject
from parlance.kernel.ids import AppId
from parlance.stores.sql.engine import Executor

_KEY = "app_id = $1 AND subject = $2 AND number = $3"
_THERE = f"SELECT 1 FROM outbox WHERE {_KEY}"
_REPLACE = (
    " ON CONFLICT (app_id, subject, number) DO UPDATE SET ticket = excluded.ticket, due_at = excluded.due_at,"
    " attempts = excluded.attempts"
)
_PUT = (
    f"INSERT INTO outbox (app_id, subject, number, ticket, due_at, attempts) VALUES ($1, $2, $3, $4, $5, $6){_REPLACE}"
)
_PUT_GROUPS = (
    f"INSERT INTO outbox (app_id, subject, number, ticket, due_at) SELECT app_id, '{Subject.GROUP}', group_id, $1, $2"
    f" FROM conversations WHERE app_id = $3 AND group_id IS NOT NULL AND deleted_at IS NULL{_REPLACE}"
)
_PUT_BANNED = (
    f"INSERT INTO outbox (app_id, subject, number, ticket, due_at) SELECT app_id, '{Subject.USER}', uid, $1, $2"
    f" FROM users WHERE app_id = $3 AND banned = 1{_REPLACE}"
)
_DUE = (
    "SELECT app_id, subject, number, ticket, due_at, attempts FROM outbox WHERE due_at <= $1"
    " ORDER BY due_at, app_id, subject, number LIMIT $2"
)
_FINISH = f"DELETE FROM outbox WHERE {_KEY} AND ticket = $4 RETURNING 1"
_PUT_OFF = (
    "UPDATE outbox SET due_at = $1, attempts = attempts + 1"
    " WHERE app_id = $2 AND subject = $3 AND number = $4 AND ticket = $5"
)
_WAITING = "SELECT count(*) FROM outbox"


class SqlOutbox:
    """See `core/ports/outbox.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def put(self, errand: Errand) -> bool:
        """See `Outbox.put`."""
        key = (errand.app_id, errand.subject.value, errand.number)
        values = (*key, errand.ticket, errand.due_at, errand.attempts)
        there, _ = await self._executor.change_together([(_THERE, key), (_PUT, values)])
        return not there

    async def put_everything(self, app_id: AppId, ticket: int, due_at: int) -> None:
        """See `Outbox.put_everything`."""
        values = (ticket, due_at, app_id)
        await self._executor.change_together([(_PUT_GROUPS, values), (_PUT_BANNED, values)])

    async def due(self, at: int, most: int) -> list[Errand]:
        """See `Outbox.due`."""
        rows = await self._executor.rows(_DUE, at, most)
        return [Errand(app_id, Subject(subject), *rest) for app_id, subject, *rest in rows]

    async def finish(self, errand: Errand) -> bool:
        """See `Outbox.finish`."""
        key = (errand.app_id, errand.subject.value, errand.number)
        return bool(await self._executor.change(_FINISH, *key, errand.ticket))

    async def put_off(self, errand: Errand, due_at: int) -> None:
        """See `Outbox.put_off`."""
        key = (errand.app_id, errand.subject.value, errand.number)
        await self._executor.change(_PUT_OFF, due_at, *key, errand.ticket)

    async def waiting(self) -> int:
        """See `Outbox.waiting`."""
        count: int = (await self._executor.rows(_WAITING))[0][0]
        return count
