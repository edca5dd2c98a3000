"""Committing what the appender gathered: the road of every message, so every line here counts.

A batch is one statement; more in one transaction if it has messages and marks, or messages that apps are told of.
What fails because another process was there at the same moment is tried again; what fails by itself is halved until
what is wrong stands alone.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import asyncpg

from parlance.core.ports.appender import Append
from parlance.kernel.faults import Fault, FaultCode
from parlance.stores.sql.engine import Entry, Outcome
from parlance.stores.sql.engines.postgres.appends import Appends, find_by_number
from parlance.stores.sql.engines.postgres.connections import Connection, unavailable, worth_another_try
from parlance.stores.sql.engines.postgres.lane import Doubt
from parlance.stores.sql.engines.postgres.marks import Marks
from parlance.stores.sql.moments import Moments

if TYPE_CHECKING:
    from parlance.core.model.events import Event

ATTEMPTS = 3

_HELD = """
SELECT h.conversation FROM heights h WHERE h.conversation = ANY($1::bigint[])
EXCEPT SELECT f.conversation FROM (
    SELECT h.conversation FROM heights h WHERE h.conversation = ANY($1::bigint[]) FOR UPDATE SKIP LOCKED
) f
"""

Done = Callable[[Outcome], None]


class BatchJob:
    """One batch on its way: see `Job`. What is in it is decided when its turn comes."""

    def __init__(self, moments: Moments, take: Callable[[], list[Entry]], done: Done) -> None:
        self._moments = moments
        self._take = take
        self._done = done
        self._lost: list[Entry] = []
        self._patience = ATTEMPTS

    async def run(self, connection: Connection) -> Doubt | None:
        """See `Job.run`."""
        if not (entries := self._take()):
            return None
        began = self._moments.monotonic()
        outcome = await self._attempted(connection, entries)
        outcome.seconds = self._moments.monotonic() - began
        self._done(outcome)
        return self._looked_up if self._lost else None

    def refuse(self) -> None:
        """See `Job.refuse`."""
        if entries := self._take():
            self._done(_refused(entries, Fault(FaultCode.UNAVAILABLE, retry_after=1)))

    async def _attempted(self, connection: Connection, entries: list[Entry]) -> Outcome:
        fault: Exception
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await _stored(connection, entries, self._moments.next())
            except Exception as error:  # noqa: BLE001 - the senders are told, or it is tried again
                fault = error
            if connection.is_closed() or isinstance(fault, TimeoutError):
                self._lost += entries
                connection.terminate()
                return _refused(entries, _said(fault))
            if isinstance(fault, asyncpg.LockNotAvailableError):
                return await self._past_the_held(connection, entries, fault)
            if attempt == ATTEMPTS or not worth_another_try(fault):
                break
        if len(entries) == 1 or unavailable(fault):
            return _refused(entries, _said(fault))
        middle = len(entries) // 2
        first = await self._attempted(connection, entries[:middle])
        return _together(first, await self._attempted(connection, entries[middle:]))

    async def _past_the_held(self, connection: Connection, entries: list[Entry], fault: Exception) -> Outcome:
        """Another process holds a conversation and does not go on: that must not hold up all the others."""
        try:
            held = {number for (number,) in await connection.fetch(_HELD, [_conversation(entry) for entry in entries])}
        except Exception as error:  # noqa: BLE001 - the senders are told
            return _refused(entries, _said(error))
        free = [index for index, entry in enumerate(entries) if _conversation(entry) not in held]
        if len(free) == len(entries):
            return await self._attempted(connection, entries) if self._patient() else _refused(entries, _said(fault))
        outcome = _refused(entries, _said(fault))
        if free:
            stored = await self._attempted(connection, [entries[index] for index in free])
            for place, index in enumerate(free):
                del outcome.odd[index]
                if place in stored.odd:
                    outcome.odd[index] = stored.odd[place]
            outcome.events = stored.events
            outcome.messages, outcome.marks, outcome.duplicates = stored.messages, stored.marks, stored.duplicates
        return outcome

    def _patient(self) -> bool:
        """Whether to try once more, now that nobody seems to hold anything."""
        self._patience -= 1
        return self._patience >= 0

    async def _looked_up(self, connection: Connection) -> None:
        """Announce what was stored after all. Who sent it was told that it may not be, and sends it again."""
        sent = {entry.event.message.id: entry.event for entry in self._lost if isinstance(entry, Append)}
        stored = {message.id: message for message in await find_by_number(connection, sent)}
        events: list[Event] = []
        # In the order in which they were given numbers; the database answers in any.
        for number, event in sent.items():
            if number in stored:
                event.message.seq, event.message.created_at = stored[number].seq, stored[number].created_at
                events.append(event)
        self._done(Outcome([], events, {}, messages=len(events)))


async def _stored(connection: Connection, entries: list[Entry], stamp: int) -> Outcome:
    """Store them durably, all or none; raises what kept them out."""
    appends, marks = Appends(entries), Marks(entries)
    reading = not marks.asked and not appends.receipts
    if reading and not appends.told:
        await appends.store(connection, stamp, reading=True)
    elif not appends.sent:
        await marks.move(connection, stamp)
    else:
        async with connection.transaction():
            await appends.store(connection, stamp, reading=reading)
            await appends.tell_apps(connection, stamp)
            if not reading:
                marks.come_after(appends)
                await marks.move(connection, stamp)
    outcome = Outcome(entries, [], {})
    await appends.tell(connection, outcome)
    marks.tell(outcome)
    return outcome


def _conversation(entry: Entry) -> int:
    return entry.event.message.conversation if isinstance(entry, Append) else entry.conversation


def _said(error: Exception) -> Fault:
    fault = Fault(FaultCode.UNAVAILABLE, retry_after=1) if unavailable(error) else Fault(FaultCode.INTERNAL)
    fault.__cause__ = error
    return fault


def _refused(entries: list[Entry], fault: Fault) -> Outcome:
    return Outcome(entries, [], dict.fromkeys(range(len(entries)), fault))


def _together(first: Outcome, second: Outcome) -> Outcome:
    """Two halves of a batch as one."""
    moved = len(first.entries)
    return Outcome(
        first.entries + second.entries,
        first.events + second.events,
        first.odd | {moved + index: odd for index, odd in second.odd.items()},
        messages=first.messages + second.messages,
        marks=first.marks + second.marks,
        duplicates=first.duplicates + second.duplicates,
    )
