"""The commands that carry an installation, and places for it to go to."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from databases import postgres_server
from parlance.cli.main import main

Command = Callable[..., Result]


@pytest.fixture
def parlance() -> Command:
    """Runs a command in this process."""

    def run(*words: str | Path) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)

    return run


@pytest.fixture
def fresh() -> Iterator[str]:
    """A PostgreSQL database without tables."""
    server = postgres_server()
    url = asyncio.run(server.create())
    yield url
    asyncio.run(server.drop(url))


@pytest.fixture
def emptied() -> Iterator[str]:
    """A PostgreSQL database with empty tables."""
    with postgres_server().lent_to_a_test() as url:
        yield url


def at(path: Path) -> str:
    """The URL of a file."""
    return f"sqlite:///{path}"
