"""Operators, their sessions, and who was wrong about passwords."""

from collections.abc import Sequence

from parlance.core.model.operator import Failures, Operator, OperatorSession
from parlance.stores.sql.engine import Executor, Row

_COLUMNS = "name, password, created_at, changed_at"
_FIND = f"SELECT {_COLUMNS} FROM operators WHERE name = $1"
_ALL = f"SELECT {_COLUMNS} FROM operators ORDER BY name"
_PUT = (
    f"INSERT INTO operators ({_COLUMNS}) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (name) DO UPDATE SET password = excluded.password, changed_at = excluded.changed_at"
)
_REMOVE = "DELETE FROM operators WHERE name = $1 RETURNING name"
_SESSION_COLUMNS = "token, operator, created_at, expires_at, one_time"
_ADD_SESSION = f"INSERT INTO operator_sessions ({_SESSION_COLUMNS}) VALUES ($1, $2, $3, $4, $5)"
_SESSION = f"SELECT {_SESSION_COLUMNS} FROM operator_sessions WHERE token = $1"
_END_SESSION = "DELETE FROM operator_sessions WHERE token = $1 RETURNING token"
_END_SESSIONS = "DELETE FROM operator_sessions WHERE operator = $1"
_FAILURES = (
    "SELECT subject, wrong, locked_until FROM login_failures"
    " WHERE subject IN (SELECT value FROM EACH_TEXT($1) AS each) FOR_UPDATE"
)
_PUT_FAILURES = (
    "INSERT INTO login_failures (subject, wrong, locked_until, tried_at) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (subject) DO UPDATE SET wrong = excluded.wrong, locked_until = excluded.locked_until,"
    " tried_at = excluded.tried_at"
)
_FORGET_FAILURES = "DELETE FROM login_failures WHERE subject IN (SELECT value FROM EACH_TEXT($1) AS each)"
_CAME_FROM = (
    "INSERT INTO operator_addresses (operator, network, came_at) VALUES ($1, $2, $3)"
    " ON CONFLICT (operator, network) DO UPDATE SET came_at = excluded.came_at"
)
_COMES_FROM = "SELECT 1 FROM operator_addresses WHERE operator = $1 AND network = $2 AND came_at >= $3"
_FORGET_ADDRESSES = "DELETE FROM operator_addresses WHERE operator = $1"
_TIDY_ADDRESSES = "DELETE FROM operator_addresses WHERE came_at < $1"
_TIDY_MANY_FAILURES = (
    "DELETE FROM login_failures WHERE tried_at < (SELECT tried_at FROM login_failures ORDER BY tried_at DESC"
    " LIMIT 1 OFFSET $1)"
)
_TIDY_SESSIONS = "DELETE FROM operator_sessions WHERE expires_at <= $1"
_TIDY_FAILURES = "DELETE FROM login_failures WHERE tried_at < $1"


class SqlOperators:
    """See `core/ports/operators.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def find(self, name: str) -> Operator | None:
        """See `Operators.find`."""
        rows = await self._executor.rows(_FIND, name)
        return Operator(*rows[0]) if rows else None

    async def all(self) -> list[Operator]:
        """See `Operators.all`."""
        return [Operator(*row) for row in await self._executor.rows(_ALL)]

    async def put(self, operator: Operator) -> None:
        """See `Operators.put`."""
        await self._executor.change(_PUT, operator.name, operator.password, operator.created_at, operator.changed_at)

    async def remove(self, name: str) -> bool:
        """See `Operators.remove`."""
        removed, *_ = await self._executor.change_together(
            [(_REMOVE, (name,)), (_END_SESSIONS, (name,)), (_FORGET_ADDRESSES, (name,))]
        )
        return bool(removed)

    async def add_session(self, session: OperatorSession) -> None:
        """See `Operators.add_session`."""
        await self._executor.change(
            _ADD_SESSION,
            session.token,
            session.operator,
            session.created_at,
            session.expires_at,
            int(session.one_time),
        )

    async def session(self, token: str) -> OperatorSession | None:
        """See `Operators.session`."""
        rows = await self._executor.rows(_SESSION, token)
        return _session(rows[0]) if rows else None

    async def end_session(self, token: str) -> bool:
        """See `Operators.end_session`."""
        return bool(await self._executor.change(_END_SESSION, token))

    async def end_sessions(self, operator: str) -> None:
        """See `Operators.end_sessions`."""
        await self._executor.change(_END_SESSIONS, operator)

    async def failures(self, subjects: Sequence[str]) -> dict[str, Failures]:
        """See `Operators.failures`."""
        rows = await self._executor.rows(_FAILURES, list(subjects))
        return {subject: Failures(wrong, locked_until) for subject, wrong, locked_until in rows}

    async def put_failures(self, subject: str, failures: Failures, at: int) -> None:
        """See `Operators.put_failures`."""
        await self._executor.change(_PUT_FAILURES, subject, failures.wrong, failures.locked_until, at)

    async def forget_failures(self, subjects: Sequence[str]) -> None:
        """See `Operators.forget_failures`."""
        await self._executor.change(_FORGET_FAILURES, list(subjects))

    async def came_from(self, name: str, network: str, at: int) -> None:
        """See `Operators.came_from`."""
        await self._executor.change(_CAME_FROM, name, network, at)

    async def comes_from(self, name: str, network: str, since: int) -> bool:
        """See `Operators.comes_from`."""
        return bool(await self._executor.rows(_COMES_FROM, name, network, since))

    async def tidy(self, now: int, tried_before: int, came_before: int, most: int) -> None:
        """See `Operators.tidy`."""
        await self._executor.change_together(
            [
                (_TIDY_SESSIONS, (now,)),
                (_TIDY_FAILURES, (tried_before,)),
                (_TIDY_MANY_FAILURES, (most,)),
                (_TIDY_ADDRESSES, (came_before,)),
            ]
        )


def _session(row: Row) -> OperatorSession:
    token, operator, created_at, expires_at, one_time = row
    return OperatorSession(token, operator, created_at, expires_at, one_time == 1)
