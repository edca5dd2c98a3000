"""Reading, in a few sessions of their own."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from parlance.kernel.faults import Fault, FaultCode
from parlance.stores.sql.engine import NotInTransactionError, Row, Statement, Value
from parlance.stores.sql.engines.postgres.connections import Connection, as_fault, dial, let_go, unavailable
from parlance.stores.sql.engines.postgres.spelling import sought, spelled
from parlance.stores.sql.engines.postgres.tasks import begin

MOST_SESSIONS = 8
MOST_WAITING = 10_000


class PostgresReading:
    """See `Executor`. Sessions are opened as they are needed, and kept."""

    def __init__(self, url: str, complete_until: Callable[[int], Awaitable[int]]) -> None:
        self._url = url
        self._complete_until = complete_until
        self._idle: list[Connection] = []
        self._opened = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._opening: set[asyncio.Task[Connection]] = set()
        self._closed = False

    async def rows(self, text: str, *values: Value) -> list[Row]:
        """See `Executor.rows`."""
        async with self._session() as connection:
            rows: list[Any] = await connection.fetch(spelled(text), *sought(values))
            return rows

    async def rows_together(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """See `Executor.rows_together`."""
        async with self._session() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            found: list[list[Any]] = [
                await connection.fetch(spelled(text), *sought(values)) for text, values in statements
            ]
            return found

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
        """See `Executor.complete_until`."""
        return await self._complete_until(now)

    async def close(self) -> None:
        """Let go of the sessions; those that are reading end with what they read, those that wait for one are told."""
        self._closed = True
        for _ in tuple(self._waiting):
            self._wake()
        await asyncio.gather(*self._opening, return_exceptions=True)
        idle, self._idle = self._idle, []
        await let_go(*idle)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[Connection]:
        connection = await self._taken()
        sound = False
        try:
            yield connection
            sound = True
        except Exception as error:
            sound = not unavailable(error)
            if (fault := as_fault(error)) is error:
                raise
            raise fault from error
        finally:
            self._give_back(connection, sound=sound)

    async def _taken(self) -> Connection:
        while True:
            if self._closed:
                raise Fault(FaultCode.UNAVAILABLE, "the store is closed")
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
                self._opened -= 1
            if self._opened < MOST_SESSIONS:
                return await self._another()
            await self._turn()

    async def _another(self) -> Connection:
        self._opened += 1
        # Who asked may lose interest; what is being opened is opened, for whoever comes next.
        opening = begin(dial(self._url))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(self._adopt)
            raise
        except Exception as error:
            self._opened -= 1
            self._wake()
            raise as_fault(error) from error

    def _adopt(self, opening: "asyncio.Task[Connection]") -> None:
        if opening.cancelled() or opening.exception() is not None:
            self._opened -= 1
            self._wake()
        else:
            self._give_back(opening.result(), sound=True)

    async def _turn(self) -> None:
        if len(self._waiting) >= MOST_WAITING:
            raise Fault(FaultCode.UNAVAILABLE, retry_after=1)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self._wake()
            raise

    def _give_back(self, connection: Connection, *, sound: bool) -> None:
        if sound and not self._closed and not connection.is_closed():
            self._idle.append(connection)
        else:
            self._opened -= 1
            connection.terminate()
        self._wake()

    def _wake(self) -> None:
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(None)
                return
