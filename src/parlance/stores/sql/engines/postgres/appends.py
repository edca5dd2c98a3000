"""The messages of a batch."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from parlance.core.model.events import MessageSent, MessagesRead
from parlance.core.model.message import Message
from parlance.core.ports.appender import Mark, Told
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId
from parlance.stores.sql.deliveries import INSERT as TELL
from parlance.stores.sql.deliveries import delivery_row
from parlance.stores.sql.engine import Entry, Outcome
from parlance.stores.sql.engines.postgres.columns import of_messages
from parlance.stores.sql.engines.postgres.connections import Connection
from parlance.stores.sql.engines.postgres.spelling import spelled
from parlance.stores.sql.engines.postgres.statements import APPEND
from parlance.stores.sql.messages import SELECT, from_row

_BY_NUMBER = spelled(f"{SELECT} WHERE m.id IN (SELECT value FROM EACH_NUMBER($1) AS each)")

Place = tuple[int, ClientId]
"""A conversation, and a client in it."""


class Placed(NamedTuple):
    """A message that has its number, and where it stood in the batch."""

    position: int
    event: MessageSent
    seq: int
    created_at: int


class Appends:
    """What came in as messages. Nothing of them changes before all of the batch is committed."""

    __slots__ = ("_echoes", "_known", "_raised", "_replied", "receipts", "sent", "told")

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.sent: list[tuple[int, MessageSent]] = []
        self.receipts = False
        """Whether one wants a receipt, which somebody may pass in the same batch."""
        self.told: dict[int, Told] = {}
        """What apps are told of them, by their places in the batch."""
        self._echoes: dict[int, int] = {}
        """Those that repeat a `ref` of the same batch, with the first that has it."""
        self._raised: dict[int, tuple[int, int]] = {}
        """The conversations' heights before, and how much later their messages are than they were asked to be."""
        self._known: dict[int, int] = {}
        """Those that are stored already, by position among the sent; with the numbers they have."""
        self._replied: dict[Place, list[tuple[int, ClientId]]] = {}
        """The receipts that somebody passed by speaking."""
        first: dict[tuple[int, str, str], int] = {}
        for index, entry in enumerate(entries):
            if isinstance(entry, Mark):
                continue
            event = entry.event
            message = event.message
            if message.ref is not None:
                before = first.setdefault((message.conversation, message.sender, message.ref), index)
                if before != index:
                    self._echoes[index] = before
                    continue
            if message.receipt:
                self.receipts = True
            self.sent.append((index, event))
            if entry.told is not None:
                self.told[index] = entry.told

    async def store(self, connection: Connection, stamp: int, *, reading: bool) -> None:
        """Give them numbers; their senders' marks move only if `reading`."""
        messages = [event.message for _, event in self.sent]
        rows = await connection.fetch(APPEND, *of_messages(messages), stamp, reading)
        for one, before, later, number, speaker, sender in rows:
            if before is not None:
                self._raised[one] = (before, later)
            elif speaker is None:
                self._known[one] = number
            else:
                self._replied.setdefault((one, speaker), []).append((number, sender))

    async def tell_apps(self, connection: Connection, stamp: int) -> None:
        """Keep what apps are told of those that are stored now."""
        rows = [
            delivery_row(each, stamp)
            for position, _, seq, created_at in self.placed()
            if position in self.told
            for each in self.told[position](seq, created_at)
        ]
        if rows:
            await connection.executemany(TELL, rows)

    def placed(self) -> list[Placed]:
        """Those that are stored now, in their order."""
        found: list[Placed] = []
        places = {conversation: (before, 0) for conversation, (before, _) in self._raised.items()}
        for position, (index, event) in enumerate(self.sent, 1):
            message = event.message
            conversation = message.conversation
            if position not in self._known and conversation in places:
                height, moment = places[conversation]
                places[conversation] = height, moment = height + 1, max(message.created_at, moment + 1)
                found.append(Placed(index, event, height, moment + self._raised[conversation][1]))
        return found

    def heights(self) -> dict[int, int]:
        """How high the conversations that were spoken in stood before."""
        return {conversation: before for conversation, (before, _) in self._raised.items()}

    async def tell(self, connection: Connection, outcome: Outcome) -> None:
        """After the commit: what became of each."""
        odd, placed = outcome.odd, self.placed()
        for _, event, seq, created_at in placed:
            message = event.message
            message.seq, message.created_at = seq, created_at
            outcome.events.append(event)
        outcome.messages = len(placed)
        if len(placed) == len(outcome.entries):
            self._tell_replies(outcome)
            return
        known = {stored.id: stored for stored in await find_by_number(connection, self._known.values())}
        stored = {one.position for one in placed}
        for position, (index, _) in enumerate(self.sent, 1):
            if position in self._known:
                odd[index] = known[self._known[position]]
            elif index not in stored:
                odd[index] = Fault(FaultCode.UNKNOWN_CONVERSATION)
        messages = {index: event.message for index, event in self.sent}
        for index, first in self._echoes.items():
            odd[index] = odd.get(first, messages[first])
        outcome.duplicates = sum(isinstance(one, Message) for one in odd.values())
        self._tell_replies(outcome)

    def _tell_replies(self, outcome: Outcome) -> None:
        if self._replied:
            latest = {(event.message.conversation, event.message.sender): event.message for _, event in self.sent}
            outcome.events += [read_by(latest[place], receipts) for place, receipts in self._replied.items()]


def read_by(message: Message, receipts: Iterable[tuple[int, ClientId]]) -> MessagesRead:
    """What to tell of somebody who answered without saying that it has read those who want to know."""
    passed = tuple(receipts)
    told = tuple(dict.fromkeys(sender for _, sender in passed))
    assert message.seq is not None  # noqa: S101 - for the type checker
    who = (message.app_id, message.conv_id, message.sender)
    return MessagesRead(*who, message.seq, message.created_at, told, None, passed)


async def find_by_number(connection: Connection, numbers: Iterable[int]) -> list[Message]:
    """The messages of these numbers, as they are stored."""
    rows: list[Any] = await connection.fetch(_BY_NUMBER, list(numbers))
    return [from_row(row) for row in rows]
