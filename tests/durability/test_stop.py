"""SIGTERM under load: everybody is told, nothing that was acknowledged is lost, and it is over in seconds."""

import asyncio
import json
from pathlib import Path

import aiohttp
import pytest

from durability.sender import Receipt, Sender, talk_together
from durability.server_process import APP, ENDS_WITHIN, STARTS_WITHIN, ServerProcess, peopled, serving, stored

GOING_AWAY = 1001
DRAIN = 4.0
"""Seconds that a stuck client may cost, in which another one has asked again, on a busy machine."""
CLIENTS = ["ann", "bob", "cat", "dan", "eve"]


async def under_load(senders: list[Sender], server: ServerProcess) -> "asyncio.Future[None]":
    """Everybody talks, and has been heard some times."""
    load = asyncio.ensure_future(talk_together(senders, server.base))
    async with asyncio.timeout(STARTS_WITHIN):
        while not all(len(sender.receipts) > 100 for sender in senders):
            assert not load.done()
            await asyncio.sleep(0.005)
    return load


async def everything_is_there(data: Path, places: list[str], senders: list[Sender]) -> None:
    """What was acknowledged is stored, and at most what was still on its way besides."""
    found = {
        message.ref: Receipt(message.conv_id, message.msg_id, message.seq or 0)
        for rows in (await stored(data, places)).values()
        for message in rows
    }
    promised = {ref: receipt for sender in senders for ref, receipt in sender.receipts.items()}
    assert promised == {ref: receipt for ref, receipt in found.items() if ref in promised}
    assert found.keys() - promised.keys() <= {ref for sender in senders for ref in sender.waiting}


@pytest.mark.parametrize("groups", [1, 3])
async def test_everybody_is_told_and_nothing_is_lost(tmp_path: Path, groups: int) -> None:
    """Each client gets `server.going_away` and a close, though it goes on sending; the process ends well."""
    places = await peopled(tmp_path, CLIENTS, groups)
    senders = [Sender(client, places) for client in CLIENTS]
    async with serving(tmp_path) as server:
        load = await under_load(senders, server)
        server.ask_to_end()
        await load
        assert 0 == await server.ended()
        assert [("restart", GOING_AWAY)] * len(senders) == [
            ((sender.goodbye or {}).get("reason"), sender.close_code) for sender in senders
        ]
        assert [] == [sender.refused for sender in senders if sender.refused]
        assert {"info"} == {line["level"] for line in server.log}
    await everything_is_there(tmp_path, places, senders)
    # What was taken in before the goodbye was answered before the close: nothing is stored of which nobody was told.
    rows = [message for rows in (await stored(tmp_path, places)).values() for message in rows]
    assert {message.ref for message in rows} == {ref for sender in senders for ref in sender.receipts}


async def test_who_asks_is_told_first_and_a_stuck_client_does_not_hold_it_up(tmp_path: Path) -> None:
    """As soon as clients are told, `/readyz` says 503; a client that reads nothing costs no more than the drain."""
    await peopled(tmp_path, ["ann", "stuck"], 1)
    async with serving(tmp_path, PARLANCE_DRAIN=str(DRAIN)) as server, aiohttp.ClientSession() as session:
        login = {"type": "login", "data": {"app_id": APP, "client_id": "ann"}}
        stuck = await asyncio.open_connection("127.0.0.1", server.port)
        await shaken_hands(*stuck)
        async with session.ws_connect(f"{server.base}/im/socket") as ann:
            await ann.send_json(login)
            await ann.receive()
            assert 200 == await status(session, f"{server.base}/readyz")
            loop = asyncio.get_running_loop()
            began = loop.time()
            server.ask_to_end()
            told = json.loads((await ann.receive()).data)
            assert "server.going_away" == told["type"]
            # Over the connection that is still open from before: new ones are not taken any more.
            assert 503 == await status(session, f"{server.base}/readyz")
            assert 0 == await server.ended()
            assert loop.time() - began < DRAIN + ENDS_WITHIN
        stuck[1].close()
        warned = [line["event"] for line in server.log if line["level"] != "info"]
        assert ["some clients did not answer the goodbye"] == warned


async def status(session: aiohttp.ClientSession, url: str) -> int:
    """The status of an answer."""
    async with session.get(url) as answer:
        await answer.read()
        return answer.status


async def shaken_hands(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Open a socket by hand, and never look at it again."""
    writer.write(
        b"GET /im/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")


async def test_told_twice_it_ends_once(tmp_path: Path) -> None:
    """An impatient supervisor does not make it forget what it was doing."""
    places = await peopled(tmp_path, CLIENTS, 1)
    senders = [Sender(client, places) for client in CLIENTS]
    async with serving(tmp_path) as server:
        load = await under_load(senders, server)
        for _ in range(3):
            server.ask_to_end()
        await load
        assert 0 == await server.ended()
    await everything_is_there(tmp_path, places, senders)
