"""A world for every test."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.world import World, peopled
from parlance.stores.sql.engines.sqlite import migrate


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables and nothing in them."""
    path = tmp_path_factory.mktemp("empty") / "parlance.db"
    migrate(path)
    return path


@pytest.fixture
async def world(empty_database: Path, tmp_path: Path) -> AsyncIterator[World]:
    """Two apps and the cast, and the group."""
    shutil.copy(empty_database, tmp_path)
    async with peopled(tmp_path) as world:
        yield world
