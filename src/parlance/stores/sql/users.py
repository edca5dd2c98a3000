"""An app's people."""

from collections.abc import Collection

from parlance.core.model.user import Profile, User
from parlance.kernel.ids import AppId, ClientId
from parlance.kernel.pages import Page, PageAsked
from parlance.stores.sql.engine import Executor, Row, storable

_COLUMNS = "app_id, client_id, uid, nickname, avatar, ext, banned, created_at, name, username, type, level"
_FIND = f"SELECT {_COLUMNS} FROM users WHERE app_id = $1 AND client_id = $2"
_FIND_BY_UID = f"SELECT {_COLUMNS} FROM users WHERE app_id = $1 AND uid = $2"
_FIND_MANY = (
    f"SELECT {_COLUMNS} FROM users WHERE app_id = $1 AND client_id IN (SELECT value FROM EACH_TEXT($2) AS each)"
)
_TOTAL = "SELECT count(*) FROM users WHERE app_id = $1"
_PAGE = f"SELECT {_COLUMNS} FROM users WHERE app_id = $1 ORDER BY uid DESC LIMIT $2 OFFSET $3"
_LIKE = (
    "app_id = $1 AND (LIKE_TEXT(client_id, $2) OR LIKE_TEXT(nickname, $2) OR LIKE_TEXT(name, $2)"
    " OR LIKE_TEXT(username, $2))"
)
_SEARCH_TOTAL = f"SELECT count(*) FROM users WHERE {_LIKE}"
_SEARCH = f"SELECT {_COLUMNS} FROM users WHERE {_LIKE} ORDER BY uid DESC LIMIT $3 OFFSET $4"
_ADD_MISSING = (
    "INSERT INTO users (app_id, client_id, uid, created_at)"
    " SELECT $1, each.value, (SELECT coalesce(max(uid), 0) FROM users WHERE app_id = $1)"
    " + row_number() OVER (ORDER BY each.position), $2 FROM EACH_TEXT($3) AS each"
    " WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.app_id = $1 AND u.client_id = each.value)"
    " RETURNING client_id"
)
_PUT = (
    "INSERT INTO users (app_id, client_id, nickname, avatar, ext, name, username, level, created_at, uid)"
    " SELECT $1, $2, coalesce($3, ''), coalesce($4, ''), $5, coalesce($6, ''), coalesce($7, ''), coalesce($8, ''),"
    " $9, coalesce(max(uid), 0) + 1 FROM users WHERE app_id = $1"
    " ON CONFLICT (app_id, client_id) DO UPDATE SET nickname = coalesce($3, users.nickname),"
    " avatar = coalesce($4, users.avatar), ext = coalesce($5, users.ext), name = coalesce($6, users.name),"
    " username = coalesce($7, users.username), level = coalesce($8, users.level)"
    f" RETURNING {_COLUMNS}"
)
_BANNED = "SELECT app_id, client_id FROM users WHERE banned = 1"
_SET_KICKED = "UPDATE users SET kicked_at = $1 WHERE app_id = $2 AND client_id = $3"
_KICKED_SINCE = (
    "SELECT client_id, kicked_at FROM users WHERE app_id = $1 AND kicked_at >= $2"
    " AND client_id IN (SELECT value FROM EACH_TEXT($3) AS each)"
)
_KICKED_AT = "SELECT kicked_at FROM users WHERE app_id = $1 AND client_id = $2"
_SET_BANNED = f"UPDATE users SET banned = $1 WHERE app_id = $2 AND client_id = $3 RETURNING {_COLUMNS}"


def _user(row: Row) -> User:
    app_id, client_id, uid, nickname, avatar, ext, banned, *rest = row
    return User(app_id, client_id, uid, nickname, avatar, ext, banned == 1, *rest)


class SqlUsers:
    """See `core/ports/users.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def find(self, app_id: AppId, client_id: ClientId) -> User | None:
        """See `Users.find`."""
        rows = await self._executor.rows(_FIND, app_id, client_id)
        return _user(rows[0]) if rows else None

    async def find_by_uid(self, app_id: AppId, uid: int) -> User | None:
        """See `Users.find_by_uid`."""
        if not storable(uid):
            return None
        rows = await self._executor.rows(_FIND_BY_UID, app_id, uid)
        return _user(rows[0]) if rows else None

    async def find_many(self, app_id: AppId, client_ids: Collection[ClientId]) -> dict[ClientId, User]:
        """See `Users.find_many`; in the order they were asked for."""
        rows = await self._executor.rows(_FIND_MANY, app_id, list(client_ids))
        known = {user.client_id: user for user in map(_user, rows)}
        return {client: known[client] for client in client_ids if client in known}

    async def page(self, app_id: AppId, asked: PageAsked) -> Page[User]:
        """See `Users.page`."""
        total, rows = await self._executor.rows_together(
            [(_TOTAL, (app_id,)), (_PAGE, (app_id, asked.size, asked.offset))]
        )
        return Page([_user(row) for row in rows], total[0][0], asked)

    async def search(self, app_id: AppId, pattern: str, asked: PageAsked) -> Page[User]:
        """See `Users.search`."""
        total, rows = await self._executor.rows_together(
            [(_SEARCH_TOTAL, (app_id, pattern)), (_SEARCH, (app_id, pattern, asked.size, asked.offset))]
        )
        return Page([_user(row) for row in rows], total[0][0], asked)

    async def add_missing(self, app_id: AppId, client_ids: Collection[ClientId], at: int) -> list[ClientId]:
        """See `Users.add_missing`."""
        wanted = list(dict.fromkeys(client_ids))
        added = {client for (client,) in await self._executor.change(_ADD_MISSING, app_id, at, wanted)}
        return [client for client in wanted if client in added]

    async def put(self, app_id: AppId, client_id: ClientId, profile: Profile, at: int) -> User:
        """See `Users.put`."""
        said = (profile.nickname, profile.avatar, profile.ext)
        vouched = (profile.name, profile.username, profile.level)
        rows = await self._executor.change(_PUT, app_id, client_id, *said, *vouched, at)
        return _user(rows[0])

    async def set_banned(self, app_id: AppId, client_id: ClientId, banned: bool) -> User | None:
        """See `Users.set_banned`."""
        rows = await self._executor.change(_SET_BANNED, int(banned), app_id, client_id)
        return _user(rows[0]) if rows else None

    async def banned(self) -> set[tuple[AppId, ClientId]]:
        """See `Users.banned`."""
        return {(app_id, client_id) for app_id, client_id in await self._executor.rows(_BANNED)}

    async def set_kicked(self, app_id: AppId, client_id: ClientId, at: int) -> None:
        """See `Users.set_kicked`."""
        await self._executor.change(_SET_KICKED, at, app_id, client_id)

    async def kicked_since(self, app_id: AppId, clients: Collection[ClientId], at: int) -> dict[ClientId, int]:
        """See `Users.kicked_since`."""
        return dict(await self._executor.rows(_KICKED_SINCE, app_id, at, list(clients)))

    async def kicked_at(self, app_id: AppId, client_id: ClientId) -> int:
        """See `Users.kicked_at`."""
        rows = await self._executor.rows(_KICKED_AT, app_id, client_id)
        return int(rows[0][0]) if rows else 0
