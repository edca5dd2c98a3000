"""Stopping: nothing that was taken in is left unanswered, everybody is told, nobody holds it up."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cast import Town
from gateway.raw import Lines
from gateway.watch import comes_true, watched, way_out
from parlance.core.model.caller import Caller
from parlance.core.model.message import Message
from parlance.kernel.ids import ConvId
from parlance.web import sockets

pytestmark = pytest.mark.by_one_server

GOING_AWAY = 1001
LONG = 60.0
"""Seconds within which every line is full, and that a peer has to answer a close if it must not be cut off."""
SOON = 0.2
"""Seconds that peers have to answer a close, in tests about those that do not."""


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A town that has all the time it wants for stopping: whatever ends sooner was not held up."""
    async with watched(tmp_path / "data", drain=LONG) as town:
        yield town


def saying(town: Town, number: int) -> dict[str, object]:
    """A message with a ref of its own."""
    return {"conv_id": town.group, "type": -1, "text": f"message {number}", "ref": f"ref-{number}"}


async def stopping(town: Town) -> asyncio.Future[None]:
    """The server has been asked to stop, and has stopped listening."""
    task: asyncio.Future[None] = asyncio.ensure_future(town.server.stop())
    await comes_true(lambda: town.server.ready() is not None, "the server is not ready any more")
    return task


async def test_everybody_is_told(town: Town) -> None:
    """Who is connected, logged in or not, is told to come back, and gets a close."""
    ada, ben, stranger = await town.log_in(town.ada), await town.log_in(town.ben), await town.connect()
    await stranger.request("ping")
    stop = await stopping(town)
    for socket in (ada, ben, stranger):
        away = await socket.next("server.going_away")
        assert ("restart", 1) == (away["data"]["reason"], away["data"]["retry_after"])
        assert GOING_AWAY == await socket.closed()
    await stop
    assert 0 == town.application.tallies.sockets.connections


async def test_what_was_taken_in_is_answered(town: Town) -> None:
    """Every message that the server took is acknowledged before the close, also while the client goes on sending."""
    ada = await town.log_in(town.ada)
    # So that nothing has to be read first.
    first = await ada.request("msg.send", saying(town, 0))
    frames_in = town.application.tallies.sockets.frames_in
    for number in range(1, 15):
        await ada.send("msg.send", saying(town, number))
    await comes_true(lambda: town.application.tallies.sockets.frames_in > frames_in, "some have arrived")
    stop = await stopping(town)
    for number in range(15, 20):
        await ada.send("msg.send", saying(town, number))
    assert GOING_AWAY == await ada.closed()
    await stop
    acknowledged = [frame["data"]["ref"] for frame in ada.unread if frame["type"] == "msg.sent"]
    stored = {row.ref for row in await everything(town)}
    assert stored == {first["data"]["ref"], *acknowledged}
    assert len(acknowledged) >= 1


async def everything(town: Town) -> list[Message]:
    """What is stored of the group."""
    stretch = await town.application.actions.read_history(Caller(town.hall), ConvId(town.group), after=0, most=100)
    return stretch.messages


async def test_what_comes_during_the_drain_is_not_taken(town: Town, lines: Lines) -> None:
    """A message that is sent after the goodbye is neither stored nor acknowledged: it is for the next server."""
    ada, stuck = await town.log_in(town.ada), await lines.log_in(town.ben)
    stuck.stop_reading()
    stop = await stopping(town)
    await ada.next("server.going_away")
    await ada.send("msg.send", saying(town, 1))
    assert GOING_AWAY == await ada.closed()
    stuck.cut()
    await stop
    assert [] == await everything(town)
    assert [] == [frame for frame in ada.unread if frame["type"] == "msg.sent"]


async def test_whoever_asks_is_told_that_the_server_stops(
    town: Town, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first moment on `/readyz` says 503 to who is still connected; what it asks else is answered."""
    monkeypatch.setattr(sockets, "CLOSE_WAIT", LONG)
    stuck = await lines.log_in(town.ben)
    assert 200 == (await town.bare.get("/readyz")).status
    stop = await stopping(town)
    for path, status in (("/readyz", 503), ("/healthz", 200), (f"/im/conversations/{town.group}/message", 200)):
        assert status == (await town.backend.get(path)).status
    stuck.cut()
    await stop


async def test_nobody_new_is_let_in(town: Town, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    """A handshake on a connection that is still open is refused with 503; new connections are not taken."""
    monkeypatch.setattr(sockets, "CLOSE_WAIT", LONG)
    stuck = await lines.log_in(town.ben)
    await town.bare.get("/healthz")
    stop = await stopping(town)
    upgrade = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert 503 == (await town.bare.get("/im/socket", headers=upgrade)).status
    with pytest.raises(OSError, match=r"[Cc]onnect"):
        await lines.connect()
    stuck.cut()
    await stop


async def test_who_never_answers_does_not_hold_it_up(town: Town, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that reads nothing, and so does not answer the close, is cut off; others have their goodbye at once."""
    monkeypatch.setattr(sockets, "CLOSE_WAIT", SOON)
    stuck, full = await lines.log_in(town.ben), await lines.log_in(town.ben, "full", small=True)
    ada = await town.log_in(town.ada)
    for slow in (stuck, full):
        slow.stop_reading()
    await filled(town)
    began = asyncio.get_running_loop().time()
    stop = await stopping(town)
    assert GOING_AWAY == await ada.closed()
    await stop
    assert asyncio.get_running_loop().time() - began < LONG / 2


async def filled(town: Town) -> None:
    """So much is said that it waits for who does not read, though less than would cost its connection."""
    hub = town.application.hub
    async with asyncio.timeout(LONG):
        while not any(way_out(connection).unsent() for connection in hub.everybody()):
            await town.say("x" * 60_000)


async def test_a_handshake_under_way_is_told_as_well(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket that was accepted while the server began to stop gets the same goodbye."""
    visits = town.server._visits
    monkeypatch.setattr(visits, "_open", True)
    accepted = sockets.accept

    async def slowly(*arguments: object) -> sockets.Socket:
        socket = await accepted(*arguments)  # type: ignore[arg-type]
        visits.stop_accepting()
        return socket

    monkeypatch.setattr("parlance.gateway.platform.accept", slowly)
    late = await town.connect()
    await late.next("server.going_away")
    assert GOING_AWAY == await late.closed()


async def test_stopping_twice_is_stopping_once(town: Town) -> None:
    """Whoever is asked again while it stops goes on stopping."""
    ada = await town.log_in(town.ada)
    await asyncio.gather(town.server.stop(), town.server.stop(), ada.closed())
    assert 0 == town.application.tallies.sockets.connections
