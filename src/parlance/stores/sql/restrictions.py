"""Who may not speak in a conversation, or not come in."""

from collections.abc import Mapping

from parlance.core.model.restriction import FOREVER, Listed, Restraint, Restriction
from parlance.kernel.ids import AppId, ClientId, ConvId
from parlance.stores.sql.engine import Executor, Row, Statement

RESTRICTING = "(silenced_until > 0 OR blocked = 1)"
_OF = f"SELECT client_id, silenced_until, blocked FROM restrictions WHERE conversation = $1 AND {RESTRICTING}"
# When and through whom a restraint changed is written down only where it did change.
_PUT = (
    "INSERT INTO restrictions (conversation, client_id, app_id, silenced_until, blocked,"
    " silence_changed_at, silence_changed_by, block_changed_at, block_changed_by)"
    " SELECT c.id, each.value, c.app_id, n.silenced_until, n.blocked,"
    " CASE WHEN n.silenced_until > 0 THEN n.time ELSE 0 END, CASE WHEN n.silenced_until > 0 THEN n.who END,"
    " CASE WHEN n.blocked = 1 THEN n.time ELSE 0 END, CASE WHEN n.blocked = 1 THEN n.who END"
    " FROM conversations c CROSS JOIN (SELECT CAST($1 AS BIGINT) AS silenced_until, CAST($2 AS BIGINT) AS blocked,"
    " CAST($3 AS BIGINT) AS time, CAST($4 AS TEXT) AS who) AS n CROSS JOIN EACH_TEXT($5) AS each WHERE c.id = $6"
    " ON CONFLICT (conversation, client_id) DO UPDATE SET"
    " silenced_until = excluded.silenced_until, blocked = excluded.blocked,"
    " silence_changed_at = CASE WHEN restrictions.silenced_until <> excluded.silenced_until"
    " THEN $3 ELSE restrictions.silence_changed_at END,"
    " silence_changed_by = CASE WHEN restrictions.silenced_until <> excluded.silenced_until"
    " THEN $4 ELSE restrictions.silence_changed_by END,"
    " block_changed_at = CASE WHEN restrictions.blocked <> excluded.blocked"
    " THEN $3 ELSE restrictions.block_changed_at END,"
    " block_changed_by = CASE WHEN restrictions.blocked <> excluded.blocked"
    " THEN $4 ELSE restrictions.block_changed_by END"
)
_BLOCKED = "blocked = 1"
_SILENCED = f"silenced_until >= {FOREVER}"
_PAGE = (
    "SELECT client_id FROM restrictions WHERE conversation = $1 AND {which} AND client_id > $2"
    " ORDER BY client_id LIMIT $3"
)
_BLOCKING = (
    "SELECT c.conv_id FROM restrictions r JOIN conversations c ON c.id = r.conversation"
    " WHERE r.app_id = $1 AND r.client_id = $2 AND r.blocked = 1 AND c.deleted_at IS NULL AND c.conv_id > $3"
    " ORDER BY c.conv_id LIMIT $4"
)


def restrictions_in(rows: list[Row]) -> dict[ClientId, Restriction]:
    """What rows of clients, their silence and their block say."""
    return {client: Restriction(silenced_until, blocked == 1) for client, silenced_until, blocked in rows}


class SqlRestrictions:
    """See `core/ports/restrictions.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def of(self, conversation: int) -> dict[ClientId, Restriction]:
        """See `Restrictions.of`."""
        return restrictions_in(await self._executor.rows(_OF, conversation))

    async def put(
        self, conversation: int, restrictions: Mapping[ClientId, Restriction], at: int, by: ClientId | None
    ) -> None:
        """See `Restrictions.put`."""
        stamp = self._executor.stamp(at)
        # Mostly the same is done to all of them, so this is one statement.
        alike: dict[Restriction, list[ClientId]] = {}
        for client_id, restriction in restrictions.items():
            alike.setdefault(restriction, []).append(client_id)
        statements: list[Statement] = [
            (_PUT, (how.silenced_until, int(how.blocked), stamp, by, clients, conversation))
            for how, clients in alike.items()
        ]
        await self._executor.change_together(statements)

    async def page(self, conversation: int, restraint: Restraint, after: ClientId | None, most: int) -> Listed:
        """See `Restrictions.page`."""
        which = _BLOCKED if restraint is Restraint.BLOCKED else _SILENCED
        rows = await self._executor.rows(_PAGE.format(which=which), conversation, after or "", most + 1)
        clients = tuple(client for (client,) in rows[:most])
        return Listed(clients, clients[-1] if len(rows) > most and clients else None)

    async def blocking(self, app_id: AppId, client_id: ClientId, after: ConvId | None, most: int) -> list[ConvId]:
        """See `Restrictions.blocking`."""
        rows = await self._executor.rows(_BLOCKING, app_id, client_id, after or "", most)
        return [conv_id for (conv_id,) in rows]
