"""A stage for every test, on every engine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from conformance.store.stage import Stage
from databases import postgres_server
from parlance.stores.sql import Place
from tables import with_tables


@asynccontextmanager
async def place_on(engine: str, folder: Path) -> AsyncIterator[Place]:
    """Where a store may be made."""
    if engine == "sqlite":
        yield with_tables(folder / "parlance.db")
        return
    async with postgres_server().lent() as place:
        yield place


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """Where a store may be made, on every engine."""
    async with place_on(request.param, tmp_path) as place:
        yield place


@pytest.fixture
async def stage(place: Place) -> AsyncIterator[Stage]:
    """An open store with nothing in it."""
    stage = Stage(place)
    await stage.open()
    yield stage
    await stage.store.close()


@pytest.fixture
async def file_stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The same, always in a file: for what only SQLite can meet with."""
    stage = Stage(with_tables(tmp_path / "parlance.db"))
    await stage.open()
    yield stage
    await stage.store.close()
