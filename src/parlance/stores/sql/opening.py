"""Where a store is, and opening it there: the one place that knows which engines there are."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from parlance.kernel.clock import Clock
from parlance.kernel.tallies import StoreTally
from parlance.stores.sql.engine import Engine
from parlance.stores.sql.engines import postgres, sqlite
from parlance.stores.sql.migrating import SchemaError
from parlance.stores.sql.store import Announce, SqlStore, TakenNote, nobody_else

Place = Path | str
"""A file for SQLite, or the URL of a PostgreSQL database."""


async def open_store(
    place: Place,
    *,
    announce: Announce,
    clock: Clock,
    waiting: int,
    tally: StoreTally | None = None,
    migrating: bool = True,
    numbered: Callable[[int], None] = lambda _: None,
    taken_note: TakenNote = nobody_else,
) -> SqlStore:
    """The store at `place`, brought up to date first if `migrating`.

    Of all processes that use it at the same time each has a number, 0 to 255; `numbered` is told it, and told anew
    should it change. A transaction that announced something ends when `taken_note` says that all have heard of it.
    Raises SchemaError, which says what to do, if it cannot be used or its tables are not this version's.
    """
    if migrating:
        await migrate(place)
    elif fault := await schema_fault(place):
        raise SchemaError(fault)
    return SqlStore(await _engine(place, clock, numbered), announce, waiting, tally or StoreTally(), taken_note)


async def migrate(place: Place) -> bool:
    """Bring the tables up to date, making them if need be; whether there was anything to do.

    Raises SchemaError if they are from a newer version, not Parlance's, or cannot be changed.
    """
    if isinstance(place, Path):
        return await asyncio.to_thread(sqlite.migrate, place)
    return await postgres.migrate(place)


async def schema_fault(place: Place) -> str | None:
    """Why this version cannot work with what is there; None if it can."""
    if isinstance(place, Path):
        return await asyncio.to_thread(sqlite.schema_fault, place)
    return await postgres.schema_fault(place)


async def _engine(place: Place, clock: Clock, numbered: Callable[[int], None]) -> Engine:
    if isinstance(place, Path):
        return await sqlite.SqliteEngine.open(place, clock)
    try:
        return await postgres.PostgresEngine.open(place, clock, numbered)
    except (OSError, TimeoutError) as error:
        raise SchemaError(f"it cannot be reached: {error or 'no answer'}") from error
