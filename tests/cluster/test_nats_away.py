"""NATS is away for a while: every server serves its own clients, and afterwards everybody has everything."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from brokers import NatsServer, own_nats_server
from cast import Socket, Town
from cluster.nodes import bus_of, cluster
from gateway.watch import comes_true
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.kernel.ids import ClientId

pytestmark = [pytest.mark.needs("nats-server")]

LONG = 60.0
"""Seconds in which NATS is found again, on a busy machine."""


@pytest.fixture
async def nats() -> AsyncIterator[NatsServer]:
    """One that may be stopped."""
    server = own_nats_server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def towns(tmp_path: Path, nats: NatsServer) -> AsyncIterator[list[Town]]:
    """Two servers on it."""
    async with cluster(tmp_path, 2, url=nats.url()) as towns:
        yield towns


async def away(towns: list[Town]) -> None:
    """Wait until all servers have noticed."""
    await comes_true(lambda: all(bus_of(town).away for town in towns), "NATS is away", LONG)


async def back(towns: list[Town]) -> None:
    """Wait until all servers are together again."""
    await comes_true(lambda: not any(bus_of(town).away for town in towns), "NATS is back", LONG)


async def say(socket: Socket, conv_id: str, text: str) -> int:
    """Say something; its number."""
    answer = await socket.request("msg.send", {"conv_id": conv_id, "type": -1, "text": text})
    seq: int = answer["data"]["seq"]
    return seq


async def hears(socket: Socket, count: int) -> list[str]:
    """The next texts, in the order in which they come."""
    async with asyncio.timeout(LONG):
        found: list[str] = []
        while len(found) < count:
            found.append((await socket.next("msg.new"))["data"]["text"])
    return found


async def test_what_was_said_meanwhile_is_told_afterwards(nats: NatsServer, towns: list[Town]) -> None:
    """In its order, once, with what is said then; those on the same server hear it at once."""
    here, there = towns
    group = await here.open(Kind.GROUP, "ada", "ben", "cy")
    ada, cy, ben = await here.log_in(here.ada), await here.log_in(here.cy), await there.log_in(there.ben)
    await say(ada, group, "0")
    assert ["0"] == await hears(ben, 1) == await hears(cy, 1)
    nats.stop()
    await away(towns)
    for number in (1, 2):
        await say(ada, group, str(number))
    await say(ben, group, "3")
    assert ["1", "2"] == await hears(cy, 2)
    nats.start()
    assert ["1", "2"] == await hears(ben, 2)
    assert ["3"] == await hears(ada, 1) == await hears(cy, 1)
    await back(towns)
    await comes_true(lambda: all(bus_of(town).others == 1 for town in towns), "they know each other", LONG)
    await say(ada, group, "4")
    assert ["4"] == await hears(ben, 1)
    assert await ben.nothing("msg.new")


async def test_a_server_says_that_nats_is_away(nats: NatsServer, towns: list[Town]) -> None:
    """It is ready all the same, and says so to who asks whether it is."""
    here, _ = towns
    assert {"status": "ready"} == (await here.bare.get("/readyz")).body
    nats.stop()
    await away(towns)
    answer = await here.bare.get("/readyz")
    assert (200, "ready") == (answer.status, answer.body["status"])
    assert ["NATS is away: clients of other servers hear of what happens here when it is back"] == answer.body["notes"]
    assert b"parlance_bus_connected 0.0" in (await here.bare.get("/metrics")).raw
    nats.start()
    await back(towns)
    assert {"status": "ready"} == (await here.bare.get("/readyz")).body


async def test_who_comes_and_goes_meanwhile_is_known_afterwards(nats: NatsServer, towns: list[Town]) -> None:
    """Who is online, and who is in a room."""
    here, there = towns
    room = await here.open(Kind.ROOM, "ada")
    ada, ben = await here.log_in(here.ada), await there.log_in(there.ben)
    await ada.request("conv.join", {"conv_id": room})
    await ben.request("conv.join", {"conv_id": room})
    await ada.next("conv.members_joined")
    await ada.request("presence", {"client_ids": ["ben", "cy"]})
    nats.stop()
    await away(towns)
    await ben.ws.close()
    cy = await there.log_in(there.cy)
    await cy.request("conv.join", {"conv_id": room})
    nats.start()
    await back(towns)
    told: dict[str, bool] = {}
    async with asyncio.timeout(LONG):
        while len(told) < 2:
            told |= (await ada.next("presence"))["data"]["clients"]
    assert {"ben": False, "cy": True} == told
    assert ["ada", "cy"] == sorted((await here.backend.get(f"/im/conversations/{room}/members")).data)


async def test_who_is_taken_out_meanwhile_hears_nothing_afterwards(nats: NatsServer, towns: list[Town]) -> None:
    """A server reads anew what it may have missed."""
    here, there = towns
    ada, ben = await here.log_in(here.ada), await there.log_in(there.ben)
    await say(ben, here.group, "1")
    assert ["1"] == await hears(ada, 1)
    nats.stop()
    await away(towns)
    assert (await here.backend.delete(f"/im/conversations/{here.group}/members", {"client_ids": ["ben"]})).data
    nats.start()
    await back(towns)
    refused = await _refused(ben, here.group)
    assert 4013 == refused
    await say(ada, here.group, "2")
    assert await ben.nothing("msg.new")


async def test_who_was_thrown_out_meanwhile_is_out_afterwards(nats: NatsServer, towns: list[Town]) -> None:
    """Kicked, banned, or logged in on both servers from the same device: then one stays, the later."""
    here, there = towns
    ben, cy, older = await there.log_in(there.ben), await there.log_in(there.cy), await there.log_in(there.ada)
    nats.stop()
    await away(towns)
    await here.application.actions.kick(Caller(here.hall), ClientId("ben"), "enough")
    assert 200 == (await here.backend.post("/im/users/cy/ban")).status
    newer = await here.log_in(here.ada)
    nats.start()
    await back(towns)
    ends = await asyncio.gather(ben.closed(), cy.closed(), older.closed())
    assert (4409, 1008, 4409) == tuple(ends)
    await newer.request("ping")


async def _refused(socket: Socket, conv_id: str) -> int:
    """Speak until one is refused; the code."""
    async with asyncio.timeout(LONG):
        while True:
            answer = await socket.request("msg.send", {"conv_id": conv_id, "type": -1, "text": "?"})
            if answer["type"] == "error":
                code: int = answer["data"]["code"]
                return code
            await asyncio.sleep(0.05)
