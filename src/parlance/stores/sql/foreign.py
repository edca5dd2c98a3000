"""Messages that were sent elsewhere."""

from collections.abc import Collection, Mapping, Sequence

from parlance.core.model.member import Role, Standing
from parlance.core.model.message import Message
from parlance.core.model.moving import Brought
from parlance.core.model.origin import Trace
from parlance.kernel.ids import ClientId, foreign_number
from parlance.stores.sql.appending import RAISE, SENDER_READ, message_row
from parlance.stores.sql.engine import Executor, Statement
from parlance.stores.sql.messages import SELECT, from_row
from parlance.stores.sql.schema import GONE, HEARS, IN, LEFT

# As one text for everybody: what was recalled, too, keeps what it was called.
_INSERT = (
    "INSERT INTO messages (id, conversation, seq, sender, ref, type, text, attr, url,"
    " mention_all, mentions, sync, created_at, raw, is_binary, receipt, status, foreign_id)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
)
_IDS = "SELECT foreign_id FROM messages WHERE conversation = $1 AND foreign_id IS NOT NULL"
# Name by name: SQLite would rather look through the whole conversation, once for every thousand of its messages.
_BY_NAME = (
    "(SELECT n.id FROM EACH_TEXT($1) AS each CROSS JOIN messages n"
    " WHERE n.foreign_id = each.value AND n.conversation = $2)"
)
_NAMED = f"{SELECT} WHERE m.id IN {_BY_NAME} AND m.status <> {GONE} ORDER BY m.seq"
_DELETED = f"SELECT foreign_id FROM messages WHERE id IN {_BY_NAME} AND status = {GONE}"
# The last three are the ends of what is still there; times grow with places.
_BROUGHT = (
    "SELECT conversation, count(foreign_id),"
    f" sum(CASE WHEN foreign_id IS NOT NULL AND status = {GONE} THEN 1 ELSE 0 END),"
    f" sum(CASE WHEN foreign_id IS NULL AND status <> {GONE} THEN 1 ELSE 0 END),"
    f" min(CASE WHEN foreign_id IS NOT NULL AND status <> {GONE} THEN seq END),"
    f" max(CASE WHEN foreign_id IS NOT NULL AND status <> {GONE} THEN seq END),"
    f" max(CASE WHEN foreign_id IS NOT NULL AND status <> {GONE} THEN created_at END)"
    " FROM messages WHERE conversation IN (SELECT value FROM EACH_NUMBER($1) AS each) GROUP BY conversation"
)
_HEIGHTS = (
    "SELECT conversation, last_seq, coalesce(last_message_at, 0) FROM heights"
    " WHERE conversation IN (SELECT value FROM EACH_NUMBER($1) AS each) ORDER BY conversation FOR_UPDATE"
)
_TAKEN = "SELECT id FROM messages WHERE id IN (SELECT value FROM EACH_NUMBER($1) AS each)"
# Nothing counts what was unread elsewhere. Who has unread messages here keeps them.
_READ = f"UPDATE members SET read_seq = $1, read_at = $2 WHERE conversation = $3 AND status <> {LEFT} AND read_seq = $4"
_ADDRESS = (
    "INSERT INTO addressees (conversation, client_id, seq) SELECT $1, each.value, $2 FROM EACH_TEXT($3) AS each"
    " WHERE TRUE ON CONFLICT DO NOTHING"
)
# Who was written to need not be in.
_NOTE = (
    "INSERT INTO members (conversation, client_id, app_id, status, joined_seq, read_seq, joined_at, changed_at)"
    f" SELECT $1, each.value, $2, {HEARS}, $3, $3, $4, $5 FROM EACH_TEXT($6) AS each"
    " WHERE TRUE ON CONFLICT DO NOTHING"
)
_TRACES = (
    "SELECT client_id, status, role, joined_at, muted FROM members"
    f" WHERE conversation = $1 AND status <> {HEARS} ORDER BY client_id"
)


class SqlForeign:
    """See `core/ports/foreign.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def ids(self, conversation: int) -> set[str]:
        """See `Foreign.ids`."""
        return {name for (name,) in await self._executor.rows(_IDS, conversation)}

    async def named(self, conversation: int, names: Collection[str]) -> tuple[list[Message], set[str]]:
        """See `Foreign.named`."""
        asked = [name for name in names if "\x00" not in name]
        found = [from_row(row) for row in await self._executor.rows(_NAMED, asked, conversation)]
        if len(found) == len(asked):
            return found, set()
        return found, {name for (name,) in await self._executor.rows(_DELETED, asked, conversation)}

    async def brought(self, conversations: Collection[int]) -> dict[int, Brought]:
        """See `Foreign.brought`."""
        rows = await self._executor.rows(_BROUGHT, list(conversations))
        return {number: Brought(named - deleted, deleted, here, *ends) for number, named, deleted, here, *ends in rows}

    async def traces(self, conversation: int) -> dict[ClientId, Trace]:
        """See `Foreign.traces`."""
        return {
            client: Trace(status == IN, Standing(role=Role(role)), joined_at, muted == 1)
            for client, status, role, joined_at, muted in await self._executor.rows(_TRACES, conversation)
        }

    async def add(self, messages: Sequence[Message], at: int, unread: Collection[int] = ()) -> None:
        """See `Foreign.add`."""
        if not messages:
            return
        executor = self._executor
        conversations = list(dict.fromkeys(each.conversation for each in messages))
        heights = {conversation: height for conversation, *height in await executor.change(_HEIGHTS, conversations)}
        before = {conversation: last_seq for conversation, (last_seq, _) in heights.items()}
        for message in messages:
            height = heights[message.conversation]
            height[0] += 1
            height[1] = max(message.created_at, height[1] + 1)
            message.seq, message.created_at = height
        await _number(executor, messages)
        statements: list[Statement] = [
            (_INSERT, (*message_row(each, each.seq or 0), each.status, each.foreign_id)) for each in messages
        ]
        stamp = executor.stamp(at)
        for conversation, (seq, made_at) in heights.items():
            statements.append((RAISE, (seq, made_at, stamp, conversation, before[conversation])))
            if conversation not in unread:
                statements.append((_READ, (seq, made_at, conversation, before[conversation])))
        marks = {(each.conversation, each.sender): (each.seq or 0, each.created_at) for each in messages}
        statements += [(SENDER_READ, (*mark, *whose)) for whose, mark in marks.items() if whose[0] in unread]
        await executor.change_together(statements)

    async def address(self, messages: Sequence[Message], readers: Mapping[str, Collection[ClientId]], at: int) -> None:
        """See `Foreign.address`."""
        if not messages:
            return
        conversation, last = messages[0].conversation, messages[-1]
        statements: list[Statement] = [
            (_ADDRESS, (conversation, each.seq, list(readers[each.msg_id]))) for each in messages
        ]
        whom = list(dict.fromkeys(client for each in messages for client in readers[each.msg_id]))
        note = (conversation, last.app_id, last.seq, last.created_at, self._executor.stamp(at), whom)
        await self._executor.change_together([*statements, (_NOTE, note)])


async def _number(executor: Executor, messages: Sequence[Message]) -> None:
    """Give each a number of its time that no other message has."""
    used: set[int] = set()
    waiting, attempt = list(messages), 0
    while waiting:
        for message in waiting:
            message.id = foreign_number(message.created_at, message.foreign_id or "", attempt)
        rows = await executor.change(_TAKEN, [message.id for message in waiting])
        taken = used | {number for (number,) in rows}
        again = []
        for message in waiting:
            if message.id in taken:
                again.append(message)
            else:
                used.add(message.id)
                taken.add(message.id)
        waiting, attempt = again, attempt + 1
