"""Taking out for good what was deleted long ago."""

from parlance.stores.sql.engine import Executor

_PURGE_MESSAGES = (
    "DELETE FROM messages WHERE id IN (SELECT m.id FROM conversations c JOIN messages m ON m.conversation = c.id"
    " WHERE c.deleted_at < $1 LIMIT $2) RETURNING 1"
)
_PURGE_ADDRESSEES = (
    "DELETE FROM addressees WHERE (conversation, client_id, seq) IN (SELECT a.conversation, a.client_id, a.seq"
    " FROM conversations c JOIN addressees a ON a.conversation = c.id WHERE c.deleted_at < $1 LIMIT $2) RETURNING 1"
)
_PURGE_RESTRICTIONS = (
    "DELETE FROM restrictions WHERE (conversation, client_id) IN (SELECT r.conversation, r.client_id"
    " FROM conversations c JOIN restrictions r ON r.conversation = c.id WHERE c.deleted_at < $1 LIMIT $2) RETURNING 1"
)
_PURGE_MEMBERS = (
    "DELETE FROM members WHERE (conversation, client_id) IN (SELECT m.conversation, m.client_id FROM conversations c"
    " JOIN members m ON m.conversation = c.id WHERE c.deleted_at < $1 LIMIT $2) RETURNING 1"
)
# Codes work for an hour and lock out for minutes: what was tried so long ago says nothing.
_PURGE_ATTEMPTS = (
    "DELETE FROM code_attempts WHERE (conversation, client_id) IN"
    " (SELECT conversation, client_id FROM code_attempts WHERE tried_at < $1 LIMIT $2) RETURNING 1"
)
_PURGE = (
    "DELETE FROM conversations WHERE id IN (SELECT c.id FROM conversations c WHERE c.deleted_at < $1"
    " AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation = c.id)"
    " AND NOT EXISTS (SELECT 1 FROM addressees a WHERE a.conversation = c.id)"
    " AND NOT EXISTS (SELECT 1 FROM restrictions r WHERE r.conversation = c.id)"
    " AND NOT EXISTS (SELECT 1 FROM members m WHERE m.conversation = c.id) LIMIT $2) RETURNING 1"
)


async def purge(executor: Executor, deleted_before: int, most: int) -> int:
    """See `Conversations.purge`; at most `most` rows of each kind go, so ask again until none do."""
    values = (deleted_before, most)
    gone = await executor.change_together(
        [
            (_PURGE_MESSAGES, values),
            (_PURGE_ADDRESSEES, values),
            (_PURGE_RESTRICTIONS, values),
            (_PURGE_MEMBERS, values),
            (_PURGE_ATTEMPTS, values),
            (_PURGE, values),
        ]
    )
    return sum(map(len, gone))
