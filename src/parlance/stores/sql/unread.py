"""Where a member has something to read."""

import msgspec

from parlance.core.model.member import Unread
from parlance.kernel.ids import AppId, ClientId
from parlance.stores.sql.conversation_rows import ADDRESSED_KINDS, COLUMNS, FROM, WIDTH, conversation_in
from parlance.stores.sql.engine import Executor, Row
from parlance.stores.sql.schema import LEFT

MOST_LOOKED_AT = 100
"""Unread messages that are looked at for a mention, the newest ones."""

_OWN = "FROM addressees a WHERE a.conversation = c.id AND a.client_id = m.client_id"
_OWN_HEIGHT = f"(SELECT max(a.seq) {_OWN})"
# A client's name as it stands in a JSON list; `replace` is the one search for a text that both engines have.
_MENTIONED = (
    "EXISTS (SELECT 1 FROM messages x WHERE x.conversation = fresh.id AND x.seq > fresh.read_seq"
    f" AND x.seq > fresh.height - {MOST_LOOKED_AT} AND x.sender <> $3"
    " AND (x.mention_all = 1 OR replace(x.mentions, $6, '') <> x.mentions)"
    f" AND (fresh.kind NOT IN ({ADDRESSED_KINDS}) OR EXISTS (SELECT 1 FROM addressees a"
    " WHERE a.conversation = x.conversation AND a.client_id = $3 AND a.seq = x.seq)))"
)
_UNREAD = (
    f"WITH mine AS (SELECT {COLUMNS}, m.read_seq, m.delivered_seq,"
    f" CASE WHEN c.kind IN ({ADDRESSED_KINDS}) THEN {_OWN_HEIGHT} ELSE h.last_seq END AS height,"
    f" CASE WHEN c.kind IN ({ADDRESSED_KINDS}) THEN (SELECT count(*) {_OWN} AND a.seq > m.read_seq)"
    " ELSE h.last_seq - m.read_seq END AS waiting,"
    f" CASE WHEN c.kind IN ({ADDRESSED_KINDS}) THEN (SELECT s.created_at FROM messages s"
    f" WHERE s.conversation = c.id AND s.seq = {_OWN_HEIGHT}) ELSE h.last_message_at END AS newest"
    f" {FROM} JOIN members m ON m.conversation = c.id"
    " WHERE (c.expires_at IS NULL OR c.expires_at > $1) AND m.app_id = $2 AND m.client_id = $3"
    f" AND m.status <> {LEFT} AND c.deleted_at IS NULL),"
    " fresh AS (SELECT * FROM mine WHERE waiting > 0 AND newest > $4 ORDER BY newest DESC, id DESC LIMIT $5)"
    f" SELECT fresh.*, {_MENTIONED} FROM fresh ORDER BY newest DESC, id DESC"
)


async def find_unread(
    executor: Executor, app_id: AppId, client_id: ClientId, since: int, at: int, most: int
) -> list[Unread]:
    """See `Members.unread`."""
    name = msgspec.json.encode(client_id).decode()
    return [_unread(row) for row in await executor.rows(_UNREAD, at, app_id, client_id, since, most, name)]


def _unread(row: Row) -> Unread:
    _, delivered, height, waiting, newest, mentioned = row[WIDTH:]
    # Where messages name their readers, its own newest is the newest there is for it.
    conversation = msgspec.structs.replace(conversation_in(row), last_seq=height, last_message_at=newest)
    return Unread(conversation, waiting, bool(mentioned), delivered)
