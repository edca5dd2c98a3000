"""Which device of a client logged in last under a tag."""

from collections.abc import Collection

from parlance.kernel.ids import AppId, ClientId
from parlance.stores.sql.engine import Executor

_HOLDER = "SELECT device_id, taken_at FROM tag_holders WHERE app_id = $1 AND client_id = $2 AND tag = $3"
_TAKE = (
    "INSERT INTO tag_holders (app_id, client_id, tag, device_id, taken_at) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (app_id, client_id, tag) DO UPDATE SET device_id = excluded.device_id, taken_at ="
    " CASE WHEN excluded.taken_at > tag_holders.taken_at THEN excluded.taken_at ELSE tag_holders.taken_at + 1 END"
    " RETURNING taken_at"
)
_SINCE = (
    "SELECT client_id, tag, device_id, taken_at FROM tag_holders WHERE app_id = $1 AND taken_at >= $2"
    " AND client_id IN (SELECT value FROM EACH_TEXT($3) AS each)"
)


class SqlTagHolders:
    """See `core/ports/tag_holders.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def device(self, app_id: AppId, client_id: ClientId, tag: str) -> str | None:
        """See `TagHolders.device`."""
        return (await self.holder(app_id, client_id, tag))[0]

    async def holder(self, app_id: AppId, client_id: ClientId, tag: str) -> tuple[str | None, int]:
        """See `TagHolders.holder`."""
        rows = await self._executor.rows(_HOLDER, app_id, client_id, tag)
        return (rows[0][0], rows[0][1]) if rows else (None, 0)

    async def take(self, app_id: AppId, client_id: ClientId, tag: str, device: str, at: int) -> int:
        """See `TagHolders.take`."""
        rows = await self._executor.change(_TAKE, app_id, client_id, tag, device, at)
        taken_at: int = rows[0][0]
        return taken_at

    async def taken_since(
        self, app_id: AppId, clients: Collection[ClientId], at: int
    ) -> list[tuple[ClientId, str, str, int]]:
        """See `TagHolders.taken_since`."""
        rows = await self._executor.rows(_SINCE, app_id, at, list(clients))
        return [(row[0], row[1], row[2], row[3]) for row in rows]
