"""A server for apps' own tests: for synchronous ones as well, with a clock to move and faults to switch on."""

import asyncio
import json
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from cast import PATIENCE
from parlance.client import Change, Changed, Unavailable, UnknownConversation
from parlance.testing import MovableClock, Sandbox, sandbox


def asked(place: Sandbox, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """What the server answers to somebody who waits for it, as synchronous programs do."""
    connection = HTTPConnection(urlsplit(place.url).netloc, timeout=PATIENCE)
    shown = {"app-id": place.app_id, **{name.replace("_", "-"): value for name, value in headers.items()}}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), shown)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def test_a_synchronous_test(place: Sandbox) -> None:
    """Needs no loop: users, tokens and conversations are made by plain calls."""
    conv_id = place.group(place.user("ada", nickname="Ada"), "ben")
    said = {"from_client": "ada", "type": -1, "text": "hello"}
    path = f"/im/conversations/{conv_id}/message"
    assert 0 == asked(place, "POST", path, said, authorization=f"Bearer {place.token('ada')}")["code"]
    listed = asked(place, "GET", path, app_key=place.key)["data"]
    assert ["hello"] == [row["text"] for row in listed["data"]]
    assert "Ada" == asked(place, "GET", "/im/users/ada", app_key=place.key)["data"]["nickname"]


def test_two_at_once() -> None:
    """Each is a server of its own, with data of its own."""
    with sandbox() as one, sandbox(default_app="sandbox") as other:
        one.user("eve")
        assert 211 == asked(other, "GET", "/im/users/eve", app_key=other.key)["code"]
        assert one.url != other.url


def test_a_second_app(place: Sandbox) -> None:
    """With a key of its own; another app's people do not exist there."""
    place.user("ada")
    key = place.app("annex")
    assert 211 == asked(place, "GET", "/im/users/ada", app_id="annex", app_key=key)["code"]


def test_tokens_run_out(place: Sandbox) -> None:
    """When the clock says so, not when a test has waited long enough."""
    token = place.token("ada", lifetime=60)
    who = {"authorization": f"Bearer {token}"}
    assert 0 == asked(place, "GET", "/im/users/ada", **who)["code"]
    place.advance(61)
    assert 1 == asked(place, "GET", "/im/users/ada", **who)["code"]


def test_the_clock_does_not_go_back() -> None:
    """Neither does it for tests."""
    with pytest.raises(ValueError, match="go back"):
        MovableClock().advance(-1)


async def test_temporary_conversations_end(place: Sandbox) -> None:
    """And their people are told."""
    async with place.client("ada") as ada:
        place.user("ben")
        conv_id = await ada.open_temporary("ben", lifetime=60)
        events = ada.events()
        place.advance(61)
        async with asyncio.timeout(PATIENCE):
            async for event in events:
                if isinstance(event, Changed) and event.what is Change.DELETED:
                    break
        with pytest.raises(UnknownConversation):
            await ada.members(conv_id)


async def test_who_is_silent_is_sent_away(place: Sandbox) -> None:
    """Without a test that waits for minutes."""
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{place.url}/im/socket") as socket:
        await socket.send_json(
            {"type": "login", "data": {"app_id": place.app_id, "client_id": "ada", "token": place.token("ada")}}
        )
        assert "login.success" == (await socket.receive_json(timeout=PATIENCE))["type"]
        place.advance(401)
        assert "error" == (await socket.receive_json(timeout=PATIENCE))["type"]
        assert aiohttp.WSMsgType.CLOSE is (await socket.receive(timeout=PATIENCE)).type
        assert 4408 == socket.close_code


async def test_the_store_is_away(place: Sandbox) -> None:
    """REST says so with 503, and when to come back."""
    place.user("ada")
    place.faults.store_away()
    async with place.backend() as backend:
        with pytest.raises(Unavailable) as refusal:
            await backend._rest._once("GET", "/im/users/ada", None, None)
        assert (503, 1.0) == (refusal.value.status, refusal.value.retry_after)
        place.faults.store_away(away=False)
        assert "ada" == (await backend.user("ada")).client_id


def test_nobody_gets_in(place: Sandbox) -> None:
    """Connections break, for REST as well, until they do not."""
    place.user("ada")
    place.faults.refuse_connections()
    with pytest.raises((ConnectionError, HTTPException)):
        asked(place, "GET", "/healthz")
    place.faults.clear()
    assert asked(place, "GET", "/im/users", app_key=place.key)["data"]["total"]


async def test_large_frames_and_requests_pass(place: Sandbox) -> None:
    """In one piece, whatever pieces they come in."""
    conv_id = place.group("ada", "ben")
    long = "ä" * 30_000
    async with place.client("ada") as ada, place.client("ben") as ben:
        heard = ben.messages()
        assert long == (await ada.send(conv_id, long)).text
        assert long == (await anext(heard)).text
        content = b"%PDF-1.4\n" + bytes(range(256)) * 4000
        assert content == await ada.download(await ada.upload(content, "a.pdf"))


def test_nothing_is_done_after_the_end() -> None:
    """Who still asks for a token, in a thread of a client that has ended too, is told so."""
    with sandbox() as place:
        assert place.token("ada")
    with pytest.raises(RuntimeError, match="closed"):
        place.token("ada")


def test_a_server_that_cannot_start_says_why() -> None:
    """To whoever wanted it."""
    with pytest.raises(RuntimeError, match="did not start"), sandbox(database_url="postgresql://127.0.0.1:9/none"):
        pass
