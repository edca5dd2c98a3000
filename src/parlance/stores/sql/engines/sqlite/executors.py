"""Running statements: in a reading thread, or in a turn of the writer's."""

import asyncio
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import apsw

from parlance.kernel.faults import Fault, FaultCode
from parlance.stores.sql import engine as seam
from parlance.stores.sql.engine import NotInTransactionError, Row, Statement, Value
from parlance.stores.sql.engines.sqlite.connections import as_fault, bound, spelled, undo
from parlance.stores.sql.engines.sqlite.threads import Hands
from parlance.stores.sql.moments import Moments

Result = TypeVar("Result")
Step = Callable[[apsw.Connection], bool]
"""Something to do in a turn; answers whether the turn is over."""


class SqliteReading:
    """Reads in one of the reading threads, one hop a call."""

    def __init__(self, readers: Hands) -> None:
        self._readers = readers

    async def rows(self, text: str, *values: Value) -> list[Row]:
        """See `Executor.rows`."""
        statement, bindings = spelled(text), bound(values)
        return await self._readers.ask(lambda connection: _fetched(connection, statement, bindings))

    async def rows_together(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """See `Executor.rows_together`."""
        return await self._readers.ask(lambda connection: _snapshot(connection, statements))

    async def change(self, text: str, *values: Value) -> list[Row]:
        """See `Executor.change`: a reader refuses."""
        raise NotInTransactionError("this takes a transaction")

    async def change_together(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """See `Executor.change_together`: a reader refuses."""
        raise NotInTransactionError("this takes a transaction")

    def stamp(self, at: int) -> int:
        """See `Executor.stamp`: a reader has none to give."""
        raise NotInTransactionError("this takes a transaction")

    async def complete_until(self, now: int) -> int:
        """See `Executor.complete_until`: one file has one writer at a time."""
        return now


class SqliteTurn:
    """One transaction: the writer's thread serves its steps, and nobody else's, until it ends."""

    def __init__(self, writer: Hands, moments: Moments) -> None:
        self._writer = writer
        self._moments = moments
        self._steps: SimpleQueue[Step] = SimpleQueue()
        self._waiting: set[asyncio.Future[Any]] = set()
        self._began = 0
        self._open = False
        self._late = False

    async def open(self) -> None:
        """See `Turn.open`."""
        if self._writer.closing:
            raise Fault(FaultCode.UNAVAILABLE, "the store is closed")
        granted: asyncio.Future[None] = self._writer.loop.create_future()
        self._writer.submit(lambda connection: self._serve(connection, granted))
        self._open = True
        try:
            await granted
        except BaseException:
            self.roll_back()
            raise

    async def rows(self, text: str, *values: Value) -> list[Row]:
        """See `Executor.rows`."""
        return await self.change(text, *values)

    async def rows_together(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """See `Executor.rows_together`."""
        return await self.change_together(statements)

    async def change(self, text: str, *values: Value) -> list[Row]:
        """See `Executor.change`."""
        statement, bindings = spelled(text), bound(values)
        return await self._ask(lambda connection: _fetched(connection, statement, bindings))

    async def change_together(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """See `Executor.change_together`."""
        return await self._ask(lambda connection: _all_fetched(connection, statements))

    def stamp(self, at: int) -> int:
        """See `Executor.stamp`."""
        if at > self._began:
            self._began = at
            self._moments.raise_to(at)
        return self._began

    async def complete_until(self, now: int) -> int:
        """See `Executor.complete_until`: nobody else writes."""
        return now

    async def commit(self, committed: Callable[[], None]) -> None:
        """See `Turn.commit`."""
        future = self._promise()
        self._open = False

        def step(connection: apsw.Connection) -> bool:
            try:
                _still_open(connection)
                connection.execute("COMMIT")
            except Exception as error:  # noqa: BLE001 - it belongs to whoever waits for the commit
                undo(connection)
                self._writer.post(self._failed, future, as_fault(error))
            else:
                self._writer.post(self._committed, future, committed)
            return True

        self._steps.put(step)
        await future

    def roll_back(self) -> None:
        """See `Turn.roll_back`."""
        if self._open:
            self._open = False
            self._steps.put(_rolled_back)

    async def _ask(self, work: Callable[[apsw.Connection], Result]) -> Result:
        future: asyncio.Future[Result] = self._promise()

        def step(connection: apsw.Connection) -> bool:
            self._writer.answer(future, lambda ours: _within(ours, work), connection)
            return False

        self._steps.put(step)
        return await future

    def _promise(self) -> asyncio.Future[Any]:
        if self._late:
            raise _too_late()
        if not self._open:
            raise NotInTransactionError("this transaction has ended")
        future: asyncio.Future[Any] = self._writer.loop.create_future()
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)
        return future

    def _serve(self, connection: apsw.Connection, granted: asyncio.Future[None]) -> None:
        """In the writer's thread: the whole turn."""
        if granted.cancelled():
            return
        self._writer.answer(granted, self._begin, connection)
        if not connection.in_transaction:
            return
        while True:
            try:
                step = self._steps.get(timeout=seam.LONGEST_PAUSE)
            except Empty:
                undo(connection)
                self._writer.post(self._forgotten)
                return
            if step(connection):
                return

    def _begin(self, connection: apsw.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        self._began = self._moments.next()

    def _committed(self, future: asyncio.Future[None], committed: Callable[[], None]) -> None:
        committed()
        if not future.done():
            future.set_result(None)

    def _failed(self, future: asyncio.Future[None], error: Exception) -> None:
        if not future.done():
            future.set_exception(error)

    def _forgotten(self) -> None:
        self._open, self._late = False, True
        for future in list(self._waiting):
            self._failed(future, _too_late())


def _too_late() -> Fault:
    return Fault(FaultCode.UNAVAILABLE, "the transaction took too long")


def _fetched(connection: apsw.Connection, statement: str, bindings: Sequence[int | str | None]) -> list[Row]:
    return connection.execute(statement, bindings).fetchall()


def _all_fetched(connection: apsw.Connection, statements: Sequence[Statement]) -> list[list[Row]]:
    return [_fetched(connection, spelled(text), bound(values)) for text, values in statements]


def _snapshot(connection: apsw.Connection, statements: Sequence[Statement]) -> list[list[Row]]:
    connection.execute("BEGIN")
    try:
        return _all_fetched(connection, statements)
    finally:
        undo(connection)


def _still_open(connection: apsw.Connection) -> None:
    # When the disk fails SQLite may have ended the transaction: what follows must not be kept by itself.
    if not connection.in_transaction:
        raise Fault(FaultCode.UNAVAILABLE, retry_after=1)


def _within(connection: apsw.Connection, work: Callable[[apsw.Connection], Result]) -> Result:
    _still_open(connection)
    return work(connection)


def _rolled_back(connection: apsw.Connection) -> bool:
    undo(connection)
    return True
