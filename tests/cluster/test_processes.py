"""Three servers in processes of their own, of which one dies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

import brokers
from cast import Socket
from databases import postgres_server
from durability.server_process import APP, ServerProcess, peopled, serving
from gateway.leancloud.clients import BINARY, Line
from parlance.protocols.leancloud.generated import messages_pb2 as pb

pytestmark = [pytest.mark.needs("nats-server")]

PEOPLE = ["ann", "bob", "cat"]
LONG = 60.0
"""Seconds in which it is noticed that a server is gone, on a busy machine."""


class Cluster:
    """The servers, and whoever connects to them."""

    def __init__(
        self, where: dict[str, str], servers: list[ServerProcess], group: str, session: aiohttp.ClientSession
    ) -> None:
        self.where = where
        self.servers = servers
        self.group = group
        self._session = session

    async def log_in(self, client: str, server: int) -> Socket:
        """Connect somebody to a server."""
        socket = Socket(await self._session.ws_connect(f"{self.servers[server].base}/im/socket"))
        await socket.send("login", {"app_id": APP, "client_id": client, "device_id": f"at-{server}"})
        await socket.next("login.success")
        return socket

    async def say(self, socket: Socket, text: str) -> int:
        """Say something in the group; its number."""
        answer = await socket.request("msg.send", {"conv_id": self.group, "type": -1, "text": text})
        seq: int = answer["data"]["seq"]
        return seq

    async def start_briefly(self, *clients: str, server: int) -> str:
        """Begin a conversation that is over in a second; its id."""
        ws = await self._session.ws_connect(f"{self.servers[server].base}/", protocols=(BINARY,))
        line = Line(ws)
        await line.ask(pb.GenericCommand(cmd=pb.session, op=pb.open, appId=APP, peerId=clients[0]))
        start = pb.ConvCommand(m=clients, tempConv=True, tempConvTTL=1)
        started = await line.ask(pb.GenericCommand(cmd=pb.conv, op=pb.start, peerId=clients[0], convMessage=start))
        await ws.close()
        return started.convMessage.cid

    async def metric(self, server: int, name: str) -> float:
        """A number that a server shows."""
        async with self._session.get(f"{self.servers[server].base}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[Cluster]:
    """Three servers on one database and one NATS."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(postgres_server().lent())
        where = {"PARLANCE_DATABASE_URL": database, "PARLANCE_BUS_URL": brokers.nats_server().url()}
        [group] = await peopled(tmp_path, PEOPLE, 1, database_url=database)
        folders = [tmp_path / str(number) for number in range(3)]
        servers = [await stack.enter_async_context(serving(folder, **where)) for folder in folders]
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield Cluster(where, servers, group, session)


async def test_a_server_dies_and_nobody_misses_anything(three: Cluster) -> None:
    """Its clients are gone for the others after a while, and find everything when they come back elsewhere."""
    ann, bob, cat = [await three.log_in(client, server) for server, client in enumerate(PEOPLE)]
    asked = await ann.request("presence", {"client_ids": ["cat"]})
    assert {"cat": True} == asked["data"]["clients"]
    await three.say(ann, "to all")
    assert ["to all"] * 2 == [(await socket.next("msg.new"))["data"]["text"] for socket in (bob, cat)]

    await three.servers[2].kill()
    await three.say(ann, "while cat is away")
    assert "while cat is away" == (await bob.next("msg.new"))["data"]["text"]
    # A login waits for the one that does not answer, and not for long.
    cat = await three.log_in("cat", 1)
    [row] = (await cat.request("sync"))["data"]["conversations"]
    assert (2, 2) == (row["last_seq"], row["unread"])
    await three.say(bob, "welcome back")
    assert "welcome back" == (await cat.next("msg.new"))["data"]["text"]
    assert "welcome back" == (await ann.next("msg.new"))["data"]["text"]

    async with asyncio.timeout(LONG):
        while await three.metric(0, "parlance_bus_peers") > 1:
            continue
    await cat.ws.close()
    assert {"cat": False} == (await ann.next("presence"))["data"]["clients"]


async def test_who_was_on_a_server_that_died_is_gone(three: Cluster) -> None:
    """Who watches is told, after a few seconds."""
    ann, cat = await three.log_in("ann", 0), await three.log_in("cat", 2)
    await ann.request("presence", {"client_ids": ["cat"]})
    await three.servers[2].kill()
    told = await ann.next("presence")
    assert {"cat": False} == told["data"]["clients"]
    await cat.ws.close()


async def test_a_server_that_ends_says_so(three: Cluster) -> None:
    """Its clients are gone at once, not after a while, and what it took in is told."""
    ann, cat = await three.log_in("ann", 0), await three.log_in("cat", 2)
    await ann.request("presence", {"client_ids": ["cat"]})
    three.servers[2].ask_to_end()
    assert {"cat": False} == (await ann.next("presence"))["data"]["clients"]
    assert 0 == await three.servers[2].ended()
    assert "another server has fallen silent" not in [line["event"] for line in three.servers[0].log]
    assert await three.metric(0, "parlance_bus_peers") <= 1
    await cat.ws.close()


async def test_a_server_that_comes_later_is_one_of_them(three: Cluster, tmp_path: Path) -> None:
    """It knows who is online, and hears what is said."""
    ann = await three.log_in("ann", 0)
    async with serving(tmp_path / "late", **three.where) as late:
        three.servers.append(late)
        bob = await three.log_in("bob", 3)
        # It does not wait long for the others to tell it: what comes later it tells who watches.
        known = (await bob.request("presence", {"client_ids": ["ann", "cat"]}))["data"]["clients"]
        while not known["ann"]:
            known |= (await bob.next("presence"))["data"]["clients"]
        assert {"ann": True, "cat": False} == known
        await three.say(ann, "hello")
        assert "hello" == (await bob.next("msg.new"))["data"]["text"]


async def test_what_one_does_for_all_another_does_when_it_is_gone(three: Cluster) -> None:
    """Conversations that are over are ended, and everybody is told once; by whoever is left."""
    ann, bob = await three.log_in("ann", 2), await three.log_in("bob", 1)
    over = await three.start_briefly("ann", "bob", server=2)
    for socket in (ann, bob):
        assert over == (await socket.next("conv.deleted"))["data"]["conv_id"]
        assert await socket.nothing("conv.deleted")
    # The first that came does it; of the others, nobody says who would.
    for gone in (0, 1):
        await three.servers[gone].kill()
    over = await three.start_briefly("ann", "bob", server=2)
    told = await ann.next("conv.deleted")
    assert over == told["data"]["conv_id"]
    await ann.ws.close()
    await bob.ws.close()
