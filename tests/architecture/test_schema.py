"""The tables that migrations make are the tables that the schema describes."""

import apsw
import pytest
from sqlalchemy.dialects import registry, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

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
