"""Where the transactions of all processes queue: one at a time in the whole cluster.

What an action finds in its transaction (who is in, which number is free) stays so until it commits, as it does
with SQLite. Messages do not queue here: they have the rows of their conversations to take turns at.

The queue has a session of its own, so that the lane goes on with messages while a transaction waits for those of
other processes. Should that session be lost, the lock that the transaction takes itself still keeps others out.
"""

import asyncio

from parlance.stores.sql.engines.postgres.connections import Connection, as_fault, dial_to_write, let_go
from parlance.stores.sql.engines.postgres.tasks import begin

LONGEST_QUEUE = "5s"
"""How long one waits for those of other processes to end."""

MOST_IN_A_ROW = 16
"""Transactions of one process after which those of others come first."""

_TURNS = 0x5061_7475
_ENTER = f"BEGIN; SET LOCAL lock_timeout = '{LONGEST_QUEUE}'; SELECT pg_advisory_xact_lock({_TURNS}, 0)"
_LEAVE = "COMMIT"
TAKE = f"SELECT pg_advisory_xact_lock({_TURNS}, 1)"
"""What the transaction itself begins with: free, unless the queue has failed."""


class Turnstile:
    """The queue, as this process sees it: first come first served within it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._opening: asyncio.Task[Connection] | None = None
        self._within = asyncio.Lock()
        self._waiting = 0
        self._passed = 0
        self._letting: asyncio.Task[None] | None = None
        self._inside = False
        """Whether this process has come through and still has the way to itself."""

    async def enter(self) -> None:
        """Wait until it is this transaction's turn. Raises UNAVAILABLE if that takes too long."""
        self._waiting += 1
        try:
            await self._within.acquire()
        except BaseException:
            # The way may have been kept for this one alone.
            self._letting = begin(self._let_others_through())
            raise
        finally:
            self._waiting -= 1
        try:
            await self._pass()
        except BaseException as error:
            self._break()
            self._within.release()
            if isinstance(error, Exception) and (fault := as_fault(error)) is not error:
                raise fault from error
            raise

    async def leave(self) -> None:
        """Let the next one through: one of this process, for some times, and then those of others."""
        try:
            if self._waiting and self._passed < MOST_IN_A_ROW:
                self._passed += 1
            else:
                await self._go_out()
        finally:
            self._within.release()

    async def _let_others_through(self) -> None:
        async with self._within:
            await self._go_out()

    async def _go_out(self) -> None:
        inside, self._inside, self._passed = self._inside, False, 0
        try:
            if inside and self._connection is not None:
                await self._connection.execute(_LEAVE)
        except Exception:  # noqa: BLE001 - a session that is gone holds nobody up
            self._break()

    async def close(self) -> None:
        """Let go of the session, when nobody is in any more."""
        async with self._within:
            if self._opening is not None:
                await asyncio.gather(self._opening, return_exceptions=True)
                if not self._opening.exception():
                    self._opening.result().terminate()
            connection, self._connection = self._connection, None
            if connection is not None:
                await let_go(connection)

    async def _pass(self) -> None:
        connection = self._connection
        if connection is None or connection.is_closed():
            # Who asked may lose interest; what is being opened is opened, for whoever comes next.
            if self._opening is None:
                self._opening = begin(dial_to_write(self._url))
            try:
                connection = self._connection = await asyncio.shield(self._opening)
            except Exception:
                self._opening = None
                raise
            self._opening = None
            self._inside = False
        if not self._inside:
            await connection.execute(_ENTER)
            self._inside = True

    def _break(self) -> None:
        connection, self._connection = self._connection, None
        self._passed, self._inside = 0, False
        if connection is not None:
            connection.terminate()
