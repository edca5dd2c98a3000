"""PostgreSQL is away for a while: every dialect says so in its own words, nothing waits in memory, and it goes on."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from cast import Reply, Rest, Socket, Town, running
from databases import on_postgresql, postgres_server
from gateway.leancloud.clients import Client, Hall
from parlance.core.model.app import Policy

SOON = 60.0
"""Seconds in which it is noticed that the database went, or is back, on a busy machine."""
TRY_AGAIN, AWAY, COME_AGAIN = 1, 503, 1013


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A server on PostgreSQL, which calls nothing an error but that what it does every few seconds cannot be done."""
    with on_postgresql(), capture_logs() as lines:
        async with running(tmp_path / "data", default_app="hall") as town:
            yield town
    assert {"step failed"} >= {line["event"] for line in lines if line["log_level"] in {"error", "critical"}}


async def test_every_dialect_says_so(town: Town) -> None:
    """Sends and changes are refused with a word to try again; who is connected stays, and all goes on by itself."""
    await town.app(Hall.app_id, Policy.OPEN)
    lobby = await town.application.actions.find_apps.one(Hall.app_id)
    backend = town.bare.showing(**{"X-LC-Id": lobby.app_id, "X-LC-Key": f"{lobby.master_key},master"})
    ada, tom = await town.log_in(town.ada), await Hall(town).log_in("tom")
    group = await tom.start("jerry")
    await asyncio.to_thread(postgres_server().stop, signal.SIGINT)
    try:
        await _ready(town, AWAY)
        assert [
            (AWAY, 1, "服务暂不可用"),
            (AWAY, 50300, "服务暂不可用"),
            (AWAY, 503, "服务暂不可用"),
            (AWAY, None, "服务暂时不可用，请稍后再试。"),
            (AWAY, 503, "Service unavailable."),
        ] == [_said(reply) for reply in await _said_over_rest(town, backend, group)]
        refused = await ada.request("msg.send", {"conv_id": town.group, "type": -1, "text": "hello"})
        assert ("error", 1, TRY_AGAIN) == (refused["type"], refused["data"]["code"], refused["data"]["retry_after"])
        assert "SEND_MESSAGE_TIMEOUT" == (await tom.say(group)).reason
        stranger = await town.connect()
        await stranger.send("login", {"app_id": "hall", "client_id": "ben", "token": town.ben.token})
        assert TRY_AGAIN == (await stranger.next("server.going_away"))["data"]["retry_after"]
        line = await Hall(town).connect()
        await line.send(Hall(town).opening("jerry"))
        assert COME_AGAIN == await line.closed()
        assert 0 == town.application.store.appender.waiting
    finally:
        postgres_server().start()
    await _ready(town, 200)
    await _goes_on(ada, town.group, tom, group)


async def _said_over_rest(town: Town, backend: Rest, group: str) -> list[Reply]:
    """Something that has to be stored, in each dialect."""
    platform, clinic, campus, rong = town.backend, town.backend, town.backend, town.ada.rest
    message = {"from_client": "ada", "type": -1, "text": "hello"}
    return [
        await platform.post(f"/im/conversations/{town.group}/message", message),
        await clinic.post("/im/send/msg", {"from_id": "ada", "conv_id": town.group, "msg": "hello"}),
        await campus.post("/im/group", {"group_name": "三班", "admin_uid": "ada", "member_client_ids": "ben"}),
        await rong.post("/api/im/group/", {"name": "zhang111"}),
        await backend.post(f"/1.2/rtm/conversations/{group}/messages", {"from_client": "tom", "message": "hello"}),
    ]


def _said(reply: Reply) -> tuple[int, int | None, str]:
    """Status, code and words, wherever a dialect has them."""
    body = reply.body
    words = body.get("message") or body.get("detail") or body.get("error") or body.get("msg")
    return reply.status, body.get("code"), words


async def _goes_on(ada: Socket, group: str, tom: Client, other: str) -> None:
    """Those who stayed connected speak on."""
    assert 1 == (await ada.request("msg.send", {"conv_id": group, "type": -1, "text": "again"}))["data"]["seq"]
    said = await tom.say(other)
    assert (0, True) == (said.code, bool(said.uid))


async def _ready(town: Town, status: int) -> None:
    """Wait until the server says that it is, or is not."""
    async with asyncio.timeout(SOON):
        while (await town.bare.get("/readyz")).status != status:
            continue
