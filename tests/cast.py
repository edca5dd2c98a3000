"""The standing cast, and the small clients it talks through, against a real server on a free port.

Ada owns the group, Ben is a member, Cy is a stranger: all of the app `hall`, whose policy is `token`.
Dora lives in the app `annex`.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import msgspec

from parlance.app.assemble import Application, opened
from parlance.app.config import Config, LogLevel
from parlance.app.server import Server
from parlance.core.model.app import App, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.limits import Limits
from parlance.core.model.opening import Opening
from parlance.core.model.user import Profile
from parlance.kernel.clock import SECOND, SystemClock
from parlance.kernel.ids import ClientId, ConvId
from tables import with_tables

SERVERS = int(os.environ.get("PARLANCE_TEST_SERVERS", "1"))
"""How many servers a town has: more than one keep their things in PostgreSQL, so they need PARLANCE_TEST_DATABASE."""
servers = SERVERS
"""The same for the test that is about to run: one, where it is marked `by_one_server`."""
PATIENCE = 30.0
"""Seconds that a test waits for what has to come."""
SILENCE = 0.15
"""Seconds that a test listens for what must not come."""


class TownClock(SystemClock):
    """The machine's clock, which a test can put forward, or stop."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead = 0
        self._stopped: tuple[int, float] | None = None

    def now(self) -> int:
        """See `Clock.now`."""
        return (self._stopped[0] if self._stopped else super().now()) + self._ahead

    def monotonic(self) -> float:
        """See `Clock.monotonic`; only of a stopped clock it is put forward."""
        return self._stopped[1] + self._ahead / SECOND if self._stopped else super().monotonic()

    def advance(self, milliseconds: int) -> None:
        """Let so much time have passed."""
        self._ahead += milliseconds

    def stop(self) -> None:
        """Stand still from now on, however long the machine takes for what comes next."""
        self._stopped = super().now(), super().monotonic() - self._ahead / SECOND


class Reply(msgspec.Struct, frozen=True):
    """What a REST call answered."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        """The JSON in it."""
        return msgspec.json.decode(self.raw)

    @property
    def code(self) -> Any:
        """The envelope's code."""
        return self.body["code"]

    @property
    def data(self) -> Any:
        """What is in the envelope of an answer that did what it was asked."""
        body = self.body
        assert 0 == body["code"], body
        return body["data"]

    @property
    def refusal(self) -> tuple[int, int]:
        """HTTP status and code of a refusal, which carries no data."""
        body = self.body
        assert body["data"] is None
        return self.status, body["code"]


class Rest:
    """A REST client that shows the same headers with every call."""

    def __init__(self, session: aiohttp.ClientSession, base: str, headers: Mapping[str, str]) -> None:
        self._session = session
        self.base = base
        self.headers = dict(headers)

    def showing(self, **headers: str) -> "Rest":
        """The same client with other headers; `app_id` is written `app-id`."""
        return Rest(self._session, self.base, {name.replace("_", "-"): value for name, value in headers.items()})

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> Reply:
        """Send JSON (or, with `data=`, anything)."""
        if body is not None:
            more["data"] = msgspec.json.encode(body)
        headers = {**self.headers, **more.pop("headers", {})}
        async with self._session.request(method, self.base + path, headers=headers, **more) as answer:
            return Reply(answer.status, answer.headers, await answer.read())

    async def get(self, path: str, body: Any = None, **more: Any) -> Reply:
        """GET, with a JSON body if there is one."""
        return await self.call("GET", path, body, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> Reply:
        """POST a JSON body."""
        return await self.call("POST", path, body, **more)

    async def put(self, path: str, body: Any = None, **more: Any) -> Reply:
        """PUT a JSON body."""
        return await self.call("PUT", path, body, **more)

    async def delete(self, path: str, body: Any = None, **more: Any) -> Reply:
        """DELETE, with a JSON body if there is one."""
        return await self.call("DELETE", path, body, **more)


class Socket:
    """A client of the platform's socket. Frames that nobody has asked for yet wait in `unread`."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws
        self.unread: list[dict[str, Any]] = []
        self._refs = count(1)

    async def __aenter__(self) -> Self:
        """Use it."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        await self.ws.close()

    async def send(self, type_: str, data: Mapping[str, Any] | None = None) -> None:
        """Send one frame."""
        await self.ws.send_str(msgspec.json.encode({"type": type_, "data": data or {}}).decode())

    async def request(self, type_: str, data: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send one frame with a `ref` of its own; the answer, or the error, that carries it back."""
        ref = f"request-{next(self._refs)}"
        await self.send(type_, {**(data or {}), "ref": ref})
        return await self._wait(lambda frame: (frame.get("data") or {}).get("ref") == ref, f"the answer to {type_}")

    async def next(self, type_: str) -> dict[str, Any]:
        """The next frame of a type, waited for with patience."""
        return await self._wait(lambda frame: frame["type"] == type_, type_)

    async def nothing(self, type_: str) -> bool:
        """Whether no frame of a type comes before the server has answered a ping, and a moment longer."""
        await self.request("ping")
        try:
            await asyncio.wait_for(self._wait(lambda frame: frame["type"] == type_, type_), SILENCE)
        except TimeoutError:
            return True
        return False

    async def closed(self) -> int | None:
        """Wait for the server to hang up; its close code."""
        async with asyncio.timeout(PATIENCE):
            while not self.ws.closed:
                message = await self.ws.receive()
                if message.type is aiohttp.WSMsgType.TEXT:
                    self.unread.append(msgspec.json.decode(message.data))
        return self.ws.close_code

    async def _wait(self, wanted: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        for at, frame in enumerate(self.unread):
            if wanted(frame):
                return self.unread.pop(at)
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await self.ws.receive()
                assert message.type is aiohttp.WSMsgType.TEXT, f"waiting for {what}: {message}, after {self.unread}"
                frame = msgspec.json.decode(message.data)
                if wanted(frame):
                    found: dict[str, Any] = frame
                    return found
                self.unread.append(frame)


@dataclass(frozen=True)
class Person:
    """One of the cast: a client id, its token, and a REST client that shows it."""

    client_id: str
    app_id: str
    token: str
    rest: Rest


@dataclass
class Town:
    """A running server with the cast in it."""

    base: str
    application: Application
    server: Server
    clock: TownClock
    session: aiohttp.ClientSession
    hall: App
    annex: App
    backend: Rest
    """The server key of `hall`."""
    stranger: Rest
    """The server key of `annex`."""
    ada: Person
    ben: Person
    cy: Person
    dora: Person
    group: str
    """The conversation that Ada owns and Ben is in."""
    sockets: list[Socket] = field(default_factory=list)

    @property
    def bare(self) -> Rest:
        """A client that shows nothing."""
        return self.backend.showing()

    async def connect(self) -> Socket:
        """A socket that has not logged in."""
        ws = await self.session.ws_connect(f"{self.base}/im/socket", autoping=True)
        socket = Socket(ws)
        self.sockets.append(socket)
        return socket

    async def log_in(self, person: Person, device: str = "phone") -> Socket:
        """A socket of one of the cast, logged in."""
        socket = await self.connect()
        shown = {"app_id": person.app_id, "client_id": person.client_id, "device_id": device, "token": person.token}
        await socket.send("login", shown)
        await socket.next("login.success")
        return socket

    async def app(self, app_id: str, policy: Policy) -> App:
        """One more app."""
        return await self.application.actions.register_app(app_id, policy=policy)

    async def open(self, kind: Kind, creator: str, *others: str) -> str:
        """A conversation in `hall`, opened by the backend."""
        opening = Opening(kind, ClientId(creator), tuple(map(ClientId, others)))
        return (await self.application.actions.open_conversation(Caller(self.hall), opening)).conv_id

    async def say(self, text: str, conv_id: str | None = None, sender: str = "ada") -> str:
        """A message in the group (or elsewhere), over REST with the server key; its id."""
        said = {"from_client": sender, "type": -1, "text": text}
        reply = await self.backend.post(f"/im/conversations/{conv_id or self.group}/message", said)
        msg_id: str = reply.data["msg_id"]
        return msg_id


@asynccontextmanager
async def balanced(ports: list[int]) -> AsyncIterator[int]:
    """A port that hands each connection to the next of some ports, as what stands before a cluster does."""
    turns = cycle(ports)
    running: set[asyncio.Task[None]] = set()

    async def pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter, back: asyncio.StreamWriter) -> None:
        """Until nothing more comes; an end that breaks breaks the other, as it would without anything in between."""
        try:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
            sink.write_eof()
        except OSError:
            for end in (sink, back):
                end.transport.abort()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        task.add_done_callback(running.discard)
        behind, before = await asyncio.open_connection("127.0.0.1", next(turns))
        try:
            await asyncio.gather(pipe(reader, before, writer), pipe(behind, writer, before))
        finally:
            before.close()
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@asynccontextmanager
async def running(data_dir: Path, limits: Limits | None = None, **settings: Any) -> AsyncIterator[Town]:
    """Start a server on a free port of this machine, and people it. `settings` are fields of its Config.

    With PARLANCE_TEST_SERVERS there are as many, and connections go to each in turn.
    """
    if servers > 1:
        import brokers  # noqa: PLC0415 - pytest makes its plugins ready first, and this knows one

        settings.setdefault("bus_url", brokers.nats_server().url())
    config = Config(data_dir=data_dir, port=0, log_level=LogLevel.WARNING, limits=limits or Limits(), **settings)
    clock = TownClock()
    with_tables(config.database)
    async with AsyncExitStack() as stack:
        applications = [await stack.enter_async_context(opened(config, clock=clock)) for _ in range(servers)]
        session = await stack.enter_async_context(aiohttp.ClientSession())
        started = [Server(each) for each in applications]
        ports = [await each.start() for each in started]
        port = ports[0] if servers == 1 else await stack.enter_async_context(balanced(ports))
        application, server, base = applications[0], started[0], f"http://127.0.0.1:{port}"
        try:
            town = await peopled(application, server, clock, session, base)
            yield town
            for socket in town.sockets:
                await socket.ws.close()
        finally:
            for each in started:
                await each.stop()


async def peopled(
    application: Application, server: Server, clock: TownClock, session: aiohttp.ClientSession, base: str
) -> Town:
    """The cast in the store of a server that runs at `base`."""
    actions = application.actions
    hall = await actions.register_app("hall", master_key="key-of-hall")
    annex = await actions.register_app("annex", master_key="key-of-annex")

    def rest(app: App, **headers: str) -> Rest:
        return Rest(session, base, {"app-id": app.app_id, **headers})

    async def person(app: App, name: str) -> Person:
        await actions.create_user(Caller(app), ClientId(name), Profile())
        issued = await actions.issue_token(Caller(app), ClientId(name))
        return Person(name, app.app_id, issued.token, rest(app, Authorization=f"Bearer {issued.token}"))

    ada, ben, cy, dora = [
        await person(app, name) for app, name in ((hall, "ada"), (hall, "ben"), (hall, "cy"), (annex, "dora"))
    ]
    opening = Opening(Kind.GROUP, ClientId("ada"), (ClientId("ben"),))
    group: ConvId = (await actions.open_conversation(Caller(hall), opening)).conv_id
    return Town(
        base=base,
        application=application,
        server=server,
        clock=clock,
        session=session,
        hall=hall,
        annex=annex,
        backend=rest(hall, **{"app-key": hall.master_key}),
        stranger=rest(annex, **{"app-key": annex.master_key}),
        ada=ada,
        ben=ben,
        cy=cy,
        dora=dora,
        group=group,
    )
