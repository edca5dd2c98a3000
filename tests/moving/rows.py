"""Databases with something in every table, made and read by other means than those that carry rows."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw
import asyncpg
from sqlalchemy import Column

from parlance.stores.sql import migrate
from parlance.stores.sql.schema import metadata

Tables = dict[str, list[tuple[Any, ...]]]

LOWEST, HIGHEST = -(1 << 63), (1 << 63) - 1
GIVEN = {"conversations": 40, "class_notices": 50}
"""The last number given in each table that counts, beyond that of any row: rows have gone."""
ODD = "'\"\\\n\t,\u4f60\u597d \U0001f389\u202e"
"""Letters that formats like to stumble over."""
_EVERYTHING = {name: f"SELECT * FROM {name}" for name in metadata.tables}  # noqa: S608 - our own names


def filled(path: Path, rows: int = 3, *, messages: int = 0) -> Path:
    """A file whose tables all have rows, whatever they mean; numbers at both ends of 64 bits, texts of any letters."""
    path.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(migrate(path))
    connection = apsw.Connection(str(path))
    with connection:
        for table in metadata.sorted_tables:
            many = max(rows, messages) if table.name == "messages" else rows
            places = ", ".join("?" * len(table.columns))
            values = ([_value(column, row) for column in table.columns] for row in range(many))
            connection.executemany(f"INSERT INTO {table.name} VALUES ({places})", values)  # noqa: S608 - our own
        for name, given in GIVEN.items():
            connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (given, name))
    connection.close()
    return path


def in_file(path: Path) -> Tables:
    """Everything in a file, by table."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    found = {name: sorted(connection.execute(question).fetchall(), key=repr) for name, question in _EVERYTHING.items()}
    connection.close()
    return found


def in_database(url: str) -> Tables:
    """Everything in a PostgreSQL database, by table."""

    async def ask() -> Tables:
        connection = await asyncpg.connect(url)
        try:
            return {
                name: sorted(map(tuple, await connection.fetch(question)), key=repr)
                for name, question in _EVERYTHING.items()
            }
        finally:
            await connection.close()

    return asyncio.run(ask())


def asked(url: str, question: str) -> Any:
    """One value that a PostgreSQL database answers."""

    async def ask() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(ask())


@contextmanager
def held(url: str, statement: str) -> Iterator[None]:
    """A session that has said something, and stays."""
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(url))
        runner.run(connection.execute(statement))
        try:
            yield
        finally:
            runner.run(connection.close())


def changed(path: Path, text: str, *values: str | int) -> None:
    """Change something in a file behind everybody's back."""
    connection = apsw.Connection(str(path))
    connection.execute(text, values)
    connection.close()


def _value(column: Column[Any], row: int) -> Any:
    if column.nullable and row % 3 == 1:
        return None
    if column.type.python_type is str:
        return f"{column.name} {row} {ODD}"
    if column.autoincrement is True:
        return row + 1
    return {0: LOWEST, 1: HIGHEST}.get(row, row)
