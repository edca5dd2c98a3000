"""Conversations as rows, for every statement that answers some."""

from parlance.core.model.conversation import ABILITIES, Conversation, Kind
from parlance.stores.sql.engine import Row

COLUMNS = (
    "c.id, c.app_id, c.conv_id, c.kind, c.creator, c.created_at, c.capacity, c.ext, c.keep_history, c.expires_at,"
    " c.updated_at, coalesce(h.last_seq, 0), h.last_message_at, c.name, c.avatar, c.description,"
    " c.group_id, c.organization_id, c.code, c.notices, c.columns, c.unique_id, c.open_door"
)
WIDTH = 23
ADDRESSED_KINDS = ", ".join(f"{kind:d}" for kind, abilities in ABILITIES.items() if abilities.addressed)
FROM = "FROM conversations c LEFT JOIN heights h ON h.conversation = c.id"


def conversation_in(row: Row) -> Conversation:
    """The conversation in a row that begins with `COLUMNS`."""
    number, app_id, conv_id, kind, creator, created_at, capacity, ext, keeps, *more = row[:WIDTH]
    *said, notices, columns, unique_id, open_door = more
    begun = (number, app_id, conv_id, Kind(kind), creator, created_at, capacity, ext, keeps == 1)
    kept = (*begun, *said, notices == 1, columns, unique_id, open_door == 1)
    return Conversation(*kept)
