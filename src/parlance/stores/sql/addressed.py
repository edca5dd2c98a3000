"""Messages that are for those they name."""

from collections.abc import Collection

import msgspec

from parlance.core.model.message import Message
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import Page, PageAsked
from parlance.stores.sql.engine import Executor
from parlance.stores.sql.messages import SELECT, from_row
from parlance.stores.sql.schema import IN

_RAISE = (
    "UPDATE heights SET last_seq = last_seq + 1, last_message_at = $1, changed_at = $2 WHERE conversation = $3"
    " RETURNING last_seq"
)
_INSERT = (
    "INSERT INTO messages (id, conversation, seq, sender, ref, type, text, attr, url,"
    " mention_all, mentions, sync, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
)
_ADDRESS = (
    "INSERT INTO addressees (conversation, client_id, seq) SELECT $1, each.value, $2 FROM EACH_TEXT($3) AS each"
    " WHERE TRUE ON CONFLICT DO NOTHING"
)
# Nobody is in such a conversation; the row keeps an addressee's read mark, and when something came for it.
_NOTE = (
    "INSERT INTO members (conversation, client_id, app_id, status, joined_seq, read_seq, joined_at, changed_at)"
    f" SELECT $1, each.value, $2, {IN}, $3, $3, $4, $5 FROM EACH_TEXT($6) AS each"
    " WHERE TRUE ON CONFLICT (conversation, client_id) DO UPDATE SET changed_at = excluded.changed_at"
)
_OWN = f"{SELECT} JOIN addressees a ON a.conversation = m.conversation AND a.seq = m.seq"
_WHOSE = "a.conversation = $1 AND a.client_id = $2"
_TOTAL = f"SELECT count(*) FROM addressees a WHERE {_WHOSE}"
_PAGE = f"{_OWN} WHERE {_WHOSE} ORDER BY a.seq DESC LIMIT $3 OFFSET $4"
_AFTER = f"{_OWN} WHERE {_WHOSE} AND a.seq > $3 ORDER BY a.seq LIMIT $4"
_BEFORE = f"{_OWN} WHERE {_WHOSE} AND a.seq < $3 ORDER BY a.seq DESC LIMIT $4"


class SqlAddressed:
    """See `core/ports/addressed.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def add(self, message: Message, clients: Collection[ClientId], at: int) -> None:
        """See `Addressed.add`."""
        stamp = self._executor.stamp(at)
        conversation, whom = message.conversation, list(dict.fromkeys(clients))
        raised = await self._executor.change(_RAISE, message.created_at, stamp, conversation)
        seq: int = raised[0][0]
        row = (
            message.id,
            conversation,
            seq,
            message.sender,
            message.ref,
            message.type,
            message.text,
            message.attr,
            message.url,
            int(message.mention_all),
            msgspec.json.encode(message.mentions).decode() if message.mentions else None,
            int(message.sync),
            message.created_at,
        )
        await self._executor.change_together(
            [
                (_INSERT, row),
                (_ADDRESS, (conversation, seq, whom)),
                (_NOTE, (conversation, message.app_id, seq - 1, at, stamp, whom)),
            ]
        )
        message.seq = seq

    async def page(self, conversation: int, client_id: ClientId, asked: PageAsked) -> Page[Message]:
        """See `Addressed.page`."""
        total, rows = await self._executor.rows_together(
            [(_TOTAL, (conversation, client_id)), (_PAGE, (conversation, client_id, asked.size, asked.offset))]
        )
        return Page([from_row(row) for row in rows], total[0][0], asked)

    async def after(self, conversation: int, client_id: ClientId, seq: int, most: int) -> list[Message]:
        """See `Addressed.after`."""
        return [from_row(row) for row in await self._executor.rows(_AFTER, conversation, client_id, seq, most)]

    async def before(self, conversation: int, client_id: ClientId, seq: int, most: int) -> list[Message]:
        """See `Addressed.before`."""
        rows = await self._executor.rows(_BEFORE, conversation, client_id, seq, most)
        return [from_row(row) for row in reversed(rows)]
