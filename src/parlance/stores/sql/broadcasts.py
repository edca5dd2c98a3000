"""What an app says to all of its clients."""

from parlance.core.model.broadcast import Broadcast
from parlance.core.model.message import Message, MessageStatus
from parlance.kernel.ids import AppId, ClientId
from parlance.stores.sql.engine import Executor
from parlance.stores.sql.messages import SELECT, from_row

_ADD = "INSERT INTO broadcasts (app_id, message, conversation, valid_till) VALUES ($1, $2, $3, $4)"
_FORGET = "DELETE FROM broadcasts WHERE app_id = $1 AND valid_till <= $2"
_WITHDRAW = "DELETE FROM broadcasts WHERE app_id = $1 AND message = $2 RETURNING 1"
_OWN = f"{SELECT} JOIN broadcasts b ON b.message = m.id WHERE b.app_id = $1 AND b.valid_till > $2"
_THERE = f"m.status = {MessageStatus.STORED:d} AND c.deleted_at IS NULL"
_MISSED = (
    f"{_OWN} AND {_THERE} AND NOT EXISTS (SELECT 1 FROM addressees a WHERE a.conversation = m.conversation"
    " AND a.client_id = $3 AND a.seq = m.seq) ORDER BY m.id"
)
_VALID = f"{_OWN} AND {_THERE} AND b.conversation = $3 ORDER BY m.id DESC LIMIT $4 OFFSET $5"
_ENDS = "SELECT message, valid_till FROM broadcasts WHERE app_id = $1"


class SqlBroadcasts:
    """See `core/ports/broadcasts.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def add(self, broadcast: Broadcast, now: int) -> None:
        """See `Broadcasts.add`."""
        message = broadcast.message
        await self._executor.change_together(
            [
                (_FORGET, (message.app_id, now)),
                (_ADD, (message.app_id, message.id, message.conversation, broadcast.valid_till)),
            ]
        )

    async def valid(self, app_id: AppId, conversation: int, now: int, most: int, skip: int) -> list[Broadcast]:
        """See `Broadcasts.valid`."""
        rows, ends = await self._executor.rows_together(
            [(_VALID, (app_id, now, conversation, most, skip)), (_ENDS, (app_id,))]
        )
        until: dict[int, int] = dict(ends)
        return [Broadcast(message, until[message.id]) for message in map(from_row, rows) if message.id in until]

    async def missed(self, app_id: AppId, client_id: ClientId, now: int) -> list[Message]:
        """See `Broadcasts.missed`."""
        return [from_row(row) for row in await self._executor.rows(_MISSED, app_id, now, client_id)]

    async def withdraw(self, app_id: AppId, message: int) -> bool:
        """See `Broadcasts.withdraw`."""
        return bool(await self._executor.change(_WITHDRAW, app_id, message))
