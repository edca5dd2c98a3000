"""A server that stops and starts again on the same port when somebody knocks at its back door."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

from parlance.app.assemble import Application, opened
from parlance.app.config import Config, LogLevel
from parlance.app.server import Server
from ports import free_port


class Restarting:
    """Use it as `async with`. `settings` are fields of the server's Config."""

    def __init__(self, data_dir: Path, **settings: Any) -> None:
        self._config = Config(data_dir=data_dir, port=free_port(), log_level=LogLevel.WARNING, drain=1.0, **settings)
        self._running = AsyncExitStack()
        back = web.Application()
        back.router.add_post("/restart", self._restart)
        self._back = TestServer(back)

    async def __aenter__(self) -> Self:
        """Start it, and its back door."""
        await self._back.start_server()
        self.application = await self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop both."""
        await self._running.aclose()
        await self._back.close()

    @property
    def base(self) -> str:
        """Where the server is."""
        return f"http://127.0.0.1:{self._config.port}"

    @property
    def door(self) -> str:
        """What a POST has to go to for a restart."""
        return str(self._back.make_url("/restart"))

    async def _start(self) -> Application:
        application = await self._running.enter_async_context(opened(self._config))
        server = Server(application)
        await server.start()
        self._running.push_async_callback(server.stop)
        return application

    async def _restart(self, _request: web.Request) -> web.Response:
        await self._running.aclose()
        self.application = await self._start()
        return web.Response()
