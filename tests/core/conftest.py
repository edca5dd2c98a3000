"""A world for every test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.world import World, peopled


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Two apps and the cast, and the group."""
    async with peopled(tmp_path) as world:
        yield world
