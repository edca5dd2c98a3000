"""Who was wrong about a group's code."""

from parlance.core.ports.code_attempts import Attempts
from parlance.kernel.ids import ClientId
from parlance.stores.sql.engine import Executor

_OF = "SELECT wrong, locked_until FROM code_attempts WHERE conversation = $1 AND client_id = $2"
_PUT = (
    "INSERT INTO code_attempts (conversation, client_id, wrong, locked_until, tried_at) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (conversation, client_id) DO UPDATE SET wrong = excluded.wrong,"
    " locked_until = excluded.locked_until, tried_at = excluded.tried_at"
)
_FORGET = "DELETE FROM code_attempts WHERE conversation = $1 AND client_id = $2"
_NEVER_WRONG = Attempts()


class SqlCodeAttempts:
    """See `core/ports/code_attempts.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def of(self, group: int, client_id: ClientId) -> Attempts:
        """See `CodeAttempts.of`."""
        rows = await self._executor.rows(_OF, group, client_id)
        return Attempts(*rows[0]) if rows else _NEVER_WRONG

    async def put(self, group: int, client_id: ClientId, attempts: Attempts, at: int) -> None:
        """See `CodeAttempts.put`."""
        await self._executor.change(_PUT, group, client_id, attempts.wrong, attempts.locked_until, at)

    async def forget(self, group: int, client_id: ClientId) -> None:
        """See `CodeAttempts.forget`."""
        await self._executor.change(_FORGET, group, client_id)
