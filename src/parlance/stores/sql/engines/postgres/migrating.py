"""Bringing a database's tables to where this version wants them.

Alembic writes the SQL and asyncpg runs it, within one transaction and behind a lock: of several processes that
start at once one migrates, and a migration that fails leaves nothing behind.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from parlance.stores.sql.engines.postgres.connections import LONGEST_DIAL, Connection, let_go
from parlance.stores.sql.migrating import SchemaError, newest_revision, schema_gap, upgrade_script

OLDEST_SERVER = 15
MIGRATIONS = 0x5061_6D69
_LOCK = f"SELECT pg_advisory_xact_lock({MIGRATIONS}, 0)"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


async def migrate(url: str) -> bool:
    """Bring the tables up to date; whether there was anything to do.

    Raises SchemaError if the database is from a newer version, is not Parlance's, or cannot be used.
    """
    async with session(url) as connection, connection.transaction():
        await connection.execute(_LOCK)
        revision = await _revision(connection)
        if revision == newest_revision():
            return False
        if fault := schema_gap(revision, migrating=True):
            raise SchemaError(fault)
        await connection.execute(upgrade_script(revision, "postgresql+asyncpg://"))
    return True


async def schema_fault(url: str) -> str | None:
    """Why this version cannot work with the database as it is; None if it can."""
    try:
        async with session(url) as connection:
            revision = await _revision(connection)
    except SchemaError as error:
        return str(error)
    return schema_gap(revision)


@asynccontextmanager
async def session(url: str) -> AsyncIterator[Connection]:
    """One without bounds on how long things take."""
    try:
        connection = await asyncpg.connect(url, timeout=LONGEST_DIAL)
    except (OSError, TimeoutError) as error:
        raise SchemaError(f"it cannot be reached: {error or 'no answer'}") from error
    except asyncpg.PostgresError as error:
        raise SchemaError(f"it lets nobody in: {error}") from error
    try:
        if fault := await _unfit(connection):
            raise SchemaError(fault)
        yield connection
    except asyncpg.PostgresError as error:
        raise SchemaError(f"it cannot be used: {error}") from error
    finally:
        await let_go(connection)


async def _unfit(connection: Connection) -> str | None:
    version = connection.get_server_version()
    if version.major < OLDEST_SERVER:
        return f"it is PostgreSQL {version.major}: {OLDEST_SERVER} or newer is needed"
    encoding = await connection.fetchval("SHOW server_encoding")
    if encoding != "UTF8":
        return f"its encoding is {encoding}: create it with ENCODING 'UTF8'"
    return None


async def _revision(connection: Connection) -> str | None:
    tables = {str(name) for (name,) in await connection.fetch(_TABLES)}
    if "alembic_version" in tables:
        revision = await connection.fetchval("SELECT version_num FROM alembic_version")
        return str(revision) if revision else None
    if tables:
        raise SchemaError("it holds tables that are not Parlance's")
    return None
