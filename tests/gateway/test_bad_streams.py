"""What is no WebSocket, or hardly one: it costs its own connection, and nobody else's (wire: platform#closing)."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cast import PATIENCE, Town
from gateway.raw import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Lines, command, frame
from gateway.watch import comes_true, quiet, watched, way_out
from parlance.core.model.limits import Limits
from parlance.kernel.clock import SECOND
from parlance.web import sockets

FRAME = Limits().frame
TOO_BIG = 1009
PROTOCOL_ERROR = 1002
REFUSED = 1008
SILENT = 4408
LONG = 60.0
"""Seconds within which every line is full, and every limit reached."""
SOON = 0.2
"""Seconds that peers have to answer a close, in tests about those that do not."""


HANDSHAKE = (
    b"GET /im/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def padded(size: int) -> bytes:
    """A ping of exactly so many bytes."""
    empty = b'{"type":"ping","data":{"x":""}}'
    return empty[:-3] + b"x" * (size - len(empty)) + empty[-3:]


async def test_the_largest_frame_passes(town: Town, lines: Lines) -> None:
    """A frame of exactly the limit is taken."""
    ada = await lines.log_in(town.ada)
    assert FRAME == len(padded(FRAME))
    await ada.send(frame(padded(FRAME)))
    await ada.next("pong")


@pytest.mark.parametrize("size", [FRAME + 1, 1_000_000, 10_000_000])
async def test_a_frame_over_the_limit_ends_its_connection(town: Town, lines: Lines, size: int) -> None:
    """It is closed with 1009, which the client hears though it was still sending; the others stay."""
    ada, ben = await lines.log_in(town.ada), await town.log_in(town.ben)
    sending = asyncio.ensure_future(ada.send(frame(padded(size))))
    code, _ = await ada.goodbye()
    await sending
    assert TOO_BIG == code
    assert await quiet(ben)


async def test_a_frame_that_only_claims_to_be_large_is_not_waited_for(town: Town, lines: Lines) -> None:
    """What a header announces is judged before anything of it has come."""
    for announced in (b"\x81\xff" + (FRAME + 1).to_bytes(8, "big"), b"\x81\xff" + b"\xff" * 8):
        ada = await lines.log_in(town.ada)
        await ada.send(announced)
        assert TOO_BIG == (await ada.goodbye())[0]


async def test_fragments_are_put_together(town: Town, lines: Lines) -> None:
    """A command may come in pieces, with a ping between them."""
    ada = await lines.log_in(town.ada)
    whole = b'{"type":"ping","data":{"ref":"in pieces"}}'
    await ada.send(frame(whole[:10], TEXT, fin=False) + frame(b"", CONTINUATION, fin=False) + frame(b"hi", PING))
    await ada.send(frame(whole[10:], CONTINUATION))
    assert (PONG, b"hi") == await ada.receive()
    assert "in pieces" == (await ada.next("pong"))["data"]["ref"]


async def test_frames_without_a_mask_do_no_harm(town: Town, lines: Lines) -> None:
    """A client that does not mask its frames is taken as it is."""
    ada, ben = await lines.log_in(town.ada), await town.log_in(town.ben)
    await ada.send(frame(b'{"type":"ping"}', masked=False))
    await ada.next("pong")
    assert await quiet(ben)


async def test_bytes_may_come_one_by_one(town: Town, lines: Lines) -> None:
    """However a stream is cut into packets, it is the same stream."""
    ada = await lines.log_in(town.ada)
    for byte in command("ping"):
        await ada.send(bytes((byte,)))
        await asyncio.sleep(0)
    await ada.next("pong")


async def test_fragments_over_the_limit_end_their_connection(town: Town, lines: Lines) -> None:
    """The limit is for the whole, not for each piece."""
    ada = await lines.log_in(town.ada)
    sending = asyncio.ensure_future(ada.send(frame(b"x" * 50_000, fin=False) + frame(b"x" * 50_000, 0, fin=False) * 2))
    assert TOO_BIG == (await ada.goodbye())[0]
    await sending


@pytest.mark.parametrize(
    "bad",
    [
        frame(b"{}", 3),
        frame(b"{}", 15),
        frame(b"{}", reserved=0x40),
        frame(b"{}", reserved=0x20),
        frame(b"{}", reserved=0x10),
        frame(b"{}", CONTINUATION),
        frame(b"{", fin=False) + frame(b"}"),
        frame(b"{", fin=False) + frame(b"}", BINARY),
        frame(b"x" * 126, PING),
        frame(b"", PING, fin=False),
        frame(b"x", CLOSE),
        frame(b"\x00\x01", CLOSE),
        frame(b"GET / HTTP/1.1\r\n\r\n", 11),
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 10,
        b"\x00" * 1000,
        b"\xff" * 1000,
        bytes(range(256)) * 40,
    ],
)
async def test_garbage_after_the_handshake_ends_its_connection(town: Town, lines: Lines, bad: bytes) -> None:
    """Whatever breaks RFC 6455 is closed, with the code for that; the others are served meanwhile."""
    ada, ben = await lines.log_in(town.ada), await town.log_in(town.ben)
    await ada.send(bad)
    code, _ = await ada.goodbye()
    assert code in {PROTOCOL_ERROR, TOO_BIG}
    assert await quiet(ben)


async def test_a_goodbye_is_answered(town: Town, lines: Lines) -> None:
    """Whoever says goodbye, with a code or without, hears it back."""
    for payload in (b"", b"\x03\xe8", b"\x03\xe9going away", b"\x0f\xa0ours"):
        ada = await lines.log_in(town.ada)
        await ada.send(frame(payload, CLOSE))
        opcode, _ = await ada.receive()
        assert CLOSE == opcode
        with pytest.raises(asyncio.IncompleteReadError):
            await ada.receive()


@pytest.mark.by_one_server
@pytest.mark.parametrize("last", [frame(b"", CLOSE), frame(b"garbage", 3)])
@pytest.mark.parametrize("was_told", [False, True])
async def test_who_is_gone_is_told_nothing(town: Town, lines: Lines, last: bytes, *, was_told: bool) -> None:
    """Whoever hangs up with its goodbye, or with garbage, and has been told to go or not, leaves no word in the log."""
    ada = await lines.log_in(town.ada)
    if was_told:
        await town.log_in(town.ada, device="raw")
        while CLOSE != (await ada.receive())[0]:
            continue
    # Both come before the server looks: the last words, and that there is nobody any more.
    ada.writer.write(last)
    ada.reset()
    await comes_true(lambda: was_told == town.application.tallies.sockets.connections, "the end of the connection")


async def test_what_was_said_before_a_goodbye_is_done(town: Town, lines: Lines) -> None:
    """Commands that came in one piece with the goodbye are taken up before it."""
    ada, ben = await lines.log_in(town.ada), await town.log_in(town.ben)
    await ada.send(command("msg.send", conv_id=town.group, type=-1, text="last words") + frame(b"", CLOSE))
    assert "last words" == (await ben.next("msg.new"))["data"]["text"]


async def test_half_a_connection_is_none(town: Town, lines: Lines) -> None:
    """Whoever ends its half of the connection has left."""
    ada = await lines.log_in(town.ada)
    ada.writer.write_eof()
    assert (None, []) == await ada.goodbye()


async def test_half_a_frame_is_none(town: Town, lines: Lines) -> None:
    """A connection that is lost within a frame is just lost: nothing of it is acted upon."""
    ada, ben = await lines.log_in(town.ada), await town.log_in(town.ben)
    await ada.send(command("msg.send", conv_id=town.group, type=-1, text="cut short")[:-1])
    ada.cut()
    assert await quiet(ben)


@pytest.mark.parametrize(
    "wrong",
    [
        {"Upgrade": ""},
        {"Upgrade": "h2c"},
        {"Sec-WebSocket-Version": "99"},
        {"Sec-WebSocket-Key": "short"},
        {"Sec-WebSocket-Key": "not base64 at all!"},
        {"Connection": "close"},
    ],
)
async def test_what_is_no_handshake_is_refused(town: Town, wrong: dict[str, str]) -> None:
    """An ordinary request, or a broken handshake, is a wrong format, in the dialect's shape."""
    right = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    reply = await town.bare.get("/im/socket", headers={**right, **wrong})
    assert (200, 4406) == reply.refusal


async def test_who_never_finishes_asking_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that says nothing, or half a handshake, word by word, is closed after a while."""
    monkeypatch.setattr("parlance.app.server._SILENT", 0.5)
    async with watched(tmp_path / "data") as town:
        address = urlsplit(town.base)
        pairs = [await asyncio.open_connection(address.hostname, address.port) for _ in range(2)]
        dribbling = pairs[1][1]
        dribbling.write(b"GET /im/socket HTTP/1.1\r\nHost: x\r\n")
        async with asyncio.timeout(LONG):
            while not all(reader.at_eof() for reader, _ in pairs):
                dribbling.write(b"A: b\r\n")
                await asyncio.sleep(0.05)
        for _, writer in pairs:
            writer.close()


async def test_frames_may_follow_the_handshake_in_one_breath(town: Town) -> None:
    """Whoever is in a hurry may send the handshake, a login and a message in one piece."""
    ben = await town.log_in(town.ben)
    address = urlsplit(town.base)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    shown = {"app_id": "hall", "client_id": "ada", "token": town.ada.token}
    message = command("msg.send", conv_id=town.group, type=-1, text="in one breath")
    writer.write(HANDSHAKE + command("login", **shown) + message)
    assert "in one breath" == (await ben.next("msg.new"))["data"]["text"]
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101 ")
    writer.close()


async def test_a_protocol_that_is_asked_for_is_not_promised(town: Town) -> None:
    """Sub-protocols and compression may be offered; none is agreed upon, and everything works."""
    async with town.session.ws_connect(f"{town.base}/im/socket", protocols=("mqtt", "x"), compress=15) as ws:
        await ws.send_str('{"type":"ping"}')
        assert '"code":1' in (await ws.receive(PATIENCE)).data
        assert (None, 0) == (ws.protocol, ws.compress)


async def test_who_does_not_answer_a_close_is_cut_off(
    town: Town, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A peer that goes on as if nothing had been said has a little time, whether it is silent or talks."""
    monkeypatch.setattr(sockets, "CLOSE_WAIT", SOON)
    silent, talking = await lines.log_in(town.ben, "one"), await lines.log_in(town.ben, "two")
    ends = [asyncio.ensure_future(raw.goodbye(polite=False)) for raw in (silent, talking)]
    await town.backend.post("/im/users/ben/ban")
    async with asyncio.timeout(LONG):
        while town.application.tallies.sockets.connections:
            talking.writer.write(command("ping") * 10)
            await asyncio.sleep(SOON / 10)
    for code, said in await asyncio.gather(*ends):
        assert (REFUSED, [213]) == (code, [frame_["data"]["code"] for frame_ in said])


@pytest.mark.by_one_server
async def test_a_full_line_is_cut_off_as_well(town: Town, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads nothing and then breaks the protocol, or says goodbye, is gone after a little time, not never."""
    monkeypatch.setattr(sockets, "CLOSE_WAIT", SOON)
    for last in (frame(b"", CLOSE), frame(b"{}", 3), frame(padded(FRAME + 1)), b""):
        ben = await lines.log_in(town.ben, small=True)
        ben.stop_reading()
        [connection] = town.application.hub.everybody()
        async with asyncio.timeout(LONG):
            while not way_out(connection).unsent():
                await town.say("x" * 60_000)
        ben.writer.write(last)
        if not last:
            ben.writer.write_eof()
            await town.backend.post("/im/users/ben/ban")
        tally = town.application.tallies.sockets
        await comes_true(lambda tally=tally: tally.connections == 0, "the connection is gone")  # type: ignore[misc]


async def test_silence_ends_a_session(tmp_path: Path) -> None:
    """A half-open connection, from which nothing comes any more, is closed with 4408 after a while; others stay."""
    async with watched(tmp_path / "data") as town:
        town.clock.stop()
        lines = Lines(town)
        half_open, waiting = await lines.log_in(town.ben), await lines.log_in(town.cy)
        half_open.stop_reading()
        ada = await town.log_in(town.ada)
        idled = town.application.tallies.sockets
        town.clock.advance(Limits().idle - SECOND)
        await waiting.send(frame(b"here", PING))
        assert (PONG, b"here") == await waiting.receive()
        await ada.request("ping")
        town.clock.advance(2 * SECOND)
        await comes_true(lambda: idled.idled > 0, "the silent one is let go")
        half_open.go_on_reading()
        code, said = await half_open.goodbye()
        assert (SILENT, "silent for too long") == (code, said[-1]["msg"])
        assert "pong" == (await ada.request("ping"))["type"]
        assert 1 == idled.idled
        lines.cut()


async def test_who_does_not_log_in_is_let_go(tmp_path: Path) -> None:
    """Within the time for a login there has to be one; talking does not help."""
    async with watched(tmp_path / "data", Limits(login_wait=SECOND // 2)) as town:
        lines = Lines(town)
        silent, talking = await lines.connect(), await lines.connect()
        await talking.send(frame(b"", PING) + command("ping"))
        for raw in (silent, talking):
            code = None
            while code is None:
                opcode, payload = await raw.receive()
                code = int.from_bytes(payload[:2], "big") if opcode == CLOSE else None
            assert SILENT == code
        lines.cut()
