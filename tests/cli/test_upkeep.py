"""`parlance migrate` and `parlance verify`."""

import asyncio
from pathlib import Path

import apsw
import asyncpg
import pytest

from cli.conftest import Command
from parlance.app.config import Config

pytestmark = pytest.mark.on_every_database


def name(data: Path) -> str:
    """What the commands call the database."""
    return Config(data_dir=data).database_name


def changed(data: Path, *texts: str) -> None:
    """Change something behind the program's back."""
    database = Config(data_dir=data).database
    if isinstance(database, str):
        asyncio.run(_told(database, texts))
        return
    data.mkdir(exist_ok=True)
    connection = apsw.Connection(str(database))
    try:
        for text in texts:
            connection.execute(text)
    finally:
        connection.close()


async def _told(url: str, texts: tuple[str, ...]) -> None:
    connection = await asyncpg.connect(url)
    for text in texts:
        await connection.execute(text)
    await connection.close()


@pytest.fixture
def nothing(data: Path) -> Path:
    """A data folder whose database holds nothing: no file, or one of a server's databases without tables."""
    if isinstance(Config(data_dir=data).database, str):
        changed(data, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return data


def test_a_database_is_made_and_then_left_alone(parlance: Command, nothing: Path) -> None:
    """The first migration makes the tables, the second finds nothing to do."""
    first, second = parlance("migrate"), parlance("migrate")
    assert (0, f"{name(nothing)} has been brought up to date\n") == (first.exit_code, first.stdout)
    assert (0, f"{name(nothing)} is up to date\n") == (second.exit_code, second.stdout)


def test_a_sound_database_agrees(parlance: Command) -> None:
    """Nothing to say, and nothing wrong."""
    parlance("app", "create", "--id", "shop")
    parlance("token", "--app", "shop", "--client", "Tom")
    result = parlance("verify")
    assert (0, "everything agrees\n") == (result.exit_code, result.stdout)


def test_what_does_not_agree_is_said(parlance: Command, data: Path) -> None:
    """A finding is a line, and the exit code is 1; looking again finds it again: nothing was changed."""
    parlance("app", "create", "--id", "shop")
    parlance("token", "--app", "shop", "--client", "Tom")
    changed(data, "DELETE FROM apps")
    for _ in range(2):
        result = parlance("verify")
        assert (1, "1 finding\n") == (result.exit_code, result.stderr)
        assert ["orphan-user: shop/Tom: there is no such app"] == result.stdout.splitlines()


def test_no_database_is_not_a_sound_one(parlance: Command, nothing: Path) -> None:
    """Verifying makes nothing, and says that nothing is there."""
    result = parlance("verify")
    on_sqlite = isinstance(Config(data_dir=nothing).database, Path)
    why = "there is no database" if on_sqlite else "it holds nothing yet: run `parlance migrate`"
    assert (2, f"Error: {name(nothing)}: {why}\n") == (result.exit_code, result.stderr)
    assert not nothing.exists()


def test_tables_that_are_not_ours_are_refused(parlance: Command, nothing: Path) -> None:
    """Somebody else's are left alone."""
    changed(nothing, "CREATE TABLE recipes (name TEXT)")
    for command in ("migrate", "verify"):
        result = parlance(command)
        assert 2 == result.exit_code
        assert name(nothing) in result.stderr
        assert "Traceback" not in result.output
