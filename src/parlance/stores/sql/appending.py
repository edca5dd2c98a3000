"""What storing messages and marks says to the database, in whatever engine's batches."""

from typing import Any

from parlance.core.model.message import Message
from parlance.stores.sql.messages import mentions_text
from parlance.stores.sql.schema import IN, LEFT

INSERT = (
    "INSERT INTO messages (id, conversation, seq, sender, ref, type, text, attr, url,"
    " mention_all, mentions, sync, created_at, raw, is_binary, receipt)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
)
RAISE = (
    "UPDATE heights SET last_seq = $1, last_message_at = $2, changed_at = $3 WHERE conversation = $4 AND last_seq = $5"
)
# The sender has read what it sent. No stamp: `heights` is stamped for everybody by the same batch.
SENDER_READ = (
    "UPDATE members SET read_seq = $1, read_at = $2"
    f" WHERE conversation = $3 AND client_id = $4 AND status = {IN} AND read_seq < $1"
)
READ = (
    "UPDATE members SET read_seq = $1, read_at = $2, changed_at = $3"
    f" WHERE conversation = $4 AND client_id = $5 AND status <> {LEFT} AND read_seq < $1 RETURNING $6"
)
# What was read has arrived: reading moves no second mark. Nothing to sync, so no stamp.
DELIVERED = (
    "UPDATE members SET delivered_seq = $1, delivered_at = $2 WHERE conversation = $3 AND client_id = $4"
    f" AND status <> {LEFT} AND delivered_seq < $1 AND read_seq < $1 RETURNING $5"
)
_PASSED = (
    "SELECT s.id, s.sender FROM members m JOIN messages s ON s.conversation = m.conversation AND s.receipt = 1"
    " AND s.seq > m.read_seq AND s.seq <= $1{more}"
    f" WHERE m.conversation = $2 AND m.client_id = $3 AND m.status <> {LEFT} AND s.sender <> m.client_id ORDER BY s.seq"
)
PASSED_BY_READING = _PASSED.format(more="")
PASSED_BY_DELIVERY = _PASSED.format(more=" AND s.seq > m.delivered_seq")
"""The receipts that a mark passes, asked before it moves."""
HEIGHTS = (
    "SELECT h.conversation, h.last_seq, coalesce(h.last_message_at, 0), coalesce((SELECT max(s.seq) FROM messages s"
    " WHERE s.conversation = h.conversation AND s.receipt = 1), 0)"
    " FROM heights h WHERE h.conversation IN (SELECT value FROM EACH_NUMBER($1) AS each)"
)


def message_row(message: Message, seq: int) -> tuple[Any, ...]:
    """The values of `INSERT`."""
    return (
        message.id,
        message.conversation,
        seq,
        message.sender,
        message.ref,
        message.type,
        message.text,
        message.attr,
        message.url,
        1 if message.mention_all else 0,
        mentions_text(mentions) if (mentions := message.mentions) else None,
        1 if message.sync else 0,
        message.created_at,
        message.raw,
        1 if message.is_binary else 0,
        1 if message.receipt else 0,
    )
