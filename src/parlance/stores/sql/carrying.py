"""Rows on their way from one database to another: what there is to carry, and the little that it takes.

Every table is read in the order of its key, which both engines see alike, and row by row as it is: nothing here
knows what a row means. What has arrived is compared by what its rows add up to.

While a database is being filled its tables bear no revision but ARRIVING, so no server starts on half of something.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from hashlib import blake2b
from typing import Any, Protocol

import msgspec
from sqlalchemy import Column

from parlance.stores.sql.engine import Row, Value
from parlance.stores.sql.migrating import ARRIVING, SchemaError, newest_revision, schema_gap, upgrade_script
from parlance.stores.sql.schema import metadata

PAGE = 1_000
"""Rows that are read, and committed, at once."""
REVISIONS = "alembic_version"
ARRIVALS = "arrival"
"""Where a database that is being filled says what is coming; gone when everything is there."""

_HEART = {REVISIONS, "apps", "conversations", "heights", "messages"}
"""The tables by which a database is known as one of ours."""
_SUM_BYTES = 16
_SUM_MODULUS = 1 << (8 * _SUM_BYTES)
_encode = msgspec.json.Encoder().encode

Key = tuple[Value, ...]


class Shape(msgspec.Struct, frozen=True):
    """A table as it is carried: its columns, and those among them by which a row is found, in their order."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    def key_of(self, row: Row) -> Key:
        """By what a row is found."""
        return tuple(row[self.columns.index(name)] for name in self.key)


class Arrival(msgspec.Struct, frozen=True):
    """What is on its way into a database."""

    origin: str
    rows: dict[str, int]
    """By table, when it set out."""


class Sum(msgspec.Struct):
    """How many rows there are and what they add up to: the same for the same rows, in whatever order they come."""

    rows: int = 0
    total: int = 0

    def add(self, lines: Iterable[bytes]) -> None:
        """Take these rows in, too."""
        for line in lines:
            self.rows += 1
            self.total += int.from_bytes(blake2b(line, digest_size=_SUM_BYTES).digest())

    @property
    def checksum(self) -> str:
        """For people to compare."""
        return f"{self.total % _SUM_MODULUS:0{2 * _SUM_BYTES}x}"


class Watch(Protocol):
    """Whoever waits for it."""

    def begins(self, what: str, total: int | None) -> None:
        """Of this, so many are to come."""

    def advanced(self, items: int) -> None:
        """So many more are done."""


class Access(Protocol):
    """One session with a database, which sees one moment of it, or has it to itself."""

    engine: str
    dialect: str
    """How Alembic calls the engine."""

    async def fetch(self, text: str, *values: Value) -> list[Row]:
        """What a SELECT finds."""

    async def run(self, script: str) -> None:
        """Statements without values."""

    def change(self) -> AbstractAsyncContextManager[None]:
        """A commit: all that is done within it, or nothing."""

    async def fill(self, shape: Shape, rows: Sequence[Row]) -> None:
        """Put rows in."""

    async def tables(self) -> set[str]:
        """The names of all tables."""

    async def counters(self) -> dict[str, int]:
        """The last number that was given, for every table that gives its rows numbers of its own."""

    async def count_on(self, table: str, last: int) -> None:
        """Give numbers after `last`."""

    async def settle(self) -> None:
        """Do what helps a database that has just been filled."""


def shapes() -> list[Shape]:
    """Every table of this version, in the schema's order."""
    return [
        Shape(str(table.name), _plain(table.columns), _plain(table.primary_key)) for table in metadata.tables.values()
    ]


async def count(access: Access, shape: Shape) -> int:
    """How many rows a table has."""
    [(number,)] = await access.fetch(f'SELECT count(*) FROM "{shape.name}"')
    return int(number)


async def pages(access: Access, shape: Shape, after: Key | None = None) -> AsyncIterator[list[Row]]:
    """A table's rows in the order of its key, page by page, behind the one with the key `after`."""
    first = f'SELECT {_names(shape.columns)} FROM "{shape.name}"'
    end = f" ORDER BY {_names(shape.key)} LIMIT {PAGE}"
    places = ", ".join(f"${number}" for number in range(1, len(shape.key) + 1))
    behind = f"{first} WHERE ({_names(shape.key)}) > ({places}){end}"
    while rows := await (access.fetch(first + end) if after is None else access.fetch(behind, *after)):
        yield rows
        if len(rows) < PAGE:
            return
        after = shape.key_of(rows[-1])


async def last_key(access: Access, shape: Shape) -> Key | None:
    """The highest key in a table."""
    order = ", ".join(f'"{name}" DESC' for name in shape.key)
    rows = await access.fetch(f'SELECT {_names(shape.key)} FROM "{shape.name}" ORDER BY {order} LIMIT 1')
    return rows[0] if rows else None


def lines(rows: Iterable[Row]) -> list[bytes]:
    """Rows as they are compared, and kept in archives: each a list in JSON."""
    return [_encode(row) for row in rows]


async def summed(access: Access, shape: Shape, watch: Watch | None = None) -> Sum:
    """A table's sum."""
    found = Sum()
    async for rows in pages(access, shape):
        found.add(lines(rows))
        if watch is not None:
            watch.advanced(len(rows))
    return found


async def revision_of(access: Access) -> str | None:
    """Which version's tables there are, None if there are none. Raises SchemaError if they are not Parlance's."""
    tables = await access.tables()
    if not tables:
        return None
    if not tables >= _HEART:
        raise SchemaError("it holds tables that are not Parlance's")
    [(revision,)] = await access.fetch(f"SELECT version_num FROM {REVISIONS}")
    return str(revision)


async def not_empty(access: Access) -> str | None:
    """A table of ours that has rows; None if there is none."""
    for name in sorted(await access.tables() - {REVISIONS, ARRIVALS}):
        if await access.fetch(f'SELECT 1 FROM "{name}" LIMIT 1'):
            return name
    return None


async def arriving(access: Access, arrival: Arrival) -> bool:
    """Make the tables, and say what is coming; whether some of it is there already, from another time.

    Raises SchemaError if anything else is in them.
    """
    async with access.change():
        revision = await revision_of(access)
        if revision == ARRIVING:
            await _same(access, arrival)
            return True
        if revision is None:
            await access.run(upgrade_script(None, access.dialect))
        elif fault := schema_gap(revision):
            raise SchemaError(fault)
        elif table := await not_empty(access):
            raise SchemaError(f"it is not empty (there are rows in {table}): name a database that is")
        await access.run(f"UPDATE {REVISIONS} SET version_num = '{ARRIVING}'")
        await access.run(f"CREATE TABLE {ARRIVALS} (told TEXT NOT NULL)")
        told = _encode(arrival).decode().replace("'", "''")
        await access.run(f"INSERT INTO {ARRIVALS} VALUES ('{told}')")
    return False


async def arrived(access: Access, counters: dict[str, int]) -> None:
    """Everything is there: it becomes a database like any other."""
    async with access.change():
        for table, last in counters.items():
            await access.count_on(table, last)
        await access.run(f"DROP TABLE {ARRIVALS}")
        await access.run(f"UPDATE {REVISIONS} SET version_num = '{newest_revision()}'")
    await access.settle()


async def _same(access: Access, arrival: Arrival) -> None:
    [(told,)] = await access.fetch(f"SELECT told FROM {ARRIVALS}")
    known = msgspec.json.decode(told, type=Arrival)
    if known.origin != arrival.origin:
        raise SchemaError(f"it is half filled from {known.origin}: go on with that, or name an empty database")
    changed = sorted(name for name in arrival.rows if arrival.rows[name] != known.rows.get(name))
    if changed:
        raise SchemaError(
            f"it is half filled from {known.origin}, which has changed since ({', '.join(changed)}):"
            " name an empty database"
        )


def _plain(columns: Iterable[Column[Any]]) -> tuple[str, ...]:
    return tuple(str(column.name) for column in columns)


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
