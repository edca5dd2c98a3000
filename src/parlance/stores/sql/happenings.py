"""What lastingly happened to a client, read off what is true now.

Each thing is kept where it holds, with when it came to hold and through whom: so the latest of its kind is
known, and nothing grows.
"""

from parlance.core.model.conversation import Kind
from parlance.core.model.places import Notification
from parlance.kernel.ids import AppId, ClientId, message_hex
from parlance.stores.sql.engine import Executor, Row
from parlance.stores.sql.schema import IN, LEFT

_LIVING = "c.deleted_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $4)"
_NO_MESSAGE = "CAST(NULL AS BIGINT)"
_CAME = (
    f"SELECT 'joined' AS what, m.joined_at AS time, c.conv_id AS conv_id, m.changed_by AS who, {_NO_MESSAGE} AS message"
    " FROM members m JOIN conversations c ON c.id = m.conversation"
    f" WHERE m.app_id = $1 AND m.client_id = $2 AND m.status = {IN} AND m.joined_at > $3"
    f" AND c.kind <> {Kind.SYSTEM:d} AND {_LIVING}"
)
_WENT = (
    f"SELECT 'left', m.changed_at, c.conv_id, m.changed_by, {_NO_MESSAGE}"
    " FROM members m JOIN conversations c ON c.id = m.conversation"
    f" WHERE m.app_id = $1 AND m.client_id = $2 AND m.status = {LEFT} AND m.changed_at > $3 AND {_LIVING}"
)
_SILENCED = (
    "SELECT CASE WHEN r.silenced_until > 0 THEN 'silenced' ELSE 'unsilenced' END, r.silence_changed_at, c.conv_id,"
    f" r.silence_changed_by, {_NO_MESSAGE} FROM restrictions r JOIN conversations c ON c.id = r.conversation"
    f" WHERE r.app_id = $1 AND r.client_id = $2 AND r.silence_changed_at > $3 AND {_LIVING}"
)
_BLOCKED = (
    "SELECT CASE WHEN r.blocked = 1 THEN 'blocked' ELSE 'unblocked' END, r.block_changed_at, c.conv_id,"
    f" r.block_changed_by, {_NO_MESSAGE} FROM restrictions r JOIN conversations c ON c.id = r.conversation"
    f" WHERE r.app_id = $1 AND r.client_id = $2 AND r.block_changed_at > $3 AND {_LIVING}"
)
# The newest of its messages that asked for a receipt, for everybody who has moved past one since.
_READ = (
    "SELECT 'read', o.read_at, c.conv_id, o.client_id, (SELECT s.id FROM messages s WHERE s.conversation = c.id"
    " AND s.receipt = 1 AND s.sender = $2 AND s.seq > o.joined_seq AND s.seq <= o.read_seq ORDER BY s.seq DESC LIMIT 1)"
    " FROM members m JOIN conversations c ON c.id = m.conversation"
    f" JOIN members o ON o.conversation = c.id AND o.client_id <> m.client_id AND o.status = {IN} AND o.read_at > $3"
    f" WHERE m.app_id = $1 AND m.client_id = $2 AND m.status = {IN} AND {_LIVING}"
    " AND EXISTS (SELECT 1 FROM messages s WHERE s.conversation = c.id AND s.receipt = 1)"
)
_SINCE = (
    f"SELECT what, time, conv_id, who, message FROM ({_CAME} UNION ALL {_WENT} UNION ALL {_SILENCED}"
    f" UNION ALL {_BLOCKED} UNION ALL {_READ}) AS happened"
    " WHERE what <> 'read' OR message IS NOT NULL ORDER BY time, conv_id, what, who LIMIT $5"
)


class SqlHappenings:
    """See `core/ports/happenings.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def since(self, app_id: AppId, client_id: ClientId, start: int, at: int, most: int) -> list[Notification]:
        """See `Happenings.since`."""
        rows = await self._executor.rows(_SINCE, app_id, client_id, start, at, most)
        return [_notification(row) for row in rows]


def _notification(row: Row) -> Notification:
    what, time, conv_id, by, message = row
    return Notification(what, time, conv_id, by, None if message is None else message_hex(message))
