"""A server whose default app lies open, as the documents' examples take for granted."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from apis.campus.school import School
from cast import running
from parlance.core.model.app import Policy

APP = "2"


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    """The open app `2`, which is the server's default, besides the cast of `hall`; and the open app `1`."""
    async with running(tmp_path / "data", default_app=APP) as town:
        app = await town.app(APP, Policy.OPEN)
        await town.app("1", Policy.OPEN)
        yield School(town, app, town.bare.showing(), town.bare.showing(app_id=APP, app_key=app.master_key))
