"""Bringing a file's tables to where this version wants them.

Alembic writes the SQL and apsw runs it, within one transaction: two processes cannot migrate at once, and a
migration that fails leaves nothing behind.
"""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from parlance.stores.sql.engines.sqlite.connections import open_reader, open_writer

MIGRATIONS = Path(__file__).parents[2] / "migrations"
_WAL_ATTEMPTS = 50


class SchemaError(Exception):
    """A file is not a database that this version works with. The message says why, and what to do, of "it"."""


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
            _write_ahead(connection)
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
    if revision == _scripts().get_current_head():
        return None
    return _too_new(revision) or "its tables are of an older version: run `parlance migrate`"


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
    if revision == _scripts().get_current_head():
        return False
    if fault := _too_new(revision):
        raise SchemaError(fault)
    connection.execute(upgrade_script(revision))
    return True


def upgrade_script(revision: str | None) -> str:
    """The SQL that leads from a revision (None: from an empty file) to the newest."""
    written = io.StringIO()
    config = Config(output_buffer=written, stdout=io.StringIO())
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", "sqlite://")
    command.upgrade(config, f"{revision or 'base'}:head", sql=True)
    return written.getvalue()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _revision(connection: apsw.Connection) -> str | None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if "alembic_version" in tables:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
    if tables:
        raise SchemaError("it holds tables that are not Parlance's")
    return None


def _too_new(revision: str | None) -> str | None:
    if revision is None or revision in {script.revision for script in _scripts().walk_revisions()}:
        return None
    return f"its tables are of a newer version of Parlance (revision {revision}): use that version"


def _write_ahead(connection: apsw.Connection) -> None:
    # The mode stays with the file. SQLite does not wait by itself while another process changes it.
    for _ in range(_WAL_ATTEMPTS):
        try:
            if connection.execute("PRAGMA journal_mode=WAL").fetchall() == [("wal",)]:
                return
        except apsw.BusyError:
            pass
        time.sleep(0.1)
    raise SchemaError("it cannot be switched to write-ahead logging: another process holds it")
