"""How connections to the file are set up, and how statements are spelled for them."""

import os
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import apsw
import msgspec

from parlance.kernel.faults import Fault, FaultCode
from parlance.stores.sql.engine import Value

PATIENCE_MS = 5_000
"""How long to wait while another process (the command line) writes to the same file."""

_CHECKPOINT_PAGES = 4_000
_WAL_KEPT_BYTES = 64 * 1024 * 1024
_WRITER_CACHE_KIB = 64 * 1024
_READER_CACHE_KIB = 16 * 1024

_EACH = re.compile(r"EACH_(?:TEXT|NUMBER)\((\$\d+)\)")
_LIKE = re.compile(r"LIKE_TEXT\((.+?), (\$\d+)\)")
_PLACEHOLDER = re.compile(r"\$(\d+)")

_OUTSIDE_CAUSES = (
    apsw.BusyError,
    apsw.CantOpenError,
    apsw.CorruptError,
    apsw.FullError,
    apsw.IOError,
    apsw.InterruptError,
    apsw.LockedError,
    apsw.NoMemError,
    apsw.NotADBError,
    apsw.ReadOnlyError,
)


def open_writer(path: Path) -> apsw.Connection:
    """A connection that may write; the file is made, for its owner's eyes only, if it is not there."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    _set_up(connection, _WRITER_CACHE_KIB)
    # FULL: what was acknowledged survives a power cut, not only the end of the process.
    connection.execute(
        f"PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES};"
        f"PRAGMA journal_size_limit={_WAL_KEPT_BYTES}"
    )
    return connection


def open_reader(path: Path) -> apsw.Connection:
    """A connection that cannot write."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    _set_up(connection, _READER_CACHE_KIB)
    connection.execute("PRAGMA query_only=1")
    return connection


def _set_up(connection: apsw.Connection, cache_kib: int) -> None:
    connection.set_busy_timeout(PATIENCE_MS)
    # Without this, a SQLite that was built with STAT4 (apsw's is) plans a statement anew whenever other values
    # are bound to it, in case they call for another plan: 29 microseconds for a look-up that takes 4.
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DDL, 0)
    connection.execute(f"PRAGMA cache_size=-{cache_kib}; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=0")


@lru_cache(maxsize=1024)
def spelled(text: str) -> str:
    """The text as SQLite takes it (see `stores/sql/engine.py` for what it may contain)."""
    seen = list(dict.fromkeys(int(number) for number in _PLACEHOLDER.findall(text)))
    # SQLite numbers $1, $2, … by where they first stand, not by their names.
    if seen != list(range(1, len(seen) + 1)):
        raise ValueError(f"placeholders out of order: {text}")
    text = _EACH.sub(r"(SELECT value, key AS position FROM json_each(\1))", text)
    # There is one writer.
    return _LIKE.sub(r"\1 LIKE \2", text).replace("FOR_UPDATE", "")


def bound(values: Sequence[Value]) -> list[int | str | None]:
    """The values as SQLite takes them: a list as JSON."""
    return [
        value if value is None or isinstance(value, int | str) else msgspec.json.encode(value).decode()
        for value in values
    ]


def unavailable(error: Exception) -> bool:
    """Whether it is the disk, the machine or another process that is to blame, and not a statement."""
    return isinstance(error, _OUTSIDE_CAUSES)


def as_fault(error: Exception) -> Exception:
    """UNAVAILABLE for what came from outside, anything else as it is."""
    if not unavailable(error):
        return error
    fault = Fault(FaultCode.UNAVAILABLE, retry_after=1)
    fault.__cause__ = error
    return fault


def undo(connection: apsw.Connection) -> None:
    """Roll back, if a transaction is still open: SQLite ends some by itself when the disk fails."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")
