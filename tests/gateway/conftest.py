"""Every town of these tests is looked after."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cast import Town
from gateway.raw import Lines
from gateway.watch import watched


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A running server with the cast, that must be left as it was found."""
    async with watched(tmp_path / "data") as town:
        yield town


@pytest.fixture
async def lines(town: Town) -> AsyncIterator[Lines]:
    """Raw connections to the town."""
    lines = Lines(town)
    yield lines
    lines.cut()
    await asyncio.sleep(0)
