"""The tables that migrations make are the tables that the schema describes."""

import apsw
import asyncpg
import pytest
from sqlalchemy.dialects import registry, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from databases import postgres_server
from parlance.stores.sql import migrate
from parlance.stores.sql.migrating import upgrade_script
from parlance.stores.sql.schema import metadata

Described = dict[tuple[str, str], str]


def described(connection: apsw.Connection) -> Described:
    """Everything in a database, in SQL, whatever its spaces."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return {(kind, name): " ".join(sql.split()) for kind, name, sql in rows if "alembic" not in name}


def test_migrations_make_what_the_schema_describes() -> None:
    """From an empty file to the newest revision."""
    migrated, made = apsw.Connection(":memory:"), apsw.Connection(":memory:")
    migrated.execute(upgrade_script(None, "sqlite://"))
    for table in metadata.sorted_tables:
        made.execute(str(CreateTable(table).compile(dialect=sqlite.dialect())))
        for index in table.indexes:
            made.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
    assert described(made) == described(migrated)


_COLUMNS = (
    "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, co.collname,"
    " pg_get_expr(d.adbin, d.adrelid) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
    " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
    " LEFT JOIN pg_collation co ON co.oid = a.attcollation"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE 'alembic%' ORDER BY 1, 2"
)
_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'alembic%'"
_CONSTRAINTS = (
    "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'alembic%'"
)


async def catalogue(url: str) -> list[set[tuple[object, ...]]]:
    """Everything in a PostgreSQL database that tables are made of."""
    connection = await asyncpg.connect(url)
    asked = [await connection.fetch(question) for question in (_COLUMNS, _INDEXES, _CONSTRAINTS)]
    await connection.close()
    return [{tuple(row) for row in rows} for rows in asked]


async def test_in_postgresql_too() -> None:
    """An upgraded and a fresh database are equal there as well."""
    server = postgres_server()
    migrated, made = await server.create(), await server.create()
    await migrate(migrated)
    connection, dialect = await asyncpg.connect(made), registry.load("postgresql.asyncpg")()
    for table in metadata.sorted_tables:
        await connection.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            await connection.execute(str(CreateIndex(index).compile(dialect=dialect)))
    await connection.close()
    assert await catalogue(made) == await catalogue(migrated)
    assert all(await catalogue(made))
    await server.drop(migrated)
    await server.drop(made)


def test_every_table_is_strict() -> None:
    """SQLite would otherwise keep a text where a number belongs."""
    connection = apsw.Connection(":memory:")
    connection.execute(upgrade_script(None, "sqlite://"))
    lax = [
        name
        for name, strict in connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
        if not strict and not name.startswith(("sqlite_", "alembic_"))
    ]
    assert [] == lax


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_the_schema_can_be_said_in_postgresql_too(table: str) -> None:
    """Numbers have 64 bits there as well."""
    said = str(CreateTable(metadata.tables[table]).compile(dialect=registry.load("postgresql.asyncpg")()))
    assert " INTEGER" not in said
    assert " TEXT" in said or " BIGINT" in said
