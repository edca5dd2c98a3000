"""A database that is read in one moment of it, or that no server uses."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg

from parlance.stores.sql.carrying import Shape, not_empty, revision_of
from parlance.stores.sql.engine import Row, Value
from parlance.stores.sql.engines.postgres.connections import Connection
from parlance.stores.sql.engines.postgres.lane import NODES
from parlance.stores.sql.engines.postgres.migrating import MIGRATIONS, session
from parlance.stores.sql.migrating import SchemaError, upgrade_script

_SERVERS = (
    f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = {NODES} AND objsubid = 2 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
# One that was killed a moment ago may not have been buried yet.
_ONE_AT_A_TIME = f"SET lock_timeout = '2s'; SELECT pg_advisory_lock({MIGRATIONS}, 1)"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
_COUNTED = (
    "SELECT c.relname, pg_get_serial_sequence(quote_ident(c.relname), a.attname) FROM pg_class c"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace"
    " AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL"
)
_LAST = "SELECT pg_sequence_last_value($1::text::regclass)"
_COUNT_ON = "SELECT setval($1::text::regclass, $2)"


# What is read may wait for what is written, elsewhere, for as long as it takes.
_PATIENTLY = "SET LOCAL idle_in_transaction_session_timeout = 0"


class PostgresAccess:
    """See `Access`."""

    engine = "postgresql"
    dialect = "postgresql+asyncpg://"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def fetch(self, text: str, *values: Value) -> list[Row]:
        """See `Access.fetch`."""
        return [tuple(row) for row in await self._connection.fetch(text, *values)]

    async def run(self, script: str) -> None:
        """See `Access.run`."""
        await self._connection.execute(script)

    @asynccontextmanager
    async def change(self) -> AsyncIterator[None]:
        """See `Access.change`."""
        async with self._connection.transaction():
            yield

    async def fill(self, shape: Shape, rows: Sequence[Row]) -> None:
        """See `Access.fill`."""
        try:
            await self._connection.copy_records_to_table(shape.name, records=rows, columns=shape.columns)
        except asyncpg.CharacterNotInRepertoireError as error:
            raise SchemaError(f"PostgreSQL keeps no text with a NUL in it: {error.context}") from error

    async def tables(self) -> set[str]:
        """See `Access.tables`."""
        return {str(name) for (name,) in await self.fetch(_TABLES)}

    async def counters(self) -> dict[str, int]:
        """See `Access.counters`."""
        found: dict[str, int] = {}
        for table, sequence in await self.fetch(_COUNTED):
            [(last,)] = await self.fetch(_LAST, sequence)
            if last is not None:
                found[table] = last
        return found

    async def count_on(self, table: str, last: int) -> None:
        """See `Access.count_on`."""
        for counted, sequence in await self.fetch(_COUNTED):
            if counted == table and last > 0:
                await self.fetch(_COUNT_ON, sequence, last)

    async def settle(self) -> None:
        """See `Access.settle`."""
        # And have everything before it on the disk.
        await self.run("SET synchronous_commit = on; ANALYZE")


@asynccontextmanager
async def at_one_moment(url: str) -> AsyncIterator[PostgresAccess]:
    """Read the database as it is now, beside running servers."""
    async with session(url) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute(_PATIENTLY)
        access = PostgresAccess(connection)
        # The moment is that of the first look.
        await access.tables()
        yield access


@asynccontextmanager
async def left_alone(url: str) -> AsyncIterator[PostgresAccess]:
    """Read the database while nobody changes it. Raises SchemaError if a server is running on it."""
    async with session(url) as connection:
        await _nobody_on(connection)
        access = PostgresAccess(connection)
        names = ", ".join(f'"{name}"' for name in sorted(await access.tables()))
        async with connection.transaction(isolation="repeatable_read"):
            await connection.execute(_PATIENTLY)
            if names:
                # Before anything is read: what is seen is what there is once nobody writes any more.
                await connection.execute(f"SET LOCAL lock_timeout = '5s'; LOCK TABLE {names} IN SHARE MODE")
            yield access


@asynccontextmanager
async def alone(url: str) -> AsyncIterator[PostgresAccess]:
    """Fill the database, in commits of one's own. Raises SchemaError if a server is on it, or another one fills it."""
    async with session(url) as connection:
        await _only_one_on(connection)
        # What a power cut takes away is brought again.
        await connection.execute("SET synchronous_commit = off")
        yield PostgresAccess(connection)


@asynccontextmanager
async def made_anew(url: str, revision: str, *, replace: bool) -> AsyncIterator[PostgresAccess]:
    """That revision's empty tables, in place of what is there; if anything fails, nothing has happened.

    Raises SchemaError if a server is on it, or it has something in it and is not to be replaced.
    """
    async with session(url) as connection, connection.transaction():
        await connection.execute(_PATIENTLY)
        await _only_one_on(connection)
        access = PostgresAccess(connection)
        await revision_of(access)
        if not replace and (table := await not_empty(access)):
            raise SchemaError(f"it is not empty (there are rows in {table}): --replace puts the backup in its place")
        for name in sorted(await access.tables()):
            await connection.execute(f'DROP TABLE "{name}"')
        await access.run(upgrade_script(None, access.dialect, revision))
        yield access
        await access.settle()


async def _nobody_on(connection: Connection) -> None:
    running = await connection.fetchval(_SERVERS)
    if running:
        raise SchemaError(f"{running} server{'s are' if running > 1 else ' is'} running on it: stop them first")


async def _only_one_on(connection: Connection) -> None:
    await _nobody_on(connection)
    try:
        await connection.execute(_ONE_AT_A_TIME)
    except asyncpg.LockNotAvailableError:
        raise SchemaError("something is being moved into it, or restored, at this moment") from None
