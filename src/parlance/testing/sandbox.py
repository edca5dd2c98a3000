"""A real server in this process, in a thread of its own: for tests of whoever talks to it, synchronous or not."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from parlance.app.assemble import Application, opened
from parlance.app.config import Config, LogLevel
from parlance.app.server import Server
from parlance.client import Backend, Client
from parlance.core.model.app import App, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.limits import Limits
from parlance.core.model.opening import Opening
from parlance.core.model.user import Profile
from parlance.kernel.clock import SECOND
from parlance.kernel.ids import ClientId
from parlance.testing.clock import MovableClock
from parlance.testing.faults import Faults
from parlance.testing.store import Removable
from parlance.testing.tunnel import Tunnel

Answer = TypeVar("Answer")
APP = "sandbox"
KEY = "key-of-the-sandbox"
PATIENCE = 30.0
"""Seconds that a call into the server's thread may take."""


class Sandbox:
    """A running server, its clock, and what can go wrong with it. Every method may be called from any thread.

    There is one app, `app_id`, whose clients show tokens and whose backend shows `key`.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        application: Application,
        server: Server,
        clock: MovableClock,
        faults: Faults,
        url: str,
    ) -> None:
        self._loop = loop
        self._application = application
        self._server = server
        self.clock = clock
        """What the server takes for the time; `advance` moves it, and has the server notice."""
        self.faults = faults
        """What can be made to go wrong."""
        self.url = url
        """Where it is, for everybody who should meet the faults."""
        self.app_id = APP
        self.key = KEY

    # People and places

    def user(self, client_id: str, *, nickname: str | None = None, avatar: str | None = None) -> str:
        """Register a user; its id."""
        profile = Profile(nickname=nickname, avatar=avatar)
        self._do(self._application.actions.create_user(self._backend(), ClientId(client_id), profile))
        return client_id

    def token(self, client_id: str, *, lifetime: float = 3600.0) -> str:
        """A token for a client, good for `lifetime` seconds of the server's clock; its user is made if need be."""
        issue = self._application.actions.issue_token
        return self._do(issue(self._backend(), ClientId(client_id), int(lifetime * SECOND))).token

    def direct(self, one: str, other: str) -> str:
        """The conversation between two users; its id."""
        return self._open(Kind.DIRECT, one, other)

    def group(self, owner: str, *others: str) -> str:
        """A group; its id."""
        return self._open(Kind.GROUP, owner, *others)

    def app(self, app_id: str, *, open_to_all: bool = False) -> str:
        """One more app; its server key."""
        policy = Policy.OPEN if open_to_all else Policy.TOKEN
        return self._do(self._application.actions.register_app(app_id, policy=policy)).master_key

    def client(self, client_id: str, **more: Any) -> Client:
        """A client of this server, which fetches tokens as it needs them; for `async with`. `more`: see `Client`."""

        async def fetch() -> str:
            return await asyncio.to_thread(self.token, client_id)

        return Client(self.url, self.app_id, fetch, client_id=client_id, **more)

    def backend(self) -> Backend:
        """The app's backend, with the server key; for `async with`."""
        return Backend(self.url, self.app_id, self.key)

    # Time

    def advance(self, seconds: float) -> None:
        """Let so much time pass at once: tokens and conversations expire, who is silent for too long is sent away."""
        self.clock.advance(seconds)
        self._do(self._server.notice_the_time())

    # Inside

    def _open(self, kind: Kind, creator: str, *others: str) -> str:
        for client_id in (creator, *others):
            self.user(client_id)
        opening = Opening(kind, ClientId(creator), tuple(map(ClientId, others)))
        return self._do(self._application.actions.open_conversation(self._backend(), opening)).conv_id

    def _backend(self) -> Caller:
        return Caller(self._found(APP))

    def _found(self, app_id: str) -> App:
        return self._do(self._application.actions.find_apps.one(app_id))

    def _do(self, step: Coroutine[Any, Any, Answer]) -> Answer:
        try:
            asked = asyncio.run_coroutine_threadsafe(step, self._loop)
        except RuntimeError:
            # The sandbox is over.
            step.close()
            raise
        return asked.result(PATIENCE)


@contextmanager
def sandbox(folder: Path | None = None, *, limits: Limits | None = None, **settings: Any) -> Iterator[Sandbox]:
    """Start a server on a free port of this machine; on leaving it is stopped, and what it kept is gone.

    `folder` keeps it instead. `settings` are those of `config.example.toml`.
    """
    with TemporaryDirectory(prefix="parlance-") as temporary:
        config = Config(
            data_dir=folder or Path(temporary),
            port=0,
            log_level=LogLevel.WARNING,
            limits=limits or Limits(),
            **settings,
        )
        host = _Host(config)
        host.start()
        try:
            yield host.made()
        finally:
            host.stop()


class _Host(threading.Thread):
    """The thread in which the server runs."""

    def __init__(self, config: Config) -> None:
        super().__init__(name="parlance-sandbox", daemon=True)
        self._config = config
        self._ready = threading.Event()
        self._sandbox: Sandbox | None = None
        self._error: BaseException | None = None
        self._end: Callable[[], object] = lambda: None

    def made(self) -> Sandbox:
        """The sandbox, once it is there."""
        self._ready.wait()
        if self._sandbox is None:
            raise RuntimeError("the server did not start") from self._error
        return self._sandbox

    def stop(self) -> None:
        """Stop the server, and wait until it has."""
        self._ready.wait()
        self._end()
        self.join()

    def run(self) -> None:
        """The thread's work."""
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - told where somebody waits for it
            self._error = error
        finally:
            self._end = lambda: None
            self._ready.set()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        over = asyncio.Event()
        self._end = lambda: loop.call_soon_threadsafe(over.set)
        clock, store = MovableClock(), Removable()
        async with opened(self._config, clock=clock, through=store.before) as application:
            await application.actions.register_app(APP, master_key=KEY)
            server = Server(application)
            faults = Faults(store.take_away)
            tunnel = Tunnel(await server.start(), faults)
            faults.on_disconnect = lambda client: loop.call_soon_threadsafe(tunnel.cut, client)
            url = f"http://127.0.0.1:{await tunnel.open()}"
            self._sandbox = Sandbox(loop, application, server, clock, faults, url)
            self._ready.set()
            await over.wait()
            store.take_away(away=False)
            await tunnel.close()
            await server.stop()
