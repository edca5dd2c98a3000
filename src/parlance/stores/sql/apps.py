"""Apps."""

import msgspec

from parlance.core.model.app import App, AppSettings, Policy
from parlance.kernel.ids import AppId
from parlance.stores.sql.engine import Executor, Row, Value

_COLUMNS = "app_id, name, app_key, master_key, token_secret, policy, settings, created_at, updated_at"
_SELECT = f"SELECT {_COLUMNS} FROM apps"
_FIND = f"{_SELECT} WHERE app_id = $1"
_ALL = f"{_SELECT} ORDER BY app_id"
_VERSIONS = "SELECT app_id, updated_at FROM apps ORDER BY app_id"
_FIND_TO_CHANGE = f"{_FIND} FOR_UPDATE"
_ADD = (
    f"INSERT INTO apps ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    " ON CONFLICT (app_id) DO NOTHING RETURNING app_id"
)
_UPDATE = (
    "UPDATE apps SET name = $1, app_key = $2, master_key = $3, token_secret = $4, policy = $5, settings = $6,"
    " updated_at = $7 WHERE app_id = $8 RETURNING app_id"
)

# Not strict: a settings row written by a newer server may know more than this one does.
_decode_settings = msgspec.json.Decoder(dict[str, object]).decode
_KNOWN_SETTINGS = frozenset(AppSettings.__struct_fields__)


def _app(row: Row) -> App:
    app_id, name, app_key, master_key, token_secret, policy, settings, created_at, updated_at = row
    known = {key: value for key, value in _decode_settings(settings).items() if key in _KNOWN_SETTINGS}
    return App(
        app_id,
        name,
        app_key,
        master_key,
        token_secret,
        Policy(policy),
        msgspec.convert(known, AppSettings),
        created_at,
        updated_at,
    )


def _settings(app: App) -> str:
    return msgspec.json.encode(app.settings).decode()


class SqlApps:
    """See `core/ports/apps.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def find(self, app_id: AppId) -> App | None:
        """See `Apps.find`."""
        rows = await self._executor.rows(_FIND, app_id)
        return _app(rows[0]) if rows else None

    async def all(self) -> list[App]:
        """See `Apps.all`."""
        return [_app(row) for row in await self._executor.rows(_ALL)]

    async def versions(self) -> dict[AppId, int]:
        """See `Apps.versions`."""
        return dict(await self._executor.rows(_VERSIONS))

    async def find_to_change(self, app_id: AppId) -> App | None:
        """See `Apps.find_to_change`."""
        rows = await self._executor.rows(_FIND_TO_CHANGE, app_id)
        return _app(rows[0]) if rows else None

    async def add(self, app: App) -> bool:
        """See `Apps.add`."""
        values: tuple[Value, ...] = (
            app.app_id,
            app.name,
            app.app_key,
            app.master_key,
            app.token_secret,
            app.policy.value,
            _settings(app),
            app.created_at,
            app.updated_at,
        )
        return bool(await self._executor.change(_ADD, *values))

    async def update(self, app: App) -> bool:
        """See `Apps.update`."""
        values: tuple[Value, ...] = (
            app.name,
            app.app_key,
            app.master_key,
            app.token_secret,
            app.policy.value,
            _settings(app),
            app.updated_at,
            app.app_id,
        )
        return bool(await self._executor.change(_UPDATE, *values))
