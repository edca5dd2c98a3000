"""What nobody meant: it is refused as documented, and nobody else is disturbed (wire: leancloud#bad-frames)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cast import PATIENCE, Town
from gateway.leancloud.clients import BINARY, HELLO, TEXT, Client, Frame, Hall, Line, refusal
from gateway.watch import comes_true, watched
from parlance.core.model.app import Policy
from parlance.core.model.limits import Limits
from parlance.kernel.clock import SECOND
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.web import sockets


class Chance:
    """Numbers without an order that anybody would see, the same in every run."""

    def __init__(self) -> None:
        self._state = 7

    def below(self, most: int) -> int:
        """The next, less than `most`."""
        self._state = (self._state * 1_103_515_245 + 12_345) % (1 << 31)
        return (self._state >> 8) % most


@pytest.fixture
async def neighbour(hall: Hall, tom: Client) -> Client:
    """Somebody on the same socket as Tom, who must not notice."""
    return await hall.log_in("neighbour", line=tom.line)


@pytest.mark.parametrize("data", [b"\xff", b"\x08", b"not protobuf", b"\x00" * 50, b""])
async def test_what_cannot_be_read(tom: Client, neighbour: Client, data: bytes) -> None:
    """It is answered with 4114, and the socket goes on."""
    await tom.line.ws.send_bytes(data)
    if data:
        told = await tom.line.first(lambda frame: frame.cmd == pb.error, "an error")
        assert (4114, "UNPARSEABLE_RAW_MESSAGE") == refusal(told)
    assert await neighbour.start("jerry")


async def test_the_wrong_kind_of_frame(hall: Hall, tom: Client) -> None:
    """Text where binary was agreed upon, binary where text was, base64 that is none."""
    await tom.line.ws.send_str("hello")
    assert 4114 == refusal(await tom.line.first(lambda frame: frame.cmd == pb.error, "an error"))[0]
    jerry = await hall.log_in("jerry", protocol=TEXT)
    await jerry.line.ws.send_bytes(b"\x08\x0e")
    await jerry.line.ws.send_str("*not base64*")
    for _ in range(2):
        assert 4114 == refusal(await jerry.line.first(lambda frame: frame.cmd == pb.error, "an error"))[0]
    assert await jerry.start("tom")


async def test_twenty_in_a_row_end_the_socket(hall: Hall, tom: Client) -> None:
    """Good ones in between are a new beginning."""
    for _ in range(19):
        await tom.line.ws.send_bytes(b"\xff")
    assert await tom.start("jerry")
    for _ in range(20):
        await tom.line.ws.send_bytes(b"\xff")
    assert 4114 == await tom.line.closed()
    await hall.log_in("tom")


@pytest.mark.parametrize(
    "frame",
    [
        Frame(cmd=pb.room, op=pb.join),
        Frame(cmd=pb.presence),
        Frame(cmd=pb.pubsub, op=pb.subscribe),
        Frame(cmd=pb.conv, op=pb.invite),
        Frame(cmd=pb.conv, op=pb.kick),
        Frame(cmd=pb.conv),
        Frame(cmd=pb.session, op=pb.conflict),
        Frame(cmd=pb.goaway),
        Frame(cmd=pb.data),
        Frame(cmd=pb.error),
        Frame(),
    ],
)
async def test_unknown_commands(tom: Client, neighbour: Client, frame: Frame) -> None:
    """They are answered if anybody waits, and passed over if not."""
    asked = Frame()
    asked.CopyFrom(frame)
    answer = await tom.line.ask(asked)
    assert (4301, "CONVERSATION_API_FAILED", asked.i) == (*refusal(answer), answer.i)
    asked.ClearField("i")
    await tom.line.send(asked)
    assert [] == await tom.line.quiet()
    assert await neighbour.start("jerry")


async def test_unknown_fields_and_values(tom: Client, neighbour: Client) -> None:
    """They are passed over: later clients have more of them."""
    good = Frame(cmd=pb.echo, i=5).SerializeToString()
    await tom.line.ws.send_bytes(good + b"\x92\x7d\x03abc")
    assert 5 == (await tom.line.first(lambda frame: frame.cmd == pb.echo, "echo")).i
    # A command that is not in the list at all.
    await tom.line.ws.send_bytes(b"\x08\x63\x28\x07")
    assert 4301 == refusal(await tom.line.first(lambda frame: frame.i == 7, "an answer"))[0]


@pytest.mark.parametrize("serial", [-65536, -1, 0, 1, 2**31 - 1, -(2**31)])
async def test_any_number_is_a_serial(tom: Client, serial: int) -> None:
    """It comes back as it was."""
    answer = await tom.line.ask(Frame(cmd=pb.conv, op=pb.count, i=serial, convMessage=pb.ConvCommand(cid="x")))
    assert (True, serial) == (answer.HasField("i"), answer.i)
    assert serial == (await tom.line.ask(Frame(cmd=pb.echo, i=serial))).i


async def test_two_commands_with_one_serial_have_two_answers(tom: Client) -> None:
    """Nobody counts."""
    for _ in range(2):
        await tom.line.send(Frame(cmd=pb.conv, op=pb.count, i=7, convMessage=pb.ConvCommand(cid="x")))
    for _ in range(2):
        assert 4303 == refusal(await tom.line.first(lambda frame: frame.i == 7, "an answer"))[0]


@pytest.mark.parametrize("attr", ["{", "null", "[]", '"x"', "\x00", '{"a":' * 150 + "1" + "}" * 150])
async def test_json_that_is_none(tom: Client, neighbour: Client, attr: str) -> None:
    """Whatever is wrong with it, it is one command that is refused."""
    told = pb.JsonObjectMessage(data=attr)
    for op in (pb.start, pb.update):
        answer = await tom.conv(op, cid="x", m=["jerry"], attr=told)
        assert 4301 == refusal(answer)[0]
        assert "attr" in answer.errorMessage.detail
    assert await neighbour.start("jerry")


async def test_text_that_is_none(tom: Client, neighbour: Client) -> None:
    """Bytes that are not UTF-8 where text belongs."""
    for field in (b"\x0a\x02\xff\xfe", b"\x22\x02\xff\xfe"):
        frame = Frame(cmd=pb.conv, op=pb.count, i=3).SerializeToString() + b"\xf2\x06" + bytes([len(field)]) + field
        await tom.line.ws.send_bytes(frame)
        assert 4301 == refusal(await tom.line.first(lambda each: each.i == 3, "an answer"))[0]
    await tom.line.ws.send_bytes(Frame(cmd=pb.conv, op=pb.count, i=4).SerializeToString() + b"\x22\x02\xff\xfe")
    assert 4114 == refusal(await tom.line.first(lambda each: each.i == 4, "an answer"))[0]
    assert await neighbour.start("jerry")


async def test_somebody_who_is_not_here(tom: Client) -> None:
    """Nobody speaks for who is not logged in on this socket."""
    frame = Frame(cmd=pb.conv, op=pb.start, peerId="jerry", convMessage=pb.ConvCommand(m=["x"]))
    assert (4105, "SESSION_REQUIRED") == refusal(await tom.line.ask(frame))


async def test_chance_does_no_harm(hall: Hall, tom: Client, neighbour: Client) -> None:
    """Real frames with bytes changed: whatever comes of them, the server is well and says what it says in frames."""
    cid = await tom.start("neighbour")
    chance = Chance()
    bodies: list[dict[str, Any]] = [
        {"cmd": pb.conv, "op": pb.start, "convMessage": pb.ConvCommand(m=["jerry"], unique=True)},
        {"cmd": pb.conv, "op": pb.add, "convMessage": pb.ConvCommand(cid=cid, m=["jerry"])},
        {"cmd": pb.conv, "op": pb.query, "convMessage": pb.ConvCommand(where=pb.JsonObjectMessage(data='{"a":1}'))},
        {"cmd": pb.direct, "directMessage": pb.DirectCommand(cid=cid, msg=HELLO, mentionPids=["x"])},
        {"cmd": pb.logs, "logsMessage": pb.LogsCommand(cid=cid, l=5, t=1767225600001)},
        {"cmd": pb.patch, "op": pb.modify, "patchMessage": pb.PatchCommand(patches=[pb.PatchItem(cid=cid, mid="x")])},
        {"cmd": pb.read, "readMessage": pb.ReadCommand(convs=[pb.ReadTuple(cid=cid, timestamp=5)])},
        {"cmd": pb.session, "op": pb.open, "appId": "lobby", "sessionMessage": pb.SessionCommand(ua="x")},
    ]
    lines = 0
    for turn in range(400):
        if tom.line.ws.closed or turn % 15 == 14:
            # Nobody may send twenty bad ones in a row.
            await tom.line.ws.close()
            tom = await hall.log_in("tom")
            lines += 1
        data = bytearray(Frame(i=turn + 1, **bodies[turn % len(bodies)]).SerializeToString())
        for _ in range(chance.below(4)):
            data[chance.below(len(data))] = chance.below(256)
        await tom.line.ws.send_bytes(bytes(data[: chance.below(len(data)) + 1] if turn % 3 == 0 else data))
    assert lines
    await tom.line.ws.close()
    fresh = await hall.log_in("fresh")
    assert await fresh.start("jerry")


async def test_json_frames_that_are_none(hall: Hall) -> None:
    """In that format as in the others."""
    ws = await hall.town.session.ws_connect(f"{hall.town.base}/", protocols=("lc.json.3",))
    for text in ("[]", "{", '{"cmd":5,"i":1}', '{"cmd":"conv","op":"start","m":"x","i":2}', '{"i":"x"}'):
        await ws.send_str(text)
        told = await ws.receive_json(timeout=PATIENCE)
        assert "error" == told["cmd"], told
        assert told["code"] in {4114, 4301}
    await ws.send_str(json.dumps({"cmd": "session", "op": "open", "appId": "lobby", "peerId": "tom", "i": 0}))
    assert ("opened", 0) == ((opened := await ws.receive_json(timeout=PATIENCE))["op"], opened["i"])
    await ws.close()


# Silence, slowness, and the end


@pytest.fixture
async def impatient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    """A hall whose clock is put forward by a test alone."""
    monkeypatch.setattr(sockets, "CLOSE_WAIT", 0.3)
    async with hall_with(tmp_path, Limits()) as hall:
        hall.town.clock.stop()
        yield hall


@pytest.fixture
async def narrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hall]:
    """A hall in which not much may wait for a connection."""
    monkeypatch.setattr(sockets, "CLOSE_WAIT", 0.3)
    async with hall_with(tmp_path, Limits(unsent=64 * 1024, sends_per_second=0, burst=0)) as hall:
        yield hall


@asynccontextmanager
async def hall_with(tmp_path: Path, limits: Limits) -> AsyncIterator[Hall]:
    """A hall with limits of its own."""
    async with watched(tmp_path / "data", limits) as town:
        await town.app(Hall.app_id, Policy.OPEN)
        hall = Hall(town)
        yield hall
        await hall.leave()


async def test_who_is_silent_is_let_go(impatient: Hall) -> None:
    """With a code after which it may come back; its sessions end."""
    tom = await impatient.log_in("tom")
    impatient.town.clock.advance(Limits().idle + SECOND)
    assert 4107 == await tom.line.closed()
    assert 1 == impatient.town.application.tallies.sockets.idled


async def test_a_ping_is_a_sign_of_life(impatient: Hall) -> None:
    """Some clients send nothing else."""
    ws = await impatient.town.session.ws_connect(f"{impatient.town.base}/", protocols=(BINARY,), autoping=False)
    tom = await impatient.log_in("tom", line=Line(ws))
    for _ in range(3):
        impatient.town.clock.advance(Limits().idle - SECOND)
        await ws.ping(b"here")
        assert (aiohttp.WSMsgType.PONG, b"here") == (pong := await ws.receive(PATIENCE))[:2], pong
    assert pb.echo == (await tom.line.ask(Frame(cmd=pb.echo))).cmd
    assert 0 == impatient.town.application.tallies.sockets.idled
    await ws.close()


@pytest.mark.by_one_server
async def test_who_reads_too_slowly_is_let_go(narrow: Hall) -> None:
    """The others hear everything; the slow one's will is carried out."""
    tom, jerry, slow = [await narrow.log_in(name) for name in ("tom", "jerry", "slow")]
    cid = await tom.start("jerry", "slow")
    for client in (jerry, slow):
        await client.settled()
    await slow.say(cid, "gone", will=True)
    slow.line.ws._response.connection.transport.pause_reading()  # type: ignore[union-attr]
    tally = narrow.town.application.tallies.sockets
    words = "x" * 5_000
    sent = 0
    while not tally.overflowed:
        await tom.say(cid, words)
        sent += 1
        assert sent < 5_000
    heard = [await jerry.heard() for _ in range(sent + 1)]
    assert {"tom": sent, "slow": 1} == {who: sum(each.fromPeerId == who for each in heard) for who in ("tom", "slow")}
    await comes_true(lambda: tally.connections == 2, "the slow one is gone")
    slow.line.cut()


async def test_nobody_logs_in(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket on which nobody comes in within a minute ends."""
    line = await hall.connect()
    visits = hall.town.server._visits
    monotonic = hall.town.clock.monotonic
    monkeypatch.setattr(hall.town.clock, "monotonic", lambda: monotonic() + 61)
    visits.sweep()
    assert 4108 == await line.closed()


@pytest.mark.by_one_server
async def test_a_server_that_stops(hall: Hall, tom: Client, jerry: Client) -> None:
    """It answers what it has taken in, and closes with a code after which clients come back; wills stay unsaid."""
    cid = await tom.start("jerry")
    await jerry.settled()
    await jerry.say(cid, "my will", will=True)
    for number in range(10):
        frame = Frame(cmd=pb.direct, i=100 + number, peerId="tom", directMessage=pb.DirectCommand(cid=cid, msg="x"))
        await tom.line.send(frame)
    await tom.line.first(lambda frame: frame.i == 109, "the last answer")
    stop = asyncio.ensure_future(hall.town.server.stop())
    assert [1001, 1001] == [await client.line.closed() for client in (tom, jerry)]
    await stop
    assert set(range(100, 109)) <= {frame.i for frame in tom.line.unread}
    assert ["x"] * 10 == [frame.directMessage.msg for frame in jerry.line.unread if frame.cmd == pb.direct]


async def test_a_town_takes_no_more_when_it_stops(town: Town) -> None:
    """A handshake that comes too late is refused."""
    town.server._visits.stop_accepting()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await town.session.ws_connect(f"{town.base}/", protocols=("lc.protobuf2.3",))
    assert 503 == refused.value.status
