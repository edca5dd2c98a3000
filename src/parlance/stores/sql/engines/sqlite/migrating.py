"""Bringing a file's tables to where this version wants them.

Alembic writes the SQL and apsw runs it, within one transaction: two processes cannot migrate at once, and a
migration that fails leaves nothing behind.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from parlance.stores.sql.engines.sqlite.connections import open_reader, open_writer
from parlance.stores.sql.migrating import SchemaError, newest_revision, schema_gap, upgrade_script

_WAL_ATTEMPTS = 50


def migrate(path: Path) -> bool:
    """Bring the tables up to date, making the file if need be; whether there was anything to do.

    Raises SchemaError if the file is from a newer version, is not Parlance's, or cannot be written.
    """
    with explained():
        connection = open_writer(path)
        try:
            connection.execute("BEGIN IMMEDIATE")
            changed = _brought_up(connection)
            connection.execute("COMMIT")
            write_ahead(connection)
        finally:
            # Closing undoes what was not committed.
            connection.close()
    return changed


def schema_fault(path: Path) -> str | None:
    """Why this version cannot work with the file as it is; None if it can."""
    if not path.exists():
        return "there is no such file: run `parlance migrate`"
    try:
        with explained():
            connection = open_reader(path)
            try:
                revision = _revision(connection)
            finally:
                connection.close()
    except SchemaError as error:
        return str(error)
    return schema_gap(revision)


@contextmanager
def explained() -> Iterator[None]:
    """Say in our words what SQLite could not do with a file."""
    try:
        yield
    except apsw.NotADBError as error:
        raise SchemaError("it is not a database") from error
    except apsw.BusyError as error:
        raise SchemaError("another process holds it") from error
    except apsw.Error as error:
        raise SchemaError(f"it cannot be used: {error}") from error


def _brought_up(connection: apsw.Connection) -> bool:
    revision = _revision(connection)
    if revision == newest_revision():
        return False
    if fault := schema_gap(revision, migrating=True):
        raise SchemaError(fault)
    connection.execute(upgrade_script(revision, "sqlite://"))
    return True


def _revision(connection: apsw.Connection) -> str | None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if "alembic_version" in tables:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
    if tables:
        raise SchemaError("it holds tables that are not Parlance's")
    return None


def write_ahead(connection: apsw.Connection) -> None:
    """Have the file written ahead, from now on and whoever opens it."""
    # The mode stays with the file. SQLite does not wait by itself while another process changes it.
    for _ in range(_WAL_ATTEMPTS):
        try:
            if connection.execute("PRAGMA journal_mode=WAL").fetchall() == [("wal",)]:
                return
        except apsw.BusyError:
            pass
        time.sleep(0.1)
    raise SchemaError("it cannot be switched to write-ahead logging: another process holds it")
