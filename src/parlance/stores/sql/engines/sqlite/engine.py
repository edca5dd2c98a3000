"""SQLite as an engine of the store."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import apsw

from parlance.kernel.clock import Clock
from parlance.stores.sql.engine import Entry, Outcome
from parlance.stores.sql.engines.sqlite.batches import Batches
from parlance.stores.sql.engines.sqlite.connections import open_reader, open_writer
from parlance.stores.sql.engines.sqlite.executors import SqliteReading, SqliteTurn
from parlance.stores.sql.engines.sqlite.migrating import explained
from parlance.stores.sql.engines.sqlite.threads import Hands
from parlance.stores.sql.moments import Moments

READERS = 2
LONGEST_PROBE = 5.0
"""Seconds after which a database that does not answer counts as unwell."""


class SqliteEngine:
    """A file, the thread that writes it, and those that read it. Belongs to the loop it was made on."""

    name = "SQLite"

    def __init__(self, writer: apsw.Connection, readers: list[apsw.Connection], clock: Clock) -> None:
        self._moments = Moments(clock)
        self._batches = Batches(writer, self._moments)
        self._writer = Hands("store-writer", [writer])
        self._readers = Hands("store-reader", readers)
        self._reading = SqliteReading(self._readers)

    @classmethod
    async def open(cls, path: Path, clock: Clock) -> "SqliteEngine":
        """Open the file, whose tables must be there."""
        writer, readers = await asyncio.to_thread(_connections, path)
        return cls(writer, readers, clock)

    @property
    def reading(self) -> SqliteReading:
        """See `Engine.reading`."""
        return self._reading

    def turn(self) -> SqliteTurn:
        """See `Engine.turn`."""
        return SqliteTurn(self._writer, self._moments)

    def commit_batch(self, take: Callable[[], list[Entry]], done: Callable[[Outcome], None]) -> None:
        """See `Engine.commit_batch`."""

        def job(_: apsw.Connection) -> None:
            if entries := take():
                self._writer.post(done, self._batches.commit(entries))

        self._writer.submit(job)

    async def healthy(self) -> bool:
        """See `Engine.healthy`."""
        if self._writer.closing:
            return False
        try:
            async with asyncio.timeout(LONGEST_PROBE):
                await asyncio.gather(self._readers.ask(_probe_reading), self._writer.ask(_probe_writing))
        except Exception:  # noqa: BLE001 - whatever it is, the answer is no
            return False
        return True

    async def size(self) -> int:
        """See `Engine.size`."""
        rows = await self._reading.rows("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(rows[0][0])

    async def on_duty(self, duty: str) -> bool:
        """See `Engine.on_duty`: nobody else has the file open."""
        return not self._writer.closing

    async def close(self) -> None:
        """See `Engine.close`."""
        # The writer last: whoever closes a file last tidies its log away, and only it may.
        await self._readers.stop()
        await self._writer.stop()


def _connections(path: Path) -> tuple[apsw.Connection, list[apsw.Connection]]:
    with explained():
        return open_writer(path), [open_reader(path) for _ in range(READERS)]


def _probe_reading(connection: apsw.Connection) -> None:
    connection.execute("SELECT count(*) FROM apps").fetchall()


def _probe_writing(connection: apsw.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")
