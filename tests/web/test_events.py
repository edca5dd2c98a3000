"""What an app's backend fetches instead of being told (`GET /admin/events`)."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from cast import PATIENCE, Rest, Town
from parlance.core.model.app import App
from parlance.web.events import PATH


async def kept(town: Town) -> App:
    """The hall keeps what happens to be fetched."""
    actions = town.application.actions
    settings = msgspec.structs.replace(town.hall.settings, keep_events=True)
    app = await actions.change_app(town.hall.app_id, settings=settings)
    await town.application.directory.refresh()
    return app


async def fetched(town: Town, count: int, query: str) -> Any:
    """The answer, once it has so many events: several servers have to agree first on how far it may go."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = (await town.backend.get(f"{PATH}?{query}")).body
            if len(found["events"]) >= count:
                return found
            await asyncio.sleep(0.05)


async def test_a_backend_fetches(town: Town) -> None:
    """What has happened, in order, by both names; and goes on where it stopped."""
    await kept(town)
    said = [await town.say(text) for text in ("one", "two")]
    first = await fetched(town, 1, "limit=1")
    assert (1, True) == (len(first["events"]), first["more"])
    event = first["events"][0]
    assert ("message.sent", "_messageSent", said[0]) == (event["event"], event["hook"], event["body"]["msgId"])
    assert event["at"] == event["body"]["timestamp"]
    assert 32 == len(event["id"])
    second = await fetched(town, 3, f"after={first['next']}")
    sent = [each for each in [event, *second["events"]] if each["event"] == "message.sent"]
    assert said == [each["body"]["msgId"] for each in sent]
    last = (await town.backend.get(f"{PATH}?after={second['next']}")).body
    assert {"events": [], "next": second["next"], "more": False} == last


async def test_nothing_has_happened(town: Town) -> None:
    """Then there is nowhere to go on from."""
    assert {"events": [], "next": "", "more": False} == (await town.backend.get(PATH)).body


@pytest.mark.parametrize(
    ("asks", "path", "refusal"),
    [
        (lambda town: town.bare, PATH, (401, "missing_app")),
        (lambda town: town.backend.showing(app_id="hall"), PATH, (401, "bad_credential")),
        (lambda town: town.backend.showing(app_id="hall", app_key="wrong"), PATH, (401, "bad_credential")),
        (lambda town: town.ada.rest, PATH, (403, "key_required")),
        (lambda town: town.backend, f"{PATH}?after=nonsense", (400, "bad_format")),
        (lambda town: town.backend, f"{PATH}?limit=many", (400, "bad_format")),
    ],
)
async def test_who_may_not(town: Town, asks: Callable[[Town], Rest], path: str, refusal: tuple[int, str]) -> None:
    """Nobody but the backend, with its key; and with a cursor that is one."""
    await kept(town)
    reply = await asks(town).get(path)
    assert refusal == (reply.status, reply.body["code"])


async def test_another_app_sees_its_own(town: Town) -> None:
    """And nothing of this one."""
    await kept(town)
    await town.say("one")
    assert [] == (await town.stranger.get(PATH)).body["events"]
