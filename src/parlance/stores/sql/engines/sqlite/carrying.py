"""A file that is read in one moment of it, or that nobody else has open.

Runs on the loop's thread: who carries rows does nothing else meanwhile.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import apsw

from parlance.stores.sql.carrying import Shape, not_empty, revision_of
from parlance.stores.sql.engine import Row, Value
from parlance.stores.sql.engines.sqlite.connections import open_reader, open_writer, undo
from parlance.stores.sql.engines.sqlite.migrating import explained, write_ahead
from parlance.stores.sql.migrating import SchemaError, upgrade_script

IN_THE_MAKING = ".restoring"
_PATIENCE_MS = 1_000
_ALONE = "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT"


class SqliteAccess:
    """See `Access`."""

    engine = "sqlite"
    dialect = "sqlite://"

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    async def fetch(self, text: str, *values: Value) -> list[Row]:
        """See `Access.fetch`."""
        # Whoever wants to stop it gets a word in.
        await asyncio.sleep(0)
        return self._connection.execute(text, values).fetchall()

    async def run(self, script: str) -> None:
        """See `Access.run`."""
        self._connection.execute(script).fetchall()

    @asynccontextmanager
    async def change(self) -> AsyncIterator[None]:
        """See `Access.change`."""
        with self._connection:
            yield

    async def fill(self, shape: Shape, rows: Sequence[Row]) -> None:
        """See `Access.fill`."""
        names = ", ".join(f'"{name}"' for name in shape.columns)
        places = ", ".join("?" * len(shape.columns))
        with self._connection:
            self._connection.executemany(f'INSERT INTO "{shape.name}" ({names}) VALUES ({places})', rows)

    async def tables(self) -> set[str]:
        """See `Access.tables`."""
        rows = await self.fetch("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {str(name) for (name,) in rows}

    async def counters(self) -> dict[str, int]:
        """See `Access.counters`."""
        if not await self.fetch("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'"):
            return {}
        return {str(name): int(last) for name, last in await self.fetch("SELECT name, seq FROM sqlite_sequence")}

    async def count_on(self, table: str, last: int) -> None:
        """See `Access.count_on`."""
        await self.fetch("DELETE FROM sqlite_sequence WHERE name = $1", table)
        await self.fetch("INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)", table, last)

    async def settle(self) -> None:
        """See `Access.settle`."""
        await self.run("PRAGMA wal_checkpoint(TRUNCATE)")


@asynccontextmanager
async def at_one_moment(path: Path) -> AsyncIterator[SqliteAccess]:
    """Read the file as it is now, beside a running server. Raises SchemaError if it is not there."""
    if not _is_there(path):
        raise SchemaError("there is no such file")
    with explained(), _closing(open_reader(path)) as connection:
        access = SqliteAccess(connection)
        connection.execute("BEGIN")
        # The moment is that of the first look.
        await access.tables()
        yield access


@asynccontextmanager
async def alone(path: Path, *, making: bool = False) -> AsyncIterator[SqliteAccess]:
    """Have the file to oneself. Raises SchemaError if it is not there (unless `making`), or somebody has it open."""
    if not making and not _is_there(path):
        raise SchemaError("there is no such file")
    with explained(), _closing(open_writer(path)) as connection:
        _seize(connection)
        if making:
            write_ahead(connection)
        yield SqliteAccess(connection)


@asynccontextmanager
async def made_anew(path: Path, revision: str, *, replace: bool) -> AsyncIterator[SqliteAccess]:
    """A file with that revision's empty tables, which takes the place of the one at `path` when all is done.

    Raises SchemaError if somebody has that one open, or it has something in it and is not to be replaced.
    """
    fresh = path.with_name(path.name + IN_THE_MAKING)
    _remove(fresh)
    async with _kept_out(path, replace=replace):
        try:
            async with alone(fresh, making=True) as access:
                await access.run(upgrade_script(None, access.dialect, revision))
                yield access
                await access.settle()
        except BaseException:
            _remove(fresh)
            raise
    _remove_logs(path)
    fresh.replace(path)
    _keep_name(path.parent)


@asynccontextmanager
async def _kept_out(path: Path, *, replace: bool) -> AsyncIterator[None]:
    """Nobody opens the file meanwhile; one that is damaged nobody can."""
    if not _is_there(path):
        yield
        return
    with ExitStack() as stack:
        try:
            with explained():
                connection = stack.enter_context(_closing(open_writer(path)))
                _seize(connection)
                access = SqliteAccess(connection)
                await revision_of(access)
                table = await not_empty(access)
        except SchemaError as error:
            if not replace or not isinstance(error.__cause__, apsw.NotADBError | apsw.CorruptError):
                raise
            table = None
        if table and not replace:
            raise SchemaError(f"it is not empty (there are rows in {table}): --replace puts the backup in its place")
        yield


def _seize(connection: apsw.Connection) -> None:
    connection.set_busy_timeout(_PATIENCE_MS)
    try:
        connection.execute(_ALONE).fetchall()
    except apsw.BusyError as error:
        raise SchemaError("somebody has it open: stop the server, and every command, that uses it") from error


@contextmanager
def _closing(connection: apsw.Connection) -> Iterator[apsw.Connection]:
    try:
        yield connection
    finally:
        undo(connection)
        connection.close()


def _is_there(path: Path) -> bool:
    return path.exists()


def _remove(path: Path) -> None:
    _remove_logs(path)
    path.unlink(missing_ok=True)


def _remove_logs(path: Path) -> None:
    """What lies beside a file that was not closed; beside another one it would be taken for that one's."""
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _keep_name(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
