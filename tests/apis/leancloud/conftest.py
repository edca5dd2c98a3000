"""Clients, and the backend that moves them."""

from collections.abc import AsyncIterator

import pytest

from apis.leancloud.office import Office
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
async def office(hall: Hall) -> Office:
    """Its backend."""
    town = hall.town
    app = await town.application.actions.find_apps.one(hall.app_id)

    def keyed(key: str) -> dict[str, str]:
        return {"X-LC-Id": app.app_id, "X-LC-Key": key}

    return Office(
        hall, app, town.bare.showing(**keyed(f"{app.master_key},master")), town.bare.showing(**keyed(app.app_key))
    )


@pytest.fixture
async def tom(hall: Hall) -> Client:
    """Somebody on a socket of LeanCloud's."""
    return await hall.log_in("tom")


@pytest.fixture
async def jerry(hall: Hall) -> Client:
    """Somebody else, on a socket of his own."""
    return await hall.log_in("jerry")
