"""Moving everything from one database to another, of whichever engine.

The target says whose half it is until it has all of it (`carrying.py`). Rows come in the order of their keys, a page
a commit, so whoever is killed goes on behind the last row that arrived. At the end both are read again and compared.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import msgspec

from parlance.stores.sql.carrying import (
    Access,
    Arrival,
    Shape,
    Sum,
    Watch,
    arrived,
    arriving,
    count,
    last_key,
    pages,
    revision_of,
    shapes,
    summed,
)
from parlance.stores.sql.engines.postgres import carrying as postgres
from parlance.stores.sql.engines.sqlite import carrying as sqlite
from parlance.stores.sql.migrating import SchemaError, schema_gap
from parlance.stores.sql.opening import Place


class Moved(msgspec.Struct, frozen=True):
    """A table that is the same on both sides."""

    table: str
    rows: int
    checksum: str


async def move(source: Access, origin: str, target: Access, watch: Watch) -> list[Moved]:
    """Bring every row of `source`, which is called `origin`, into an empty target, or one that has a part of it.

    Raises SchemaError, of the target, if it is not to be filled, or is not the same as the source in the end.
    """
    tables = shapes()
    rows = {shape.name: await count(source, shape) for shape in tables}
    began_before = await arriving(target, Arrival(origin, rows))
    watch.begins("moving", sum(rows.values()))
    for shape in tables:
        await _bring(source, target, shape, watch, began_before=began_before)
    watch.begins("comparing", 2 * sum(rows.values()))
    moved = [await _compared(source, target, shape, watch) for shape in tables]
    await arrived(target, await source.counters())
    return moved


def left_alone(place: Place) -> AbstractAsyncContextManager[Access]:
    """A database of this version that nobody uses meanwhile. Raises SchemaError."""
    return _of_this_version(sqlite.alone(place) if isinstance(place, Path) else postgres.left_alone(place))


def at_one_moment(place: Place) -> AbstractAsyncContextManager[Access]:
    """A database of this version, as it is now, whoever goes on changing it. Raises SchemaError."""
    return _of_this_version(sqlite.at_one_moment(place) if isinstance(place, Path) else postgres.at_one_moment(place))


def to_be_filled(place: Place) -> AbstractAsyncContextManager[Access]:
    """A database for `move` to fill; a file is made. Raises SchemaError if a server is on it."""
    return sqlite.alone(place, making=True) if isinstance(place, Path) else postgres.alone(place)


def made_anew(place: Place, revision: str, *, replace: bool) -> AbstractAsyncContextManager[Access]:
    """Empty tables of a revision, which stand for the database at `place` if all goes well, and else never were.

    Raises SchemaError if a server is on it, or it has something in it and is not to be replaced.
    """
    if isinstance(place, Path):
        return sqlite.made_anew(place, revision, replace=replace)
    return postgres.made_anew(place, revision, replace=replace)


@asynccontextmanager
async def _of_this_version(opened: AbstractAsyncContextManager[Access]) -> AsyncIterator[Access]:
    async with opened as access:
        revision = await revision_of(access)
        if fault := "there is nothing in it" if revision is None else schema_gap(revision):
            raise SchemaError(fault)
        yield access


async def _bring(source: Access, target: Access, shape: Shape, watch: Watch, *, began_before: bool) -> None:
    after = await last_key(target, shape) if began_before else None
    if after is not None:
        watch.advanced(await count(target, shape))
    async for rows in pages(source, shape, after):
        await target.fill(shape, rows)
        watch.advanced(len(rows))


async def _compared(source: Access, target: Access, shape: Shape, watch: Watch) -> Moved:
    left, came = await summed(source, shape, watch), await summed(target, shape, watch)
    if left != came:
        raise SchemaError(f"{difference(shape.name, left, came)}; name an empty database, and begin again")
    return Moved(shape.name, left.rows, left.checksum)


def difference(table: str, left: Sum, came: Sum) -> str:
    """In words, what makes two tables different."""
    if left.rows != came.rows:
        return f"{table} has {came.rows:,} rows where {left.rows:,} were expected"
    return f"{table} has the right number of rows, and others than were expected"
