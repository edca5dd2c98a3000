"""An app's own server: answers what it is told to answer, and keeps what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web

from core.world import World
from parlance.core.model.caller import Caller
from parlance.core.model.hook import Hook
from parlance.kernel.ids import ClientId

PATIENCE = 20
"""Seconds that a test waits for what must come."""

Answer = Mapping[str, Any] | bytes | int | None


@dataclass
class Asked:
    """A call that came: which hook, with what, under which headers."""

    hook: str
    body: dict[str, Any]
    raw: bytes
    headers: Mapping[str, str]


@dataclass
class AppServer:
    """`answers` by hook: an object, bytes, a status, or None for no answer at all."""

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, request: web.Request) -> web.Response:
        """Answer a call."""
        raw, hook = await request.read(), request.match_info["hook"]
        self.asked.append(Asked(hook, msgspec.json.decode(raw), raw, request.headers))
        self.came.set()
        answer = self.answers.get(hook, {})
        if answer is None:
            await self.over.wait()
        if isinstance(answer, int):
            return web.Response(status=answer)
        return web.Response(body=answer if isinstance(answer, bytes) else msgspec.json.encode(answer))

    async def heard(self, hook: Hook, count: int = 1) -> list[dict[str, Any]]:
        """What a hook was told, once it was told so often."""
        async with asyncio.timeout(PATIENCE):
            while len(self.of(hook)) < count:
                self.came.clear()
                await self.came.wait()
        return self.of(hook)

    def of(self, hook: Hook) -> list[dict[str, Any]]:
        """What a hook was asked, without its signature."""
        return [
            {name: value for name, value in each.body.items() if name != "__sign"}
            for each in self.asked
            if each.hook == hook
        ]


@asynccontextmanager
async def app_server() -> AsyncIterator[AppServer]:
    """One that listens for as long as a test takes."""
    server = AppServer()
    application = web.Application()
    application.router.add_post("/hooks/{hook}", server.serve)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hooks"
        yield server
    finally:
        server.over.set()
        await runner.cleanup()


async def hooked(world: World, url: str, **settings: Any) -> Callable[[str], Caller]:
    """Give the hall these hooks; answers how its clients are called from now on."""
    new = msgspec.structs.replace(world.hall.settings, hook_url=url, **settings)
    world.hall = await world.actions.change_app("hall", settings=new)
    # As a running server notices it.
    await world.application.directory.refresh()
    return lambda name: Caller(world.hall, ClientId(name))
