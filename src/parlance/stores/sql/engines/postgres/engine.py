"""PostgreSQL as an engine of the store."""

import asyncio
from collections.abc import Callable

from parlance.kernel.clock import SECOND, Clock
from parlance.stores.sql.engine import Entry, Outcome
from parlance.stores.sql.engines.postgres.batches import BatchJob
from parlance.stores.sql.engines.postgres.connections import Connection
from parlance.stores.sql.engines.postgres.duties import Duties
from parlance.stores.sql.engines.postgres.lane import Doubt, Lane
from parlance.stores.sql.engines.postgres.promises import Promises
from parlance.stores.sql.engines.postgres.readers import PostgresReading
from parlance.stores.sql.engines.postgres.turns import PostgresTurn
from parlance.stores.sql.engines.postgres.turnstile import Turnstile
from parlance.stores.sql.moments import Moments

OLDEST_PROMISE = 3 * SECOND
"""How long the last promise may lie back when somebody asks up to when all is told."""
LONGEST_PROBE = 5.0
"""Seconds after which a database that does not answer counts as unwell."""


class PostgresEngine:
    """A database, the session that writes to it, and those that read. Belongs to the loop it was made on."""

    name = "PostgreSQL"

    def __init__(self, url: str, clock: Clock, numbered: Callable[[int], None]) -> None:
        self._moments = Moments(clock)
        self._promises = Promises(self._moments)
        self._lane = Lane(url, self._promises, numbered)
        self._turnstile = Turnstile(url)
        self._reading = PostgresReading(url, self._complete_until)
        self._duties = Duties(url)

    @classmethod
    async def open(cls, url: str, clock: Clock, numbered: Callable[[int], None]) -> "PostgresEngine":
        """Open the database, whose tables must be there; `numbered` is told which number this process has."""
        engine = cls(url, clock, numbered)
        await engine._lane.open()
        return engine

    @property
    def reading(self) -> PostgresReading:
        """See `Engine.reading`."""
        return self._reading

    def turn(self) -> PostgresTurn:
        """See `Engine.turn`."""
        return PostgresTurn(self._lane, self._turnstile, self._moments)

    def commit_batch(self, take: Callable[[], list[Entry]], done: Callable[[Outcome], None]) -> None:
        """See `Engine.commit_batch`."""
        self._lane.submit(BatchJob(self._moments, take, done))

    async def healthy(self) -> bool:
        """See `Engine.healthy`."""
        if self._lane.closing:
            return False
        probe = _Probe(self._lane.loop)
        self._lane.submit(probe)
        try:
            async with asyncio.timeout(LONGEST_PROBE):
                await self._reading.rows("SELECT count(*) FROM apps")
                return await probe.answer
        except Exception:  # noqa: BLE001 - whatever it is, the answer is no
            return False

    async def size(self) -> int:
        """See `Engine.size`."""
        return int((await self._reading.rows("SELECT pg_database_size(current_database())"))[0][0])

    async def on_duty(self, duty: str) -> bool:
        """See `Engine.on_duty`."""
        return await self._duties.hold(duty)

    async def close(self) -> None:
        """See `Engine.close`."""
        await self._duties.close()
        await self._lane.stop()
        await self._turnstile.close()
        await self._reading.close()

    async def _complete_until(self, now: int) -> int:
        # A second old at most, unless the clock jumped or something held the lane up.
        if self._promises.given < now - OLDEST_PROMISE:
            await self._lane.renew()
        return min(now, self._promises.complete_until)


class _Probe:
    """Asks whether changes would be taken: a database that fell back to being a copy takes none."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.answer: asyncio.Future[bool] = loop.create_future()

    async def run(self, connection: Connection) -> Doubt | None:
        """See `Job.run`."""
        try:
            self._answered(await connection.fetchval("SHOW transaction_read_only") == "off")
        except Exception:  # noqa: BLE001 - whatever it is, the answer is no
            self._answered(False)
        return None

    def refuse(self) -> None:
        """See `Job.refuse`."""
        self._answered(False)

    def _answered(self, answer: bool) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)
