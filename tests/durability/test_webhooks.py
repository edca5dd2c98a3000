"""`kill -9` under load, and a backend that fails now and then: what was stored is told, none of it lost, in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random  # noqa: TID251 - every choice follows from the seed

import msgspec
from aiohttp import web

from durability.sender import Sender, talk_together
from durability.server_process import APP, STARTS_WITHIN, peopled, serving, stored
from durability.test_kill import acknowledged, assert_clean
from parlance.app.assemble import opened
from parlance.app.config import Config
from parlance.core.model.delivery import DeliveryState

ROUNDS = 3
CLIENTS = ["ann", "bob"]
PLACES = 3
SAID = (60, 200)
"""Messages that are acknowledged before the server is killed: every one of them has to be told, one by one."""
FAILS = 0.004
"""How often the backend fails."""
PATIENCE = 120.0
"""Seconds until the last of it is told, by a machine that is busy with other things."""


@dataclass
class Backend:
    """An app's backend: says no now and then, and keeps what it said yes to."""

    chance: Random
    url: str = ""
    taken: list[tuple[str, int, str]] = field(default_factory=list)
    """Conversation, place and id of each message, as often as it was taken."""
    calls: set[str] = field(default_factory=set)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, request: web.Request) -> web.Response:
        """Take a call, or not."""
        body = msgspec.json.decode(await request.read())
        if self.chance.random() < FAILS:
            return web.Response(status=503)
        self.taken.append((body["convId"], body["seq"], body["msgId"]))
        self.calls.add(request.headers["X-Parlance-Id"])
        self.came.set()
        return web.Response()

    async def until(self, count: int) -> None:
        """Wait until it has taken so many different things."""
        async with asyncio.timeout(PATIENCE):
            while len(self.calls) < count:
                self.came.clear()
                await self.came.wait()


@asynccontextmanager
async def backend() -> AsyncIterator[Backend]:
    """One that listens."""
    serves = Backend(Random(2))  # noqa: S311 - nothing secret
    application = web.Application()
    application.router.add_post("/_messageSent", serves.serve)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        serves.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield serves
    finally:
        await runner.cleanup()


async def with_hooks(data: Path, url: str) -> None:
    """The yard has a backend."""
    async with opened(Config(data_dir=data)) as application:
        app = await application.actions.find_apps.one(APP)
        settings = msgspec.structs.replace(app.settings, hook_url=url, hook_names="_messageSent")
        await application.actions.change_app(APP, settings=settings)


async def states(data: Path) -> set[DeliveryState]:
    """What has become of what was to be told."""
    async with opened(Config(data_dir=data)) as application:
        app = await application.actions.find_apps.one(APP)
        return {each.state for each in await application.actions.list_deliveries(app.app_id, most=1_000_000)}


async def test_what_was_stored_is_told(tmp_path: Path) -> None:
    """Each message at least once, nothing else, and the places of each conversation never out of order."""
    chance = Random(1)  # noqa: S311 - nothing secret
    places = await peopled(tmp_path, CLIENTS, PLACES)
    senders = [Sender(client, places) for client in CLIENTS]
    async with backend() as hears:
        await with_hooks(tmp_path, hears.url)
        for _ in range(ROUNDS):
            async with serving(tmp_path) as server:
                load = asyncio.ensure_future(talk_together(senders, server.base))
                until = acknowledged(senders) + chance.randint(*SAID)
                async with asyncio.timeout(STARTS_WITHIN):
                    while acknowledged(senders) < until:
                        assert not load.done()
                        await asyncio.sleep(0.001)
                await server.kill()
                await load
                assert_clean(server.log)
        said = {
            message.msg_id: (conv_id, message.seq)
            for conv_id, rows in (await stored(tmp_path, places)).items()
            for message in rows
        }
        async with serving(tmp_path) as server:
            await hears.until(len(said))
            server.ask_to_end()
            assert 0 == await server.ended()
    assert said == {msg_id: (conv_id, seq) for conv_id, seq, msg_id in hears.taken}
    assert {receipt.msg_id for sender in senders for receipt in sender.receipts.values()} <= said.keys()
    assert len(said) == len(hears.calls)
    for place in places:
        heard = dict.fromkeys(seq for conv_id, seq, _ in hears.taken if conv_id == place)
        assert sorted(heard) == list(heard)
    # The last yes may have come when the server was on its way out.
    assert await states(tmp_path) <= {DeliveryState.DELIVERED, DeliveryState.WAITING}
