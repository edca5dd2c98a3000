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
from typing import Any

import apsw
import msgspec

from parlance.core.model.events import Event
from parlance.core.model.message import Message
from parlance.core.ports.appender import Append, Mark
from parlance.kernel.faults import Fault, FaultCode
from parlance.stores.sql import messages
from parlance.stores.sql.engine import Entry, Outcome
from parlance.stores.sql.engines.sqlite.connections import bound, spelled, unavailable, undo
from parlance.stores.sql.engines.sqlite.executors import Moments
from parlance.stores.sql.schema import IN

MOST_HEIGHTS = 200_000
"""Conversations whose height is remembered; over that, memory starts afresh."""

_INSERT = (
    "INSERT INTO messages (id, conversation, seq, sender, ref, type, text, attr, url,"
    " mention_all, mentions, sync, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
)
_RAISE = (
    "UPDATE heights SET last_seq = $1, last_message_at = $2, changed_at = $3 WHERE conversation = $4 AND last_seq = $5"
)
# The sender has read what it sent. No stamp: `heights` is stamped for everybody by the same batch.
_SENDER_READ = (
    "UPDATE members SET read_seq = $1, read_at = $2"
    f" WHERE conversation = $3 AND client_id = $4 AND status = {IN} AND read_seq < $1"
)
_MARK = (
    "UPDATE members SET read_seq = $1, read_at = $2, changed_at = $3"
    f" WHERE conversation = $4 AND client_id = $5 AND status = {IN} AND read_seq < $1 RETURNING $6"
)
_HEIGHTS = spelled(
    "SELECT conversation, last_seq FROM heights WHERE conversation IN (SELECT value FROM EACH_NUMBER($1))"
)
_BY_REF = f"{messages.SELECT} WHERE m.conversation = $1 AND m.sender = $2 AND m.ref = $3"

_encode_mentions = msgspec.json.Encoder().encode
Place = tuple[int, str]
"""A conversation and a client in it."""


class _StaleError(Exception):
    """Memory does not agree with the database."""


class _Plan:
    """What one attempt is going to write, and what it already knows about the outcome."""

    __slots__ = ("before", "events", "marks", "newest", "odd", "read", "refs", "rows")

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.before: dict[int, int] = {}
        """The heights of conversations before they were raised."""
        self.newest: dict[int, int] = {}
        """The times of their newest messages."""
        self.read: dict[Place, tuple[int, int]] = {}
        self.marks: list[tuple[int, int, int, int, str, int]] = []
        self.events: list[Event] = []
        self.odd: dict[int, Fault | Message] = {}
        self.refs: dict[tuple[int, str, str], Message] = {}


class Batches:
    """Lives in the writer's thread, beside its connection."""

    def __init__(self, connection: apsw.Connection, moments: Moments) -> None:
        self._connection = connection
        self._moments = moments
        self._heights: dict[int, int] = {}

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
        heights, before, newest = self._heights, plan.before, plan.newest
        stamp = self._moments.next()
        for index, entry in enumerate(entries):
            if isinstance(entry, Mark):
                self._plan_mark(plan, index, entry, stamp)
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
            before.setdefault(conversation, height)
            newest[conversation] = message.created_at
            message.seq = heights[conversation] = seq = height + 1
            plan.read[conversation, message.sender] = (seq, message.created_at)
            plan.rows.append(_row(message, seq))
            plan.events.append(entry.event)
        return plan

    def _plan_mark(self, plan: _Plan, index: int, entry: Mark, stamp: int) -> None:
        conversation, event = entry.conversation, entry.event
        if event.seq > self._heights.get(conversation, 0) and conversation not in plan.before:
            # More than we remember: another process may have written.
            self._heights.update(self._looked_up({conversation}))
        height = self._heights.get(conversation)
        if height is None:
            plan.odd[index] = Fault(FaultCode.UNKNOWN_CONVERSATION)
            return
        reached = min(event.seq, height)
        plan.marks.append((reached, event.time, stamp, conversation, event.client_id, index))

    def _stored_before(self, plan: _Plan, message: Message) -> Message | None:
        """The message that has this one's `ref`, from the batch or from the database."""
        assert message.ref is not None  # noqa: S101 - for the type checker
        place = (message.conversation, message.sender, message.ref)
        if place in plan.refs:
            return plan.refs[place]
        row = self._connection.execute(_BY_REF, place).fetchone()
        if row is not None:
            return messages.from_row(row)
        plan.refs[place] = message
        return None

    def _written(self, entries: list[Entry], plan: _Plan) -> Outcome:
        connection = self._connection
        if plan.rows:
            connection.executemany(_INSERT, plan.rows)
            self._raise_heights(plan)
        if plan.marks:
            moved = [index for (index,) in connection.executemany(_MARK, plan.marks)]
            plan.events += self._moved(entries, plan, moved)
        if plan.read:
            connection.executemany(
                _SENDER_READ,
                [(seq, at, conversation, client) for (conversation, client), (seq, at) in plan.read.items()],
            )
        return Outcome(
            entries,
            plan.events,
            plan.odd,
            messages=len(plan.rows),
            marks=len(plan.events) - len(plan.rows),
            duplicates=sum(isinstance(odd, Message) for odd in plan.odd.values()),
        )

    def _raise_heights(self, plan: _Plan) -> None:
        connection, heights, stamp = self._connection, self._heights, self._moments.next()
        before = connection.total_changes()
        connection.executemany(
            _RAISE,
            [
                (heights[conversation], plan.newest[conversation], stamp, conversation, height)
                for conversation, height in plan.before.items()
            ],
        )
        if connection.total_changes() - before != len(plan.before):
            raise _StaleError

    def _moved(self, entries: list[Entry], plan: _Plan, moved: Sequence[int]) -> list[Event]:
        heights = {mark[5]: mark[0] for mark in plan.marks}
        events: list[Event] = []
        for index in moved:
            entry = entries[index]
            assert isinstance(entry, Mark)  # noqa: S101 - for the type checker
            event = entry.event
            reached = heights[index]
            events.append(event if event.seq == reached else msgspec.structs.replace(event, seq=reached))
        return events

    def _looked_up(self, conversations: set[int]) -> dict[int, int]:
        # What is not there any more must not stay in memory either.
        for conversation in conversations:
            self._heights.pop(conversation, None)
        rows: Any = self._connection.execute(_HEIGHTS, bound([list(conversations)])).fetchall()
        return dict(rows)

    def _forget(self, entries: list[Entry]) -> None:
        """Nothing of these was stored: memory and messages are as they were before."""
        for entry in entries:
            self._heights.pop(_conversation(entry), None)
            if isinstance(entry, Append):
                entry.event.message.seq = 0


def _conversation(entry: Entry) -> int:
    return entry.event.message.conversation if isinstance(entry, Append) else entry.conversation


def _row(message: Message, seq: int) -> tuple[Any, ...]:
    mentions = message.mentions
    return (
        message.id,
        message.conversation,
        seq,
        message.sender,
        message.ref,
        message.type,
        message.text,
        message.attr,
        message.url,
        message.mention_all,
        _encode_mentions(mentions).decode() if mentions else None,
        message.sync,
        message.created_at,
    )


def _undone(connection: apsw.Connection) -> bool:
    """Roll back; whether that worked."""
    try:
        undo(connection)
    except apsw.Error:
        return False
    return True
