"""Messages, once they are stored. How they come in: `appender.py` and `engines/`."""

from collections.abc import Collection

import msgspec

from parlance.core.model.message import Message, MessageStatus, NewContent
from parlance.kernel.ids import AppId, ClientId, message_number
from parlance.kernel.pages import Page, PageAsked
from parlance.stores.sql.conversation_rows import ADDRESSED_KINDS
from parlance.stores.sql.engine import Executor, Row, Statement, Value
from parlance.stores.sql.schema import GONE, LEFT

SELECT = (
    "SELECT m.id, c.app_id, m.conversation, c.conv_id, m.seq, m.sender, m.type, m.text, m.attr, m.url,"
    " m.mention_all, m.mentions, m.sync, m.ref, m.created_at, m.status, m.patched_at, m.raw, m.is_binary, m.receipt,"
    " m.foreign_id"
    " FROM messages m JOIN conversations c ON c.id = m.conversation"
)
_THERE = f"m.status <> {GONE}"

_FIND = f"{SELECT} WHERE m.conversation = $1 AND m.id = $2 AND {_THERE}"
BY_REF = f"{SELECT} WHERE m.conversation = $1 AND m.sender = $2 AND m.ref = $3"
_FIND_FOREIGN = f"{SELECT} WHERE m.foreign_id = $1 AND m.conversation = $2 AND {_THERE}"
_NUMBER_OF_FOREIGN = (
    "SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation"
    " WHERE m.foreign_id = $1 AND c.app_id = $2 ORDER BY m.id LIMIT 1"
)
_FIND_BY_NUMBER = f"{SELECT} WHERE m.id = $1 AND {_THERE}"
_FIND_ANYWHERE = f"{SELECT} WHERE m.foreign_id = $1 AND {_THERE} ORDER BY m.id LIMIT 10"
_TOTAL = "SELECT last_seq FROM heights WHERE conversation = $1"
# The sequence has no gaps, so a page is a stretch of it: page 1000 costs what page 1 does. What was deleted for
# good keeps its place in the stretch, and makes its page shorter.
_PAGE = (
    f"{SELECT} JOIN heights h ON h.conversation = m.conversation"
    f" WHERE m.conversation = $1 AND m.seq <= h.last_seq - $2 AND m.seq > h.last_seq - $3 AND {_THERE}"
    " ORDER BY m.seq DESC"
)
_AFTER = f"{SELECT} WHERE m.conversation = $1 AND m.seq > $2 AND {_THERE} ORDER BY m.seq LIMIT $3"
_BEFORE = f"{SELECT} WHERE m.conversation = $1 AND m.seq < $2 AND {_THERE} ORDER BY m.seq DESC LIMIT $3"
_LATEST = (
    f"{SELECT} JOIN heights h ON h.conversation = m.conversation"
    " WHERE h.conversation IN (SELECT value FROM EACH_NUMBER($1) AS each) AND m.seq = (SELECT l.seq FROM messages l"
    f" WHERE l.conversation = h.conversation AND l.status <> {GONE} ORDER BY l.seq DESC LIMIT 1)"
)
# `created_at` grows with `seq`, so the place of a time is found by halving: a dozen look-ups, and no index more.
_SEQ_AT = (
    "WITH RECURSIVE narrowed (low, high) AS ("
    "SELECT h.last_seq - h.last_seq, h.last_seq FROM heights h WHERE h.conversation = $1"
    " UNION ALL SELECT CASE WHEN m.created_at <= $2 THEN m.seq ELSE n.low END,"
    " CASE WHEN m.created_at <= $2 THEN n.high ELSE m.seq - 1 END"
    " FROM narrowed n JOIN messages m ON m.conversation = $1 AND m.seq = (n.low + n.high + 1) / 2"
    " WHERE n.low < n.high) SELECT max(low) FROM narrowed"
)
_BETWEEN = f"{SELECT} WHERE m.conversation = $1 AND m.seq > $2 AND m.seq < $3 AND {_THERE}"
_PATCHED = (
    f"{SELECT} JOIN members o ON o.conversation = m.conversation"
    f" WHERE o.app_id = $1 AND o.client_id = $2 AND o.status <> {LEFT} AND m.patched_at > $3 AND {_THERE}"
    " AND c.deleted_at IS NULL"
    f" AND (c.kind NOT IN ({ADDRESSED_KINDS}) OR EXISTS (SELECT 1 FROM addressees a"
    " WHERE a.conversation = m.conversation AND a.client_id = o.client_id AND a.seq = m.seq))"
    " ORDER BY m.patched_at, m.id LIMIT $4"
)
# Numbers grow with time, so they are gone through from one end. SQLite would rather sort all of the app's, so it is
# shown an expression that no index is of. A sender's own have no index: it would cost every message, for a rare wish.
_SAID = f"{SELECT} WHERE c.app_id || '' = $1 AND m.id > $2 AND m.id < $3 AND {_THERE}"
_RECALL = (
    f"UPDATE messages SET status = {MessageStatus.RECALLED:d}, text = NULL, attr = NULL, url = NULL, raw = NULL,"
    " is_binary = 0, mention_all = 0, mentions = NULL, patched_at = CASE WHEN created_at < $1 THEN $1"
    f" ELSE created_at + 1 END WHERE id = $2 AND status = {MessageStatus.STORED:d}"
)
_EDIT = (
    "UPDATE messages SET text = $1, attr = $2, type = coalesce($3, type),"
    " url = CASE WHEN $3 IS NULL THEN url ELSE $4 END, raw = $5,"
    " is_binary = $6, mention_all = coalesce($7, mention_all),"
    " mentions = CASE WHEN $8 = 1 THEN $9 ELSE mentions END,"
    " patched_at = CASE WHEN created_at < $10 THEN $10 ELSE created_at + 1 END"
    f" WHERE id = $11 AND status = {MessageStatus.STORED:d}"
)
FORGOTTEN = (
    f"status = {GONE}, sender = '', ref = NULL, type = 0, text = NULL, attr = NULL, url = NULL, raw = NULL,"
    " is_binary = 0, receipt = 0, mention_all = 0, mentions = NULL, sync = 0, patched_at = NULL"
)
"""What is set in a message that was deleted for good."""
_DELETE = f"UPDATE messages SET {FORGOTTEN} WHERE conversation = $1 AND id = $2 AND status <> {GONE} RETURNING seq"
_DELETE_ADDRESSEES = "DELETE FROM addressees WHERE conversation = $1 AND seq = $2"
# Who comes back is to learn of it, however old the message is.
_TOUCH = "UPDATE heights SET changed_at = $1 WHERE conversation = (SELECT conversation FROM messages WHERE id = $2)"

_encode_mentions = msgspec.json.Encoder().encode
_decode_mentions = msgspec.json.Decoder(tuple[ClientId, ...]).decode


def from_row(row: Row) -> Message:
    """The message in a row of `SELECT`."""
    number, app_id, conversation, conv_id, seq, sender, kind, text, attr, url, everybody, mentions, *rest = row
    sync, ref, created_at, status, patched_at, raw, is_binary, receipt, foreign_id = rest
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
        raw,
        is_binary == 1,
        receipt == 1,
        foreign_id,
    )


def mentions_text(mentions: tuple[ClientId, ...]) -> str | None:
    """Mentions as they are kept."""
    return _encode_mentions(mentions).decode() if mentions else None


class SqlMessages:
    """See `core/ports/messages.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def find(self, conversation: int, message: int) -> Message | None:
        """See `Messages.find`."""
        rows = await self._executor.rows(_FIND, conversation, message)
        return from_row(rows[0]) if rows else None

    async def named(self, conversation: int, msg_id: str) -> Message | None:
        """See `Messages.named`."""
        number = message_number(msg_id)
        if number is not None:
            return await self.find(conversation, number)
        rows = await self._executor.rows(_FIND_FOREIGN, msg_id, conversation) if "\x00" not in msg_id else []
        return from_row(rows[0]) if rows else None

    async def number_of(self, app_id: AppId, msg_id: str) -> int | None:
        """See `Messages.number_of`."""
        number = message_number(msg_id)
        if number is not None or "\x00" in msg_id:
            return number
        rows = await self._executor.rows(_NUMBER_OF_FOREIGN, msg_id, app_id)
        return rows[0][0] if rows else None

    async def anywhere(self, msg_id: str) -> list[Message]:
        """See `Messages.anywhere`."""
        number = message_number(msg_id)
        if number is not None:
            rows = await self._executor.rows(_FIND_BY_NUMBER, number)
        else:
            rows = await self._executor.rows(_FIND_ANYWHERE, msg_id) if "\x00" not in msg_id else []
        return [from_row(row) for row in rows]

    async def by_ref(self, conversation: int, sender: ClientId, ref: str) -> Message | None:
        """See `Messages.by_ref`."""
        rows = await self._executor.rows(BY_REF, conversation, sender, ref)
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
        return await self._changed(message, (_RECALL, (at, message)), at)

    async def edit(self, message: int, content: NewContent, at: int) -> Message | None:
        """See `Messages.edit`; what was recalled stays empty."""
        mention_all, mentions = content.mention_all, content.mentions
        values = (
            content.text,
            content.attr,
            content.type,
            content.url,
            content.raw,
            int(content.is_binary),
            None if mention_all is None else int(mention_all),
            int(mentions is not None),
            mentions_text(mentions or ()),
            at,
            message,
        )
        return await self._changed(message, (_EDIT, values), at)

    async def seq_at(self, conversation: int, time: int) -> int:
        """See `Messages.seq_at`."""
        rows = await self._executor.rows(_SEQ_AT, conversation, time)
        return int(rows[0][0] or 0)

    async def between(
        self, conversation: int, after: int, before: int, most: int, *, newest: bool, of_type: int | None = None
    ) -> list[Message]:
        """See `Messages.between`."""
        values: tuple[Value, ...] = (conversation, after, before)
        text = _BETWEEN
        if of_type is not None:
            text, values = f"{text} AND m.type = $4", (*values, of_type)
        return await self._stretch(text, "m.seq", values, most, newest=newest)

    async def patched(self, app_id: AppId, client_id: ClientId, since: int, most: int) -> list[Message]:
        """See `Messages.patched`."""
        return [from_row(row) for row in await self._executor.rows(_PATCHED, app_id, client_id, since, most)]

    async def said_by(
        self, app_id: AppId, client_id: ClientId | None, after: int, before: int, most: int, *, newest: bool
    ) -> list[Message]:
        """See `Messages.said_by`."""
        values: tuple[Value, ...] = (app_id, after, before)
        text = _SAID
        if client_id is not None:
            text, values = f"{text} AND m.sender = $4", (*values, client_id)
        return await self._stretch(text, "m.id", values, most, newest=newest)

    async def delete(self, conversation: int, message: int) -> bool:
        """See `Messages.delete`."""
        rows = await self._executor.change(_DELETE, conversation, message)
        if not rows:
            return False
        await self._executor.change(_DELETE_ADDRESSEES, conversation, rows[0][0])
        return True

    async def _stretch(
        self, text: str, order: str, values: tuple[Value, ...], most: int, *, newest: bool
    ) -> list[Message]:
        """The first or the last that a question finds, ascending."""
        ordered = f"{text} ORDER BY {order}{' DESC' if newest else ''} LIMIT ${len(values) + 1}"
        rows = await self._executor.rows(ordered, *values, most)
        return [from_row(row) for row in (reversed(rows) if newest else rows)]

    async def _changed(self, message: int, change: Statement, at: int) -> Message | None:
        stamp = self._executor.stamp(at)
        *_, rows = await self._executor.change_together(
            [change, (_TOUCH, (stamp, message)), (_FIND_BY_NUMBER, (message,))]
        )
        return from_row(rows[0]) if rows else None
