"""Committing what the appender gathered: the road of every message, so every line here counts.

A batch is tried in up to three ways, each in a transaction of its own:

1. *Swiftly*: sequence numbers from memory, nothing looked up. Two things in the database object if memory
   was wrong or a `ref` came twice: the UPDATE of `heights`, which names the height it goes out from and must
   change one row per conversation, and the unique indexes. So there is nothing to keep in step with other
   processes, deletions or rollbacks: whoever remembers wrongly is told.
2. *Carefully*: heights and refs looked up first. Settles duplicates and conversations that are gone.
3. *One by one*, each entry behind a savepoint, so that one that cannot be stored keeps out only itself.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import apsw
import msgspec

from parlance.core.model.events import Event, MessagesDelivered, MessageSent, MessagesRead, Receipts
from parlance.core.model.message import Message
from parlance.core.ports.appender import Append, Mark
from parlance.kernel.faults import Fault, FaultCode
from parlance.stores.sql.appending import (
    DELIVERED,
    HEIGHTS,
    INSERT,
    PASSED_BY_DELIVERY,
    PASSED_BY_READING,
    RAISE,
    READ,
    SENDER_READ,
    message_row,
)
from parlance.stores.sql.deliveries import INSERT as TELL
from parlance.stores.sql.deliveries import delivery_row
from parlance.stores.sql.engine import Entry, Outcome
from parlance.stores.sql.engines.sqlite.connections import bound, spelled, unavailable, undo
from parlance.stores.sql.messages import BY_REF, from_row
from parlance.stores.sql.moments import Moments

MOST_HEIGHTS = 200_000
"""Conversations whose height is remembered; over that, memory starts afresh."""

_HEIGHTS = spelled(HEIGHTS)

_READING, _DELIVERING = -1, -2

Place = tuple[int, str]
"""A conversation and a client in it."""


_Reached = tuple[int, int, Mark]
"""A mark by its place in the batch, and how far it goes."""


class _StaleError(Exception):
    """Memory does not agree with the database."""


class _Height(msgspec.Struct, gc=False):
    """How high a conversation's sequence stands, when its newest message was made, and the newest with a receipt."""

    seq: int
    made_at: int
    receipt_seq: int


class _Plan:
    """What one attempt is going to write, and what it already knows about the outcome."""

    __slots__ = ("before", "events", "marks", "odd", "read", "refs", "replied", "rows", "told")

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.before: dict[int, int] = {}
        """The heights of conversations before they were raised."""
        self.read: dict[Place, tuple[int, int]] = {}
        self.replied: dict[Place, MessageSent] = {}
        """Who spoke where messages have receipts: what it has read by that."""
        self.told: list[Append] = []
        """Those of which an app is told."""
        self.marks: list[_Reached] = []
        self.events: list[Event] = []
        self.odd: dict[int, Fault | Message] = {}
        self.refs: dict[tuple[int, str, str], Message] = {}


class Batches:
    """Lives in the writer's thread, beside its connection."""

    def __init__(self, connection: apsw.Connection, moments: Moments) -> None:
        self._connection = connection
        self._moments = moments
        self._heights: dict[int, _Height] = {}

    def commit(self, entries: list[Entry]) -> Outcome:
        """Store the entries durably; never raises."""
        began = self._moments.monotonic()
        outcome = self._attempted(entries)
        outcome.seconds = self._moments.monotonic() - began
        return outcome

    def _attempted(self, entries: list[Entry]) -> Outcome:
        attempts: tuple[Callable[[list[Entry]], Outcome], ...] = (self._swiftly, self._carefully, self._one_by_one)
        fault = Fault(FaultCode.INTERNAL)
        for attempt in attempts:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                outcome = attempt(entries)
                self._connection.execute("COMMIT")
            except Exception as error:  # noqa: BLE001 - the next attempt, or the senders, are told
                self._forget(entries)
                if _undone(self._connection) and not unavailable(error):
                    fault.__cause__ = error
                    continue
                fault = Fault(FaultCode.UNAVAILABLE, retry_after=1)
                fault.__cause__ = error
                break
            return outcome
        return Outcome(entries, [], dict.fromkeys(range(len(entries)), fault))

    def _swiftly(self, entries: list[Entry]) -> Outcome:
        heights = self._heights
        if len(heights) > MOST_HEIGHTS:
            heights.clear()
        if unknown := {conversation for entry in entries if (conversation := _conversation(entry)) not in heights}:
            heights.update(self._looked_up(unknown))
        return self._written(entries, self._planned(entries, looks_up=False))

    def _carefully(self, entries: list[Entry]) -> Outcome:
        self._heights.update(self._looked_up({_conversation(entry) for entry in entries}))
        return self._written(entries, self._planned(entries, looks_up=True))

    def _one_by_one(self, entries: list[Entry]) -> Outcome:
        outcome = Outcome(entries, [], {})
        for index, entry in enumerate(entries):
            self._connection.execute("SAVEPOINT entry")
            try:
                alone = self._carefully([entry])
            except Exception as error:
                if unavailable(error) or not self._connection.in_transaction:
                    raise
                self._connection.execute("ROLLBACK TO entry")
                self._forget([entry])
                fault = Fault(FaultCode.INTERNAL)
                fault.__cause__ = error
                outcome.odd[index] = fault
            else:
                outcome.events += alone.events
                if 0 in alone.odd:
                    outcome.odd[index] = alone.odd[0]
                outcome.messages += alone.messages
                outcome.marks += alone.marks
                outcome.duplicates += alone.duplicates
            self._connection.execute("RELEASE entry")
        return outcome

    def _planned(self, entries: list[Entry], *, looks_up: bool) -> _Plan:
        plan = _Plan()
        heights, before = self._heights, plan.before
        for index, entry in enumerate(entries):
            if isinstance(entry, Mark):
                self._plan_mark(plan, index, entry)
                continue
            message = entry.event.message
            conversation = message.conversation
            height = heights.get(conversation)
            if height is None:
                plan.odd[index] = Fault(FaultCode.UNKNOWN_CONVERSATION)
                continue
            if looks_up and message.ref is not None and (stored := self._stored_before(plan, message)) is not None:
                plan.odd[index] = stored
                continue
            seq = height.seq + 1
            before.setdefault(conversation, seq - 1)
            height.seq = message.seq = seq
            # Times in a conversation grow with its numbers.
            if message.created_at <= height.made_at:
                message.created_at = height.made_at + 1
            height.made_at = message.created_at
            if message.receipt:
                height.receipt_seq = seq
            place = (conversation, message.sender)
            plan.read[place] = (seq, message.created_at)
            if height.receipt_seq:
                plan.replied[place] = entry.event
            plan.rows.append(message_row(message, seq))
            plan.events.append(entry.event)
            if entry.told is not None:
                plan.told.append(entry)
        return plan

    def _plan_mark(self, plan: _Plan, index: int, entry: Mark) -> None:
        conversation, event = entry.conversation, entry.event
        height = self._heights.get(conversation)
        if (height is None or event.seq > height.seq) and conversation not in plan.before:
            # More than we remember: another process may have written.
            self._heights.update(self._looked_up({conversation}))
            height = self._heights.get(conversation)
        if height is None:
            plan.odd[index] = Fault(FaultCode.UNKNOWN_CONVERSATION)
            return
        plan.marks.append((index, min(event.seq, height.seq), entry))

    def _stored_before(self, plan: _Plan, message: Message) -> Message | None:
        """The message that has this one's `ref`, from the batch or from the database."""
        assert message.ref is not None  # noqa: S101 - for the type checker
        place = (message.conversation, message.sender, message.ref)
        if place in plan.refs:
            return plan.refs[place]
        row = self._connection.execute(BY_REF, place).fetchone()
        if row is not None:
            return from_row(row)
        plan.refs[place] = message
        return None

    def _written(self, entries: list[Entry], plan: _Plan) -> Outcome:
        connection = self._connection
        if plan.rows:
            connection.executemany(INSERT, plan.rows)
            self._raise_heights(plan)
        if plan.told:
            connection.executemany(TELL, _told_rows(plan.told, self._moments.next()))
        moved = self._moved(plan.marks) if plan.marks else []
        if moved:
            plan.events += moved
        if plan.replied:
            plan.events += self._read_by_replying(plan.replied)
        if plan.read:
            connection.executemany(
                SENDER_READ,
                [(seq, at, conversation, client) for (conversation, client), (seq, at) in plan.read.items()],
            )
        return Outcome(
            entries,
            plan.events,
            plan.odd,
            messages=len(plan.rows),
            marks=len(moved),
            duplicates=sum(isinstance(odd, Message) for odd in plan.odd.values()),
        )

    def _raise_heights(self, plan: _Plan) -> None:
        connection, heights, stamp = self._connection, self._heights, self._moments.next()
        before = connection.total_changes()
        connection.executemany(
            RAISE,
            [
                ((height := heights[conversation]).seq, height.made_at, stamp, conversation, before_it)
                for conversation, before_it in plan.before.items()
            ],
        )
        if connection.total_changes() - before != len(plan.before):
            raise _StaleError

    def _moved(self, marks: Sequence[_Reached]) -> list[Event]:
        """Move the marks; what of it is to be told."""
        stamp = self._moments.next()
        events: list[Event] = []
        for how, alike in groupby(marks, self._how_to_move):
            run = list(alike)
            receipts: Receipts = ()
            if how >= 0:
                receipts = self._passed_by(run[0])
            if isinstance(run[0][2].event, MessagesRead):
                moved = self._connection.executemany(READ, [_reading(mark, stamp, at) for at, mark in enumerate(run)])
            else:
                moved = self._connection.executemany(DELIVERED, [_delivery(mark, at) for at, mark in enumerate(run)])
            for (at,) in moved:
                _, reached, entry = run[at]
                events.append(_as_it_came(entry.event, reached, receipts))
        return events

    def _how_to_move(self, mark: _Reached) -> int:
        """The same number for marks that move in one go: of a kind, and without receipts to look for."""
        index, _, entry = mark
        # Nearly no conversation has receipts, and whether it has is known without asking.
        if self._heights[entry.conversation].receipt_seq:
            return index
        return _READING if type(entry.event) is MessagesRead else _DELIVERING

    def _passed_by(self, mark: _Reached) -> Receipts:
        _, reached, entry = mark
        text = PASSED_BY_READING if isinstance(entry.event, MessagesRead) else PASSED_BY_DELIVERY
        return self._passed(text, reached, entry.conversation, entry.event.client_id)

    def _read_by_replying(self, replied: dict[Place, MessageSent]) -> list[Event]:
        """The receipts of those whom somebody answered without saying that it has read them."""
        events: list[Event] = []
        for (conversation, client), sent in replied.items():
            message = sent.message
            assert message.seq is not None  # noqa: S101 - for the type checker
            receipts = self._passed(PASSED_BY_READING, message.seq, conversation, client)
            if receipts:
                told = tuple(dict.fromkeys(sender for _, sender in receipts))
                read = (message.app_id, message.conv_id, message.sender, message.seq, message.created_at)
                events.append(MessagesRead(*read, told, None, receipts))
        return events

    def _passed(self, text: str, reached: int, conversation: int, client: str) -> Receipts:
        rows: Any = self._connection.execute(text, (reached, conversation, client)).fetchall()
        return tuple(rows)

    def _looked_up(self, conversations: set[int]) -> dict[int, _Height]:
        # What is not there any more must not stay in memory either.
        for conversation in conversations:
            self._heights.pop(conversation, None)
        rows: Any = self._connection.execute(_HEIGHTS, bound([list(conversations)])).fetchall()
        return {conversation: _Height(*rest) for conversation, *rest in rows}

    def _forget(self, entries: list[Entry]) -> None:
        """Nothing of these was stored: memory and messages are as they were before."""
        for entry in entries:
            self._heights.pop(_conversation(entry), None)
            if isinstance(entry, Append):
                entry.event.message.seq = 0


def _conversation(entry: Entry) -> int:
    return entry.event.message.conversation if isinstance(entry, Append) else entry.conversation


def _told_rows(told: Sequence[Append], stamp: int) -> list[tuple[Any, ...]]:
    """What apps are told of messages that have their places."""
    rows = []
    for entry in told:
        message = entry.event.message
        assert entry.told is not None  # noqa: S101 - for the type checker
        assert message.seq is not None  # noqa: S101 - for the type checker
        rows += [delivery_row(each, stamp) for each in entry.told(message.seq, message.created_at)]
    return rows


def _reading(mark: _Reached, stamp: int, at: int) -> tuple[Any, ...]:
    _, reached, entry = mark
    event = entry.event
    return (reached, event.time, stamp, entry.conversation, event.client_id, at)


def _delivery(mark: _Reached, at: int) -> tuple[Any, ...]:
    _, reached, entry = mark
    event = entry.event
    return (reached, event.time, entry.conversation, event.client_id, at)


def _as_it_came(event: MessagesRead | MessagesDelivered, reached: int, receipts: Receipts) -> Event:
    if event.seq == reached and not receipts:
        return event
    return msgspec.structs.replace(event, seq=reached, receipts=receipts)


def _undone(connection: apsw.Connection) -> bool:
    """Roll back; whether that worked."""
    try:
        undo(connection)
    except apsw.Error:
        return False
    return True
