"""Requests to join a group."""

from collections.abc import Collection

from parlance.kernel.ids import ClientId
from parlance.stores.sql.engine import Executor

_ADD = (
    "INSERT INTO join_requests (conversation, client_id, asked_at) VALUES ($1, $2, $3)"
    " ON CONFLICT DO NOTHING RETURNING client_id"
)
_SETTLE = (
    "DELETE FROM join_requests WHERE conversation = $1"
    " AND client_id IN (SELECT value FROM EACH_TEXT($2) AS each) RETURNING client_id"
)
_PENDING = "SELECT client_id FROM join_requests WHERE conversation = $1 ORDER BY asked_at, client_id"


class SqlJoinRequests:
    """See `core/ports/join_requests.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def add(self, group: int, client_id: ClientId, at: int) -> bool:
        """See `JoinRequests.add`."""
        return bool(await self._executor.change(_ADD, group, client_id, at))

    async def settle(self, group: int, client_ids: Collection[ClientId]) -> list[ClientId]:
        """See `JoinRequests.settle`."""
        settled = {client for (client,) in await self._executor.change(_SETTLE, group, list(client_ids))}
        return [client for client in dict.fromkeys(client_ids) if client in settled]

    async def pending(self, group: int) -> list[ClientId]:
        """See `JoinRequests.pending`."""
        return [client for (client,) in await self._executor.rows(_PENDING, group)]
