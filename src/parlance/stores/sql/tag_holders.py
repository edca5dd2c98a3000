"""Which device of a client logged in last under a tag."""

from parlance.kernel.ids import AppId, ClientId
from parlance.stores.sql.engine import Executor

_DEVICE = "SELECT device_id FROM tag_holders WHERE app_id = $1 AND client_id = $2 AND tag = $3"
_TAKE = (
    "INSERT INTO tag_holders (app_id, client_id, tag, device_id, taken_at) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (app_id, client_id, tag) DO UPDATE SET device_id = excluded.device_id, taken_at = excluded.taken_at"
)


class SqlTagHolders:
    """See `core/ports/tag_holders.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def device(self, app_id: AppId, client_id: ClientId, tag: str) -> str | None:
        """See `TagHolders.device`."""
        rows = await self._executor.rows(_DEVICE, app_id, client_id, tag)
        return rows[0][0] if rows else None

    async def take(self, app_id: AppId, client_id: ClientId, tag: str, device: str, at: int) -> None:
        """See `TagHolders.take`."""
        await self._executor.change(_TAKE, app_id, client_id, tag, device, at)
