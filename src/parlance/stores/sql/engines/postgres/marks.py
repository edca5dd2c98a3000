"""The marks of a batch."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from parlance.core.model.events import Event, MessagesDelivered, MessagesRead, Receipts
from parlance.core.ports.appender import Mark
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId
from parlance.stores.sql.engine import Entry, Outcome
from parlance.stores.sql.engines.postgres.appends import Appends, Place, read_by
from parlance.stores.sql.engines.postgres.columns import if_any, numbers, texts
from parlance.stores.sql.engines.postgres.connections import Connection
from parlance.stores.sql.engines.postgres.statements import MARK, Moved

if TYPE_CHECKING:
    from parlance.core.model.message import Message

_decode_receipts = msgspec.json.Decoder(list[tuple[int, int, ClientId]]).decode


class Marks:
    """What came in as marks; and, if messages came with them, what their senders have read."""

    __slots__ = ("_entries", "_most", "_rows", "_spoken", "asked")

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self.asked = [(index, entry) for index, entry in enumerate(entries) if isinstance(entry, Mark)]
        self._most: list[int | None] = [None] * len(self.asked)
        """How high each may reach, where that is less than the conversation's height."""
        self._spoken: list[Message] = []
        """The latest word of each who spoke. Like the marks, moves what its sender has read."""
        self._rows: list[Any] = []

    def come_after(self, appends: Appends) -> None:
        """Messages were stored in the same batch: a mark covers what came before it there, not what came after."""
        placed = appends.placed()
        heights, fresh = appends.heights(), {index: event for index, event, *_ in placed}
        self._most.clear()
        for index, entry in enumerate(self._entries):
            if isinstance(entry, Mark):
                self._most.append(heights.get(entry.conversation))
            elif index in fresh:
                heights[entry.event.message.conversation] += 1
        spoken = {}
        for _, event, seq, created_at in placed:
            message = event.message
            spoken[message.conversation, message.sender] = msgspec.structs.replace(
                message, seq=seq, created_at=created_at
            )
        self._spoken = list(spoken.values())

    async def move(self, connection: Connection, stamp: int) -> None:
        """Move them forward."""
        marks, spoken = [mark for _, mark in self.asked], self._spoken
        self._rows = await connection.fetch(
            MARK,
            numbers([*(mark.conversation for mark in marks), *(message.conversation for message in spoken)]),
            *texts([*(mark.event.client_id for mark in marks), *(message.sender for message in spoken)]),
            numbers([*(_moved(mark) for mark in marks), *([Moved.SENT.value] * len(spoken))]),
            numbers([*(mark.event.seq for mark in marks), *(message.seq or 0 for message in spoken)]),
            numbers([*(mark.event.time for mark in marks), *(message.created_at for message in spoken)]),
            if_any([*self._most, *([None] * len(spoken))]),
            len(marks) + len(spoken),
            stamp,
        )

    def tell(self, outcome: Outcome) -> None:
        """After the commit: announce those that moved, each at the place it reached."""
        alive: set[int] = set()
        standing: dict[Place, tuple[int, int]] = {}
        for position, reached, was_read, was_delivered, receipts in self._rows:
            place = position - 1
            if place < len(self.asked):
                alive.add(place)
            if was_read is not None:
                passed = _decode_receipts(receipts) if receipts else []
                self._tell(outcome, place, reached, standing, (was_read, was_delivered), passed)
        for place, (index, _) in enumerate(self.asked):
            if place not in alive:
                outcome.odd[index] = Fault(FaultCode.UNKNOWN_CONVERSATION)

    def _tell(
        self,
        outcome: Outcome,
        place: int,
        reached: int,
        standing: dict[Place, tuple[int, int]],
        before: tuple[int, int],
        receipts: list[tuple[int, int, ClientId]],
    ) -> None:
        if place >= len(self.asked):
            message = self._spoken[place - len(self.asked)]
            read, _ = standing.get((message.conversation, message.sender), before)
            if passed := _beyond(receipts, read, reached):
                outcome.events.append(read_by(message, passed))
            return
        mark = self.asked[place][1]
        who = (mark.conversation, mark.event.client_id)
        read, delivered = standing.setdefault(who, before)
        arrived = max(read, delivered)
        if isinstance(mark.event, MessagesRead):
            moved, passed = reached > read, _beyond(receipts, read, reached)
            standing[who] = (max(read, reached), delivered)
        else:
            moved, passed = reached > arrived, _beyond(receipts, arrived, reached)
            standing[who] = (read, max(delivered, reached))
        if moved:
            outcome.marks += 1
            outcome.events.append(_as_it_came(mark.event, reached, passed))


def _moved(mark: Mark) -> int:
    return Moved.READ.value if isinstance(mark.event, MessagesRead) else Moved.DELIVERED.value


def _beyond(receipts: list[tuple[int, int, ClientId]], before: int, reached: int) -> Receipts:
    return tuple((number, sender) for seq, number, sender in receipts if before < seq <= reached)


def _as_it_came(event: MessagesRead | MessagesDelivered, reached: int, receipts: Receipts) -> Event:
    if event.seq == reached and not receipts:
        return event
    return msgspec.structs.replace(event, seq=reached, receipts=receipts)
