"""Reading one moment of a file, to see whether it agrees with itself."""

from collections.abc import Mapping
from pathlib import Path

import apsw

from parlance.stores.sql.engines.sqlite.connections import open_reader

Disagreement = tuple[str, str, str]
"""A rule, what it is about, and what is wrong with that."""


def disagreements(path: Path, rules: Mapping[str, str], most: int) -> list[Disagreement]:
    """What SQLite itself finds wrong; only if that is nothing, the rows that each rule's SELECT finds."""
    connection = open_reader(path)
    try:
        connection.execute("BEGIN")
        # Nothing that is read from a damaged file means anything.
        return _damaged(connection, most) or [
            (rule, str(subject), str(detail))
            for rule, text in rules.items()
            for subject, detail in connection.execute(text)
        ]
    except apsw.CorruptError as error:
        return [("integrity", "the file", str(error))]
    finally:
        connection.close()


def _damaged(connection: apsw.Connection, most: int) -> list[Disagreement]:
    rows = connection.execute(f"PRAGMA integrity_check({most})").fetchall()
    return [("integrity", "the file", str(row[0])) for row in rows if row[0] != "ok"]
