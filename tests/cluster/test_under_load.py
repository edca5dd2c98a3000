"""Three servers under load, of which one dies while NATS goes away and comes back: who listens hears everything.

Once, and in its order, though who speaks is on other servers, and speaks again what was not acknowledged.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from brokers import NatsServer, own_nats_server
from cast import Socket
from databases import postgres_server
from durability.sender import Sender
from durability.server_process import APP, STARTS_WITHIN, ServerProcess, peopled, serving
from gateway.watch import comes_true

pytestmark = [pytest.mark.needs("nats-server")]

SPEAKERS = ["ann", "bob", "cat"]
EAR = "ear"
PLACES = 3
NOT_NOW = 1
LONG = 60.0


class Listener:
    """Somebody who only listens, and writes down what it hears of each group."""

    def __init__(self, socket: Socket) -> None:
        self.heard: dict[str, list[int]] = {}
        self._socket = socket
        self._listening = asyncio.ensure_future(self._listen())

    async def until(self, heights: dict[str, int]) -> None:
        """Wait until it has heard so much."""
        await comes_true(
            lambda: all(self.heard.get(place, [0])[-1] >= height for place, height in heights.items()),
            "everything is heard",
            LONG,
        )
        assert not self._listening.done()

    async def leave(self) -> None:
        """Listen no more."""
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        await self._socket.ws.close()

    async def _listen(self) -> None:
        async for message in self._socket.ws:
            frame = message.json()
            if frame["type"] == "msg.new":
                self.heard.setdefault(frame["data"]["conv_id"], []).append(frame["data"]["seq"])


@pytest.fixture
async def nats() -> AsyncIterator[NatsServer]:
    """One that may be stopped."""
    server = own_nats_server()
    server.start()
    yield server
    server.stop()


async def test_who_listens_hears_everything_once_and_in_order(tmp_path: Path, nats: NatsServer) -> None:
    """On servers that live on; whatever happens to NATS and to the third."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(postgres_server().lent())
        where = {"PARLANCE_DATABASE_URL": database, "PARLANCE_BUS_URL": nats.url()}
        places = await peopled(tmp_path, [*SPEAKERS, EAR], PLACES, database_url=database)
        folders = [tmp_path / str(number) for number in range(3)]
        servers = [await stack.enter_async_context(serving(folder, **where)) for folder in folders]
        session = await stack.enter_async_context(aiohttp.ClientSession())
        listeners = [await _listener(session, servers[number]) for number in (0, 1)]
        senders = [Sender(name, places) for name in SPEAKERS]
        talks = [
            asyncio.ensure_future(sender.talk(server.base)) for sender, server in zip(senders, servers, strict=True)
        ]

        await _more(senders, 150)
        nats.stop()
        await _more(senders, 150)
        await servers[2].kill()
        await talks[2]
        nats.start()
        await _more(senders[:2], 150)
        for server in servers[:2]:
            assert server.process.returncode is None
        talks[2] = asyncio.ensure_future(senders[2].talk(servers[1].base))
        await _more(senders, 100)
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        # Who waits too long for what another server is storing is told to come again.
        assert {NOT_NOW} >= {error["code"] for sender in senders for error in sender.refused}

        receipts = [receipt for sender in senders for receipt in sender.receipts.values()]
        heights = {place: max(receipt.seq for receipt in receipts if receipt.conv_id == place) for place in places}
        for listener in listeners:
            await listener.until(heights)
            for place, height in heights.items():
                assert list(range(1, height + 1)) == listener.heard[place][:height]
            await listener.leave()


async def _listener(session: aiohttp.ClientSession, server: ServerProcess) -> Listener:
    socket = Socket(await session.ws_connect(f"{server.base}/im/socket"))
    await socket.send("login", {"app_id": APP, "client_id": EAR, "device_id": f"at-{server.port}"})
    await socket.next("login.success")
    return Listener(socket)


async def _more(senders: list[Sender], count: int) -> None:
    """Wait until each has had so many more messages acknowledged."""
    before = [len(sender.receipts) for sender in senders]
    await comes_true(
        lambda: all(len(sender.receipts) >= had + count for sender, had in zip(senders, before, strict=True)),
        "more was acknowledged",
        STARTS_WITHIN,
    )
