"""One transaction: the lane serves its steps, and nobody else's, until it ends."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from parlance.kernel.faults import Fault, FaultCode
from parlance.stores.sql import engine as seam
from parlance.stores.sql.engine import NotInTransactionError, Row, Statement, Value
from parlance.stores.sql.engines.postgres.connections import Connection, as_fault, unavailable
from parlance.stores.sql.engines.postgres.lane import Doubt, Lane
from parlance.stores.sql.engines.postgres.spelling import sought, spelled
from parlance.stores.sql.engines.postgres.tasks import begin
from parlance.stores.sql.engines.postgres.turnstile import TAKE, Turnstile
from parlance.stores.sql.moments import Moments

LONGEST_WAIT = "5s"
"""How long one waits for a row that another process holds."""

_BEGIN = f"BEGIN; SET LOCAL lock_timeout = '{LONGEST_WAIT}'; {TAKE}"
# Its number tells afterwards whether it was committed, should the answer get lost.
_NUMBER = "SELECT pg_current_xact_id()::text"
_OUTCOME = "SELECT pg_xact_status($1::text::xid8)"

Result = TypeVar("Result")
Step = Callable[[Connection], Awaitable[bool]]
"""Something to do in a turn; answers whether the turn is over."""


class PostgresTurn:
    """See `Turn`."""

    def __init__(self, lane: Lane, turnstile: Turnstile, moments: Moments) -> None:
        self._lane = lane
        self._turnstile = turnstile
        self._moments = moments
        self._steps: deque[Step] = deque()
        self._stepped = asyncio.Event()
        self._waiting: set[asyncio.Future[Any]] = set()
        self._granted: asyncio.Future[None] = lane.loop.create_future()
        self._number = ""
        self._doubt: Doubt | None = None
        self._began = 0
        self._open = False
        self._late = False
        self._leaving: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """See `Turn.open`."""
        if self._lane.closing:
            raise Fault(FaultCode.UNAVAILABLE, "the store is closed")
        if self._lane.away:
            raise Fault(FaultCode.UNAVAILABLE, retry_after=1)
        await self._turnstile.enter()
        self._open = True
        self._lane.submit(self)
        try:
            await self._granted
        except BaseException:
            self.roll_back()
            raise

    async def rows(self, text: str, *values: Value) -> list[Row]:
        """See `Executor.rows`."""
        return await self._ask(lambda connection: _fetched(connection, text, sought(values)))

    async def rows_together(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """See `Executor.rows_together`."""
        asked = [(text, tuple(sought(values))) for text, values in statements]
        return await self._ask(lambda connection: _all_fetched(connection, asked))

    async def change(self, text: str, *values: Value) -> list[Row]:
        """See `Executor.change`."""
        return await self._ask(lambda connection: _fetched(connection, text, values))

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
        """See `Executor.complete_until`: as far as was seen before this turn began."""
        return min(now, self._lane.promises.complete_until)

    async def commit(self, committed: Callable[[], None]) -> None:
        """See `Turn.commit`."""
        future = self._promise()
        self._open = False

        async def step(connection: Connection) -> bool:
            try:
                await self._commit(connection, committed)
            except Exception as error:  # noqa: BLE001 - it belongs to whoever waits for the commit
                await _undo(connection)
                _fail(future, as_fault(error))
            else:
                committed()
                _settle(future, None)
            return True

        self._put(step)
        await future

    def roll_back(self) -> None:
        """See `Turn.roll_back`."""
        if self._open:
            self._open = False
            self._put(_rolled_back)

    async def run(self, connection: Connection) -> Doubt | None:
        """In the lane: the whole turn."""
        try:
            return await self._taken(connection)
        finally:
            # The lane need not wait for that.
            self._leaving = begin(self._turnstile.leave())

    def refuse(self) -> None:
        """See `Job.refuse`."""
        self._open = False
        _fail(self._granted, Fault(FaultCode.UNAVAILABLE, retry_after=1))
        self._leaving = begin(self._turnstile.leave())

    async def _taken(self, connection: Connection) -> Doubt | None:
        if self._granted.cancelled():
            return None
        try:
            await connection.execute(_BEGIN)
            self._number = await connection.fetchval(_NUMBER)
        except Exception as error:  # noqa: BLE001 - it belongs to whoever waits for the turn
            await _undo(connection)
            _fail(self._granted, as_fault(error))
            return None
        self._began = self._moments.next()
        _settle(self._granted, None)
        await self._serve(connection)
        return self._doubt

    async def _serve(self, connection: Connection) -> None:
        while True:
            if not self._steps:
                self._stepped.clear()
                try:
                    async with asyncio.timeout(seam.LONGEST_PAUSE):
                        await self._stepped.wait()
                except TimeoutError:
                    await _undo(connection)
                    self._forgotten()
                    return
            if await self._steps.popleft()(connection):
                return

    async def _commit(self, connection: Connection, committed: Callable[[], None]) -> None:
        if connection.is_closed():
            raise Fault(FaultCode.UNAVAILABLE, retry_after=1)
        try:
            ended = await connection.execute("COMMIT")
        except Exception as error:
            if unavailable(error):
                self._doubt = self._asking(committed)
            raise
        if ended != "COMMIT":
            raise NotInTransactionError("a statement of it had failed, so all of it is undone")

    def _asking(self, committed: Callable[[], None]) -> Doubt:
        number = self._number

        async def ask(connection: Connection) -> None:
            if await connection.fetchval(_OUTCOME, number) == "committed":
                committed()

        return ask

    async def _ask(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        future: asyncio.Future[Result] = self._promise()

        async def step(connection: Connection) -> bool:
            try:
                result = await work(connection)
            except Exception as error:  # noqa: BLE001 - whatever it is belongs to whoever waits for the future
                _fail(future, as_fault(error))
            else:
                _settle(future, result)
            return False

        self._put(step)
        return await future

    def _put(self, step: Step) -> None:
        self._steps.append(step)
        self._stepped.set()

    def _promise(self) -> asyncio.Future[Any]:
        if self._late:
            raise _too_late()
        if not self._open:
            raise NotInTransactionError("this transaction has ended")
        future: asyncio.Future[Any] = self._lane.loop.create_future()
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)
        return future

    def _forgotten(self) -> None:
        self._open, self._late = False, True
        for future in list(self._waiting):
            _fail(future, _too_late())


def _too_late() -> Fault:
    return Fault(FaultCode.UNAVAILABLE, "the transaction took too long")


async def _fetched(connection: Connection, text: str, values: Sequence[Value]) -> list[Row]:
    rows: list[Any] = await connection.fetch(spelled(text), *values)
    return rows


async def _all_fetched(connection: Connection, statements: Sequence[Statement]) -> list[list[Row]]:
    return [await _fetched(connection, text, values) for text, values in statements]


async def _rolled_back(connection: Connection) -> bool:
    await _undo(connection)
    return True


async def _undo(connection: Connection) -> None:
    """Roll back. A session that cannot even do that is of no use any more."""
    if connection.is_closed():
        return
    try:
        await connection.execute("ROLLBACK")
    except Exception:  # noqa: BLE001 - what was wrong is known already, or will be
        connection.terminate()


def _settle(future: asyncio.Future[Any], result: object) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
