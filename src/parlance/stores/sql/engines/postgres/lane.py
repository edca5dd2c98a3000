"""The one session that writes for this process, and the task that has it.

What this process writes goes one after the other, first come first served, as with SQLite; other processes
write at the same time. While the database is away everything is refused at once and nothing is kept for
later; the lane looks for it by itself.

What was sent to the database and never answered is in doubt. Before the lane takes anything new it makes
sure that the session before has ended, and asks what became of it.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

from parlance.stores.sql.engines.postgres.connections import Connection, dial_to_write, let_go
from parlance.stores.sql.engines.postgres.promises import Promises
from parlance.stores.sql.engines.postgres.tasks import begin
from parlance.stores.sql.migrating import SchemaError

RENEWAL = 1.0
"""Seconds between two promises, and between two looks for a database that is away."""
LONGEST_BURIAL = 5_000
"""Milliseconds that a session may take to end that is told to."""

MOST_NODES = 256

NODES = 0x5061_6E6F
"""The class of the locks by which processes are told apart."""
_SELF = "SELECT pid, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()"
_BURY = (
    f"SELECT pg_terminate_backend(pid, {LONGEST_BURIAL}) FROM pg_stat_activity"
    " WHERE pid = $1 AND backend_start::text = $2"
)
_ANYWHERE = "SELECT hashtext(gen_random_uuid()::text)"
_BE = (
    f"SELECT number FROM (SELECT ($1::bigint + step) & {MOST_NODES - 1} AS number"
    f" FROM generate_series(0, {MOST_NODES - 1}) AS step) AS numbers"
    f" WHERE pg_try_advisory_lock({NODES}, number::int) LIMIT 1"
)

Doubt = Callable[[Connection], Awaitable[None]]
"""Asks what became of something, and tells whoever has to know."""


class Job(Protocol):
    """Something to do in the session."""

    async def run(self, connection: Connection) -> Doubt | None:
        """Do it; never raises. If its answer got lost, how to ask later."""

    def refuse(self) -> None:
        """Tell whoever waits that the database is away."""


class Lane:
    """Takes jobs in their order. Belongs to the loop it was made on."""

    def __init__(self, url: str, promises: Promises, numbered: Callable[[int], None]) -> None:
        self._url = url
        self._numbered = numbered
        self.promises = promises
        self._loop = asyncio.get_running_loop()
        self._jobs: deque[Job] = deque()
        self._doubts: list[Doubt] = []
        self._connection: Connection | None = None
        self._before: tuple[int, str] | None = None
        """The session before this one, so far as we know it."""
        self._number: int | None = None
        self._woken = asyncio.Event()
        self._due = False
        self._timer: asyncio.TimerHandle | None = None
        self._worker: asyncio.Task[None] | None = None
        self.closing = False
        """Whether no more jobs are taken."""

    @property
    def away(self) -> bool:
        """Whether the database is not there at the moment."""
        return self._connection is None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """Whose it is."""
        return self._loop

    async def open(self) -> None:
        """Find the database; raises what keeps it away."""
        await self._dial()
        self._worker = begin(self._work())
        self._beat()

    def submit(self, job: Job) -> None:
        """Have it done, or refused if that cannot be."""
        if self._connection is None:
            job.refuse()
            return
        self._jobs.append(job)
        self._woken.set()

    async def renew(self) -> None:
        """Have the promises renewed, after what was asked for before; does nothing while the database is away."""
        renewal = _Renewal(self)
        self.submit(renewal)
        await renewal.done

    async def stop(self) -> None:
        """Finish what was asked for, then let go of the session."""
        self.closing = True
        self._woken.set()
        if self._worker is not None:
            await self._worker
        if self._timer is not None:
            self._timer.cancel()
        connection, self._connection = self._connection, None
        # Somebody may have come when the worker had just ended.
        self._refuse_all()
        if connection is not None:
            await let_go(connection)

    async def _work(self) -> None:
        while True:
            if self._jobs:
                await self._run(self._jobs.popleft())
            elif self.closing:
                return
            else:
                self._woken.clear()
                await self._woken.wait()
            if self._due:
                self._due = False
                await self._renewed()

    async def _run(self, job: Job) -> None:
        connection = self._connection
        if connection is None or connection.is_closed():
            job.refuse()
            self._lose()
            return
        doubt = await job.run(connection)
        if doubt is not None:
            self._doubts.append(doubt)
            self._lose()
            self._due = True

    async def _renewed(self) -> None:
        """Keep everybody informed; or look whether the database is back."""
        try:
            if self._connection is None:
                if not self.closing:
                    await self._dial()
            else:
                await self.promises.renew(self._connection)
        except Exception:  # noqa: BLE001 - whatever it was, the session is of no use
            self._lose()

    async def _dial(self) -> None:
        connection = await dial_to_write(self._url)
        try:
            await self._be_oneself(connection)
            await self.promises.begin(connection)
            while self._doubts:
                await self._doubts[0](connection)
                del self._doubts[0]
        except BaseException:
            connection.terminate()
            raise
        self._connection = connection

    async def _be_oneself(self, connection: Connection) -> None:
        """Take a number that no other process has; the one from before, if it is free.

        And see to it that the session before, if there was one, does not commit anything any more.
        """
        if self._before is not None:
            for (ended,) in await connection.fetch(_BURY, *self._before):
                if not ended:
                    raise TimeoutError
        pid, began = await connection.fetchrow(_SELF) or (0, "")
        self._before = (pid, began)
        wished = self._number if self._number is not None else await connection.fetchval(_ANYWHERE)
        number = await connection.fetchval(_BE, wished)
        if number is None:
            raise SchemaError(f"{MOST_NODES} processes use it already")
        self._number = number
        self._numbered(number)

    def _lose(self) -> None:
        """The session is gone; so is what it promised."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()
        self._refuse_all()

    def _refuse_all(self) -> None:
        while self._jobs:
            self._jobs.popleft().refuse()

    def _beat(self) -> None:
        self._due = True
        self._woken.set()
        self._timer = self._loop.call_later(RENEWAL, self._beat)


class _Renewal:
    """Renews the promises out of turn."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self.done: asyncio.Future[None] = lane.loop.create_future()

    async def run(self, connection: Connection) -> Doubt | None:
        """See `Job.run`."""
        try:
            await self._lane.promises.renew(connection)
        except Exception:  # noqa: BLE001 - whatever it was, the next job meets it too
            connection.terminate()
        self.refuse()
        return None

    def refuse(self) -> None:
        """See `Job.refuse`."""
        if not self.done.done():
            self.done.set_result(None)
