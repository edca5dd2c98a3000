"""What the demo's page is given to begin, and who is not given it."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from cast import Rest, Town
from parlance.app.assemble import opened
from parlance.app.config import Config, LogLevel
from parlance.app.server import Server
from parlance.core.model.app import Policy
from parlance.kernel.ids import AppId


@pytest.fixture
async def tried_out(tmp_path: Path) -> AsyncIterator[Rest]:
    """A server with the demo, of an app that asks for tokens."""
    async with opened(Config(data_dir=tmp_path, port=0, log_level=LogLevel.WARNING)) as application:
        await application.actions.register_app("trial", master_key="key-of-trial", policy=Policy.TOKEN)
        server = Server(application, demo_of=AppId("trial"))
        port = await server.start()
        try:
            async with aiohttp.ClientSession() as session:
                yield Rest(session, f"http://127.0.0.1:{port}", {})
        finally:
            await server.stop()


async def test_the_demo_has_a_cast(tried_out: Rest) -> None:
    """Four people with tokens that work, two conversations, the server key; asked again, the same people and places."""
    stage = (await tried_out.post("/demo/begin")).body
    assert ["ada", "ben", "chen", "dora"] == [person["client_id"] for person in stage["people"]]
    ada = tried_out.showing(app_id="trial", Authorization=f"Bearer {stage['people'][0]['token']}")
    members = [(await ada.get(f"/im/conversations/{stage[which]}/members")).data for which in ("direct", "group")]
    assert [{"ada", "ben"}, {"ada", "ben", "chen", "dora"}] == [set(each) for each in members]
    backend = tried_out.showing(app_id="trial", app_key=stage["server_key"])
    assert 200 == (await backend.get(f"/im/group/{stage['group_id']}")).status
    again = (await tried_out.post("/demo/begin")).body
    places = ("direct", "group", "group_id", "group_name")
    assert [stage[place] for place in places] == [again[place] for place in places]


async def test_what_was_changed_stays(tried_out: Rest) -> None:
    """A name that was changed is not changed back."""
    stage = (await tried_out.post("/demo/begin")).body
    backend = tried_out.showing(app_id="trial", app_key=stage["server_key"])
    await backend.put("/im/users/ben", {"nickname": "Benjamin"})
    assert "Benjamin" == (await tried_out.post("/demo/begin")).body["people"][1]["nickname"]


async def test_only_its_own_page_is_given_it(tried_out: Rest) -> None:
    """Not a page of another server, nor one whose name was made to lead here."""
    port = tried_out.base.rpartition(":")[2]
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"):
        headers = {"Host": host, "Origin": f"http://{host}"}
        assert 200 == (await tried_out.post("/demo/begin", headers=headers)).status, headers
    for headers in (
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Host": "elsewhere.example"},
        {"Host": "elsewhere.example", "Origin": "http://elsewhere.example"},
        {"Host": "10.0.0.7"},
        {"Host": "["},
        {"Host": ""},
        {"x-forwarded-for": "203.0.113.5"},
        {"Forwarded": "for=203.0.113.5"},
    ):
        assert 403 == (await tried_out.post("/demo/begin", headers=headers)).status, headers


async def test_a_server_in_earnest_has_no_demo(town: Town) -> None:
    """Its front page is another, and nobody is given anything."""
    assert "This chat server is running" in (await town.bare.get("/")).raw.decode()
    assert 404 == (await town.bare.post("/demo/begin")).status
