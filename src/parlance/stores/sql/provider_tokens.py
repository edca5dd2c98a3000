"""The keys that providers made for clients."""

from parlance.core.ports.provider_tokens import ProviderToken
from parlance.kernel.ids import AppId, ClientId
from parlance.stores.sql.engine import Executor

_FIND = "SELECT issuer, token, created_at FROM provider_tokens WHERE app_id = $1 AND client_id = $2"
_PUT = (
    "INSERT INTO provider_tokens (app_id, client_id, issuer, token, created_at) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (app_id, client_id) DO UPDATE SET issuer = excluded.issuer, token = excluded.token,"
    " created_at = excluded.created_at"
)


class SqlProviderTokens:
    """See `core/ports/provider_tokens.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def find(self, app_id: AppId, client_id: ClientId) -> ProviderToken | None:
        """See `ProviderTokens.find`."""
        rows = await self._executor.rows(_FIND, app_id, client_id)
        return ProviderToken(*rows[0]) if rows else None

    async def put(self, app_id: AppId, client_id: ClientId, token: ProviderToken) -> None:
        """See `ProviderTokens.put`."""
        await self._executor.change(_PUT, app_id, client_id, token.issuer, token.token, token.created_at)
