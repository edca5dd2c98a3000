"""A server's parts, and a folder to be brought in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.world import World, peopled


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A server's parts, with the app `hall`."""
    (tmp_path / "data").mkdir()
    async with peopled(tmp_path / "data") as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the data to be brought in lies."""
    (tmp_path / "saved" / "classes").mkdir(parents=True)
    (tmp_path / "saved" / "messages").mkdir()
    return tmp_path / "saved"
