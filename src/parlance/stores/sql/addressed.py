"""Messages that are for those they name."""

from collections.abc import Collection

from parlance.core.model.message import Message
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import Page, PageAsked
from parlance.stores.sql.appending import INSERT, message_row
from parlance.stores.sql.engine import Executor
from parlance.stores.sql.messages import SELECT, from_row
from parlance.stores.sql.schema import HEARS, IN, LEFT

# Times in a conversation grow with its numbers.
_RAISE = (
    "UPDATE heights SET last_seq = last_seq + 1, last_message_at = CASE WHEN last_message_at >= $1"
    " THEN last_message_at + 1 ELSE $1 END, changed_at = $2 WHERE conversation = $3 RETURNING last_seq, last_message_at"
)
_ADDRESS = (
    "INSERT INTO addressees (conversation, client_id, seq) SELECT $1, each.value, $2 FROM EACH_TEXT($3) AS each"
    " WHERE TRUE ON CONFLICT DO NOTHING"
)
# Who is written to need not be in; the row keeps its read mark, and when something came for it.
_NOTE = (
    "INSERT INTO members (conversation, client_id, app_id, status, joined_seq, read_seq, joined_at, changed_at)"
    f" SELECT $1, each.value, $2, {HEARS}, $3, $3, $4, $5 FROM EACH_TEXT($6) AS each"
    " WHERE TRUE ON CONFLICT (conversation, client_id) DO UPDATE SET changed_at = excluded.changed_at,"
    f" read_seq = CASE WHEN members.status = {LEFT} THEN excluded.read_seq ELSE members.read_seq END,"
    f" status = CASE WHEN members.status = {LEFT} THEN {HEARS} ELSE members.status END"
)
_ADDRESS_ALL = (
    "INSERT INTO addressees (conversation, client_id, seq) SELECT m.conversation, m.client_id, $1 FROM members m"
    f" WHERE m.conversation = $2 AND m.status = {IN} ON CONFLICT DO NOTHING"
)
_NOTE_ALL = f"UPDATE members SET changed_at = $1 WHERE conversation = $2 AND status = {IN}"
_REMOVE = "DELETE FROM addressees WHERE conversation = $1 AND client_id = $2 AND seq = $3 RETURNING 1"
_READERS = "SELECT client_id FROM addressees WHERE conversation = $1 AND seq = $2 ORDER BY client_id"
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
        seq = await self._placed(message, stamp)
        await self._executor.change_together(
            [
                (INSERT, message_row(message, seq)),
                (_ADDRESS, (conversation, seq, whom)),
                (_NOTE, (conversation, message.app_id, seq - 1, at, stamp, whom)),
            ]
        )

    async def add_for_everybody(self, message: Message, at: int) -> None:
        """See `Addressed.add_for_everybody`."""
        stamp = self._executor.stamp(at)
        seq = await self._placed(message, stamp)
        await self._executor.change_together(
            [
                (INSERT, message_row(message, seq)),
                (_ADDRESS_ALL, (seq, message.conversation)),
                (_NOTE_ALL, (stamp, message.conversation)),
            ]
        )

    async def add_readers(self, message: Message, clients: Collection[ClientId], at: int) -> None:
        """See `Addressed.add_readers`."""
        stamp = self._executor.stamp(at)
        conversation, seq, whom = message.conversation, message.seq or 0, list(dict.fromkeys(clients))
        await self._executor.change_together(
            [
                (_ADDRESS, (conversation, seq, whom)),
                (_NOTE, (conversation, message.app_id, seq - 1, at, stamp, whom)),
            ]
        )

    async def remove_reader(self, conversation: int, client_id: ClientId, seq: int) -> bool:
        """See `Addressed.remove_reader`."""
        return bool(await self._executor.change(_REMOVE, conversation, client_id, seq))

    async def readers(self, conversation: int, seq: int) -> list[ClientId]:
        """See `Addressed.readers`."""
        return [client for (client,) in await self._executor.rows(_READERS, conversation, seq)]

    async def _placed(self, message: Message, stamp: int) -> int:
        """Give the message its place and its time."""
        raised = await self._executor.change(_RAISE, message.created_at, stamp, message.conversation)
        if not raised:
            raise Fault(FaultCode.UNKNOWN_CONVERSATION)
        seq: int
        seq, message.created_at = raised[0]
        message.seq = seq
        return seq

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
