"""The hall in which LeanCloud's clients meet."""

from collections.abc import AsyncIterator

import pytest

from cast import Town
from gateway.leancloud.clients import Client, Hall
from parlance.core.model.app import Policy


@pytest.fixture
async def hall(town: Town) -> AsyncIterator[Hall]:
    """An app that is open to everybody."""
    await town.app(Hall.app_id, Policy.OPEN)
    hall = Hall(town)
    yield hall
    await hall.leave()


@pytest.fixture
async def tom(hall: Hall) -> Client:
    """Somebody who is logged in."""
    return await hall.log_in("tom")


@pytest.fixture
async def jerry(hall: Hall) -> Client:
    """Somebody else, on a socket of his own."""
    return await hall.log_in("jerry")
