"""A stage for every test, on every engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conformance.store.stage import OPENERS, Stage


@pytest.fixture(params=sorted(OPENERS))
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    """An open store with nothing in it."""
    stage = Stage(request.param, tmp_path)
    await stage.open()
    yield stage
    await stage.store.close()
