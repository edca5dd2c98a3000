"""Files for SQLite that have their tables already: making them takes longer than most of what is tried on them."""

import tempfile
from functools import cache
from pathlib import Path

from parlance.stores.sql import Place
from parlance.stores.sql.engines import sqlite


def with_tables(place: Place) -> Place:
    """The same place; a file that was not there has its tables and nothing in them."""
    if isinstance(place, Path) and not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(_empty())
    return place


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory(prefix="parlance-tables-") as folder:
        sqlite.migrate(file := Path(folder) / "parlance.db")
        return file.read_bytes()
