"""How a connection ended decides what follows: coming back, when, where, or not at all (wire: platform#closing)."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from cast import PATIENCE
from gateway.watch import comes_true
from parlance.client import Client, Connected, Disconnected, NotLoggedIn, Pace, Replaced

Scene = Callable[[web.WebSocketResponse], Awaitable[None]]
MISSED = {
    "conv_id": "hall",
    "conv_type": 2,
    "last_seq": 3,
    "read_seq": 0,
    "unread": 3,
    "last_message": None,
    "conv_extend": {},
    "ctime": 1,
    "mtime": None,
    "left": False,
}
"""A conversation in which something was said."""


class Play:
    """A server that does with each connection what a test wants; with those after the last, what is usual."""

    def __init__(self, *scenes: Scene | int) -> None:
        self._scenes = list(scenes)
        self.visits = 0
        self.waits: list[float] = []
        """What a client waited before coming back."""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection."""
        self.visits += 1
        scene = self._scenes.pop(0) if self._scenes else usual
        if isinstance(scene, int):
            return web.Response(status=scene, headers={"Retry-After": "7"})
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        await scene(socket)
        await socket.close()
        return socket

    async def sleep(self, seconds: float) -> None:
        """Waiting takes no time; ticks are not counted."""
        if seconds != 1.0:
            self.waits.append(seconds)
        await asyncio.sleep(0.005)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Where it is."""
        app = web.Application()
        app.router.add_get("/im/socket", self.serve)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    def client(self, *urls: str, heartbeat: float = 25.0) -> Client:
        """Somebody whose time is this play's."""
        pace = Pace(backoff=3.0, longest_backoff=8.0, heartbeat=heartbeat)
        return Client(list(urls), "app", client_id="ada", pace=pace, sleep=self.sleep, patience=PATIENCE)


async def hear(socket: web.WebSocketResponse) -> Any:
    """What the client says next; None at the end. Its pings are left unanswered."""
    while (message := await socket.receive()).type is WSMsgType.PING:
        continue
    return message.json() if message.type is WSMsgType.TEXT else None


async def let_in(socket: web.WebSocketResponse, *conversations: dict[str, Any], more: bool = False) -> None:
    """Take the login, and answer its first sync."""
    await answer_sync(socket, await login(socket), *conversations, more=more)


async def login(socket: web.WebSocketResponse) -> Any:
    """Take the login; what the client says then."""
    await hear(socket)
    await socket.send_json({"type": "login.success", "msg": "success", "data": {"time": 7}})
    return await hear(socket)


async def answer_sync(
    socket: web.WebSocketResponse, asked: Any, *conversations: dict[str, Any], more: bool = False
) -> None:
    """Say what has changed."""
    page = {"conversations": conversations, "time": 7, "more": more, "ref": asked["data"]["ref"]}
    await socket.send_json({"type": "sync", "msg": "success", "data": page})


async def usual(socket: web.WebSocketResponse) -> None:
    """Let in, and stay."""
    await let_in(socket)
    while await hear(socket) is not None:
        continue


def ending(code: int, farewell: dict[str, Any] | None = None) -> Scene:
    """Let in, and hang up at the first word."""

    async def scene(socket: web.WebSocketResponse) -> None:
        await let_in(socket)
        await hear(socket)
        if farewell is not None:
            await socket.send_json(farewell)
        await socket.close(code=code)

    return scene


def refusing(code: int, words: str) -> Scene:
    """Refuse the login."""

    async def scene(socket: web.WebSocketResponse) -> None:
        await hear(socket)
        await socket.send_json({"type": "error", "msg": words, "data": {"code": code, "ref": None}})
        await socket.close(code=1008)

    return scene


def away(reason: str, retry_after: int) -> dict[str, Any]:
    """What is said before an end that is not for good."""
    return {"type": "server.going_away", "msg": reason, "data": {"reason": reason, "retry_after": retry_after}}


@pytest.mark.parametrize(
    ("scene", "least"),
    [
        (ending(1001, away("restart", 5)), 5.0),
        (ending(1013, away("slow", 0)), 1.5),
        (ending(4408, {"type": "error", "msg": "silent", "data": {"code": 1, "ref": None}}), 1.5),
        (ending(1006), 1.5),
    ],
)
async def test_it_comes_back_no_sooner_than_asked(scene: Scene, least: float) -> None:
    """And a little later, which is left to chance."""
    play = Play(scene)
    async with play.running() as url, play.client(url) as ada:
        await ada.typing("anything")
        assert least <= await disconnected(ada) <= least + 1.5


async def disconnected(client: Client) -> float:
    """Wait until a client says that it has lost its connection; in how many seconds it comes back."""
    async with asyncio.timeout(PATIENCE):
        async for event in client.events():
            if isinstance(event, Disconnected):
                return event.retry_in
    raise AssertionError("it ended")


async def test_a_server_that_takes_nobody_is_believed() -> None:
    """With `Retry-After` in the answer to the handshake."""
    play = Play(503, 503)
    async with play.running() as url, play.client(url):
        assert [True, True] == [7.0 <= wait <= 10.0 for wait in play.waits]


async def test_it_waits_longer_after_each_failure() -> None:
    """Twice as long, up to a limit; half of it is chance."""
    play = Play()
    async with play.running() as url, play.client(*["http://127.0.0.1:9"] * 4, url):
        spans = [(1.5, 3), (3, 6), (4, 8), (4, 8)]
        assert [True] * 4 == [low <= wait <= high for wait, (low, high) in zip(play.waits, spans, strict=True)]


async def test_it_comes_back_elsewhere() -> None:
    """The next of its addresses, when one lets it go."""
    here, there = Play(ending(1001, away("restart", 0))), Play()
    async with here.running() as one, there.running() as other, here.client(one, other) as ada:
        await ada.typing("anything")
        await disconnected(ada)
        async with asyncio.timeout(PATIENCE):
            assert isinstance(await anext(ada.events()), Connected)
        assert (1, 1) == (here.visits, there.visits)


@pytest.mark.parametrize(
    ("scene", "error"),
    [
        (ending(4409, {"type": "logout.kick", "msg": "elsewhere", "data": {}}), Replaced),
        (refusing(1, "the credential is refused"), NotLoggedIn),
    ],
)
async def test_what_is_for_good(scene: Scene, error: type[Exception]) -> None:
    """Who is thrown out does not come back."""
    play = Play(scene)
    async with play.running() as url:
        with pytest.raises(error):
            await stay(play.client(url))
    assert (1, []) == (play.visits, play.waits)


async def stay(client: Client) -> None:
    """Until there is nothing more to hear."""
    async with client, asyncio.timeout(PATIENCE):
        await client.typing("anything")
        async for _ in client.events():
            continue


async def test_a_line_that_is_dead_is_noticed() -> None:
    """Where nothing answers any more, not even a ping."""
    quiet = asyncio.Event()

    async def dead(socket: web.WebSocketResponse) -> None:
        await let_in(socket)
        await quiet.wait()

    play = Play(dead)
    async with play.running() as url, play.client(url, heartbeat=0.1) as ada:
        assert await disconnected(ada)
        quiet.set()


async def test_it_is_closed_in_the_middle_of_its_coming_back() -> None:
    """It asks for what it missed, nobody answers, and it is closed: there is nothing to complain about."""
    asked = asyncio.Event()
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context["message"]))

    async def half_way(socket: web.WebSocketResponse) -> None:
        await let_in(socket, MISSED, more=True)
        while (heard := await hear(socket)) is not None:
            if heard["type"] == "msg.list":
                asked.set()
            elif heard["type"] == "logout":
                # Its farewell lasts longer than its stay.
                await asyncio.sleep(0.05)

    play = Play(ending(1006), half_way)
    async with play.running() as url, asyncio.timeout(PATIENCE):
        async with play.client(url) as ada:
            await ada.typing("anything")
            await asked.wait()
        gc.collect()
    assert [] == complaints


async def test_who_stops_waiting_asks_for_nothing_any_more() -> None:
    """Also who never came to say it, because the server does not read: it is not said on the next connection."""
    over = asyncio.Event()

    async def deaf(socket: web.WebSocketResponse) -> None:
        await let_in(socket)
        await over.wait()

    play = Play(deaf)
    async with play.running() as url, play.client(url) as ada:
        asking = [asyncio.ensure_future(ada.send("hall", "x" * 100_000)) for _ in range(300)]
        await asyncio.sleep(0.1)
        for each in asking:
            each.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        assert 0 == len(ada._requests)
        over.set()


async def turned(holds: Callable[[], bool]) -> None:
    """Look at every turn of the loop, until it holds."""
    while True:
        if holds():
            return
        await asyncio.sleep(0)


async def test_what_was_asked_first_is_said_first() -> None:
    """Again, after the line broke: whoever asks as soon as there is another has to stand in line."""
    said: list[str] = []
    unheard = asyncio.Event()

    async def deaf(socket: web.WebSocketResponse) -> None:
        await let_in(socket)
        await hear(socket)
        unheard.set()

    async def attentive(socket: web.WebSocketResponse) -> None:
        asked = await login(socket)
        while asked is not None:
            if asked["type"] == "msg.send":
                said.append(asked["data"]["text"])
            else:
                await answer_sync(socket, asked)
            asked = await hear(socket)

    play = Play(deaf, attentive)
    async with play.running() as url, asyncio.timeout(PATIENCE), play.client(url) as ada:

        async def in_a_hurry() -> None:
            await unheard.wait()
            await turned(lambda: not ada.connected)
            await turned(lambda: ada.connected)
            await ada.send("hall", "second")

        asking = [asyncio.ensure_future(step) for step in (ada.send("hall", "first"), in_a_hurry())]
        await comes_true(lambda: 2 == len(said), "both are heard")
        assert ["first", "second"] == said
        for each in asking:
            each.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


async def test_what_is_pushed_is_told() -> None:
    """Stored before the client asked where to begin, and told after that: it was there when it was said."""
    said = {
        "from_client": "ben",
        "conv_id": "hall",
        "msg_id": "m3",
        "ctime": 1,
        "type": -1,
        "text": "just now",
        "attr": "null",
        "url": "null",
        "transient": "0",
        "mention_all": 0,
        "mention_client_ids": "null",
        "seq": 3,
    }

    begun = asyncio.Event()

    async def late(socket: web.WebSocketResponse) -> None:
        await let_in(socket, MISSED)
        await begun.wait()
        for _ in range(2):
            await socket.send_json({"type": "msg.new", "msg": "success", "data": said})
        while await hear(socket) is not None:
            continue

    play = Play(late)
    async with play.running() as url, asyncio.timeout(PATIENCE), play.client(url) as ada:
        begun.set()
        told = await anext(ada.messages())
        assert ("just now", {"hall": 2}) == (told.text, ada.bookmarks)
        await ada.close()
        assert [] == [message async for message in ada.messages()]
