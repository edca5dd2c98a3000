"""What every test has: `town`, a real server with the standing cast, and the mark `needs`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cast import Town, running

pytest_plugins = ("needs",)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A running server with Ada, Ben and Cy of `hall`, and Dora of `annex`."""
    async with running(tmp_path / "data") as town:
        yield town
