"""Short words for asking rows."""

from typing import Any

from parlance.core.model.where.budget import Budget
from parlance.core.model.where.reading import read_where
from parlance.kernel.clock import SystemClock

Row = dict[str, Any]

DATE = {"__type": "Date", "iso": "2026-03-01T08:00:00.000Z"}
LATER = {"__type": "Date", "iso": "2026-03-01T08:00:00.001Z"}


def holds(where: dict[str, Any], row: Row) -> bool:
    """Whether a row is found, with plenty of time to look at it."""
    return read_where(where).condition.holds(row, Budget(SystemClock().monotonic, 60))


def found(where: dict[str, Any], *rows: Row) -> list[Row]:
    """The rows that are found."""
    return [row for row in rows if holds(where, row)]
