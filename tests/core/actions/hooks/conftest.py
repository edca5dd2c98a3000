from collections.abc import AsyncIterator

import pytest

from core.actions.hooks.app_server import AppServer, app_server


@pytest.fixture
async def server() -> AsyncIterator[AppServer]:
    """An app's own server."""
    async with app_server() as listening:
        yield listening
