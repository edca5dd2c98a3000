"""Messages, once they are stored. How they come in: `appender.py` and `engines/`."""

from collections.abc import Collection

import msgspec

from parlance.core.model.message import Message, MessageStatus, NewContent
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import Page, PageAsked
from parlance.stores.sql.engine import Executor, Row, Statement

SELECT = (
    "SELECT m.id, c.app_id, m.conversation, c.conv_id, m.seq, m.sender, m.type, m.text, m.attr, m.url,"
    " m.mention_all, m.mentions, m.sync, m.ref, m.created_at, m.status, m.patched_at"
    " FROM messages m JOIN conversations c ON c.id = m.conversation"
)

_FIND = f"{SELECT} WHERE m.conversation = $1 AND m.id = $2"
_FIND_BY_NUMBER = f"{SELECT} WHERE m.id = $1"
_TOTAL = "SELECT last_seq FROM heights WHERE conversation = $1"
# The sequence has no gaps, so a page is a stretch of it: page 1000 costs what page 1 does.
_PAGE = (
    f"{SELECT} JOIN heights h ON h.conversation = m.conversation"
    " WHERE m.conversation = $1 AND m.seq <= h.last_seq - $2 AND m.seq > h.last_seq - $3 ORDER BY m.seq DESC"
)
_AFTER = f"{SELECT} WHERE m.conversation = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3"
_BEFORE = f"{SELECT} WHERE m.conversation = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3"
_LATEST = (
    f"{SELECT} JOIN heights h ON h.conversation = m.conversation AND h.last_seq = m.seq"
    " WHERE h.conversation IN (SELECT value FROM EACH_NUMBER($1) AS each)"
)
_RECALL = (
    f"UPDATE messages SET status = {MessageStatus.RECALLED:d}, text = NULL, attr = NULL, url = NULL,"
    f" mention_all = 0, mentions = NULL, patched_at = $1 WHERE id = $2 AND status <> {MessageStatus.RECALLED:d}"
)
_EDIT = (
    f"UPDATE messages SET text = $1, attr = $2, patched_at = $3 WHERE id = $4 AND status <> {MessageStatus.RECALLED:d}"
)
# Who comes back is to learn of it, however old the message is.
_TOUCH = "UPDATE heights SET changed_at = $1 WHERE conversation = (SELECT conversation FROM messages WHERE id = $2)"

_decode_mentions = msgspec.json.Decoder(tuple[ClientId, ...]).decode


def from_row(row: Row) -> Message:
    """The message in a row of `SELECT`."""
    number, app_id, conversation, conv_id, seq, sender, kind, text, attr, url, everybody, mentions, *rest = row
    sync, ref, created_at, status, patched_at = rest
    return Message(
        number,
        app_id,
        conversation,
        conv_id,
        seq,
        sender,
        kind,
        text,
        attr,
        url,
        everybody == 1,
        _decode_mentions(mentions) if mentions else (),
        sync == 1,
        ref,
        created_at,
        MessageStatus.STORED if status == MessageStatus.STORED else MessageStatus(status),
        patched_at,
    )


class SqlMessages:
    """See `core/ports/messages.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def find(self, conversation: int, message: int) -> Message | None:
        """See `Messages.find`."""
        rows = await self._executor.rows(_FIND, conversation, message)
        return from_row(rows[0]) if rows else None

    async def page(self, conversation: int, asked: PageAsked) -> Page[Message]:
        """See `Messages.page`."""
        total, rows = await self._executor.rows_together(
            [
                (_TOTAL, (conversation,)),
                (_PAGE, (conversation, asked.offset, asked.offset + asked.size)),
            ]
        )
        return Page([from_row(row) for row in rows], total[0][0] if total else 0, asked)

    async def after(self, conversation: int, seq: int, most: int) -> list[Message]:
        """See `Messages.after`."""
        return [from_row(row) for row in await self._executor.rows(_AFTER, conversation, seq, most)]

    async def before(self, conversation: int, seq: int, most: int) -> list[Message]:
        """See `Messages.before`."""
        rows = await self._executor.rows(_BEFORE, conversation, seq, most)
        return [from_row(row) for row in reversed(rows)]

    async def latest(self, conversations: Collection[int]) -> dict[int, Message]:
        """See `Messages.latest`."""
        rows = await self._executor.rows(_LATEST, list(conversations))
        return {message.conversation: message for message in map(from_row, rows)}

    async def recall(self, message: int, at: int) -> Message | None:
        """See `Messages.recall`; a second time changes nothing."""
        return await self._patched(message, (_RECALL, (at, message)), at)

    async def edit(self, message: int, content: NewContent, at: int) -> Message | None:
        """See `Messages.edit`; what was recalled stays empty."""
        return await self._patched(message, (_EDIT, (content.text, content.attr, at, message)), at)

    async def _patched(self, message: int, change: Statement, at: int) -> Message | None:
        stamp = self._executor.stamp(at)
        *_, rows = await self._executor.change_together(
            [change, (_TOUCH, (stamp, message)), (_FIND_BY_NUMBER, (message,))]
        )
        return from_row(rows[0]) if rows else None
