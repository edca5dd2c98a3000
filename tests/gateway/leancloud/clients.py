"""Small clients that speak LeanCloud's protocol, by the generated classes and nothing else of ours."""

import asyncio
import base64
import json
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import aiohttp
import msgspec

from cast import PATIENCE, SILENCE, Town
from parlance.protocols.leancloud.generated import messages_pb2 as pb

Frame = pb.GenericCommand
BINARY, TEXT = "lc.protobuf2.3", "lc.proto2base64.3"
OLD = "lc.protobuf2.1"
ALL = 0xFF
"""Every capability there is."""
HELLO = '{"_lctype":-1,"_lctext":"hello"}'


class Line:
    """One socket. Frames that nobody has asked for yet wait in `unread`."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws
        self.unread: list[Frame] = []
        self._serials = count(1)

    async def send(self, frame: Frame) -> None:
        """Send a frame as it is."""
        if "base64" in (self.ws.protocol or ""):
            await self.ws.send_str(base64.b64encode(frame.SerializeToString()).decode())
        else:
            await self.ws.send_bytes(frame.SerializeToString())

    async def ask(self, frame: Frame) -> Frame:
        """Send a frame with a serial of its own; its answer, whatever it is."""
        if not frame.HasField("i"):
            frame.i = next(self._serials)
        await self.send(frame)
        return await self.first(lambda each: each.HasField("i") and each.i == frame.i, f"the answer to {frame.i}")

    async def first(self, wanted: Callable[[Frame], bool], what: str) -> Frame:
        """The first frame of a kind, waited for with patience."""
        for at, frame in enumerate(self.unread):
            if wanted(frame):
                return self.unread.pop(at)
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = await self._next(what)
                if wanted(frame):
                    return frame
                self.unread.append(frame)

    async def quiet(self) -> list[Frame]:
        """What has come unasked, after the server has answered a sign of life and a moment longer."""
        await self.ask(Frame(cmd=pb.echo))
        await asyncio.sleep(SILENCE)
        await self.ask(Frame(cmd=pb.echo))
        come, self.unread = self.unread, []
        return come

    async def closed(self) -> int | None:
        """Wait for the server to hang up; its close code."""
        async with asyncio.timeout(PATIENCE):
            while not self.ws.closed:
                message = await self.ws.receive()
                if message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT):
                    self.unread.append(_frame(message))
        return self.ws.close_code

    def cut(self) -> None:
        """Lose the connection: no goodbye, no last words."""
        connection = self.ws._response.connection
        assert connection is not None
        assert connection.transport is not None
        connection.transport.abort()

    async def _next(self, what: str) -> Frame:
        message = await self.ws.receive()
        assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), (
            f"waiting for {what}: {message}, after {self.unread}"
        )
        return _frame(message)


class Client:
    """Somebody who is logged in on a line."""

    def __init__(self, line: Line, name: str, opened: Frame) -> None:
        self.line = line
        self.name = name
        self.opened = opened

    @property
    def token(self) -> str:
        """By which it comes back."""
        return self.opened.sessionMessage.st

    async def ask(self, cmd: pb.CommandType, op: pb.OpType | None = None, **body: Any) -> Frame:
        """Ask something; `body` is the frame's body under its name."""
        return await self.line.ask(Frame(cmd=cmd, op=op, peerId=self.name, **body))

    async def tell(self, cmd: pb.CommandType, op: pb.OpType | None = None, **body: Any) -> None:
        """Send what has no answer."""
        await self.line.send(Frame(cmd=cmd, op=op, peerId=self.name, **body))

    async def conv(self, op: pb.OpType, **fields: Any) -> Frame:
        """Ask something about a conversation."""
        return await self.ask(pb.conv, op, convMessage=pb.ConvCommand(**fields))

    async def blacklist(self, op: pb.OpType, **fields: Any) -> Frame:
        """Ask something about who is kept out."""
        return await self.ask(pb.blacklist, op, blacklistMessage=pb.BlacklistCommand(**fields))

    async def start(self, *others: str, **fields: Any) -> str:
        """Begin a conversation; its id, once this client has heard of everything about it."""
        pushes = not fields.get("transient")
        answer = await self.conv(pb.start, m=sorted({*others, self.name}), **fields)
        assert pb.started == answer.op, answer
        if pushes and not answer.convMessage.existing:
            await self.pushed(pb.conv, pb.joined)
            await self.pushed(pb.conv, pb.members_joined)
        return answer.convMessage.cid

    async def say(self, cid: str, msg: str = HELLO, **fields: Any) -> pb.AckCommand:
        """Send a message; what acknowledges it."""
        answer = await self.ask(pb.direct, directMessage=pb.DirectCommand(cid=cid, msg=msg, **fields))
        assert pb.ack == answer.cmd, answer
        return answer.ackMessage

    async def pushed(self, cmd: pb.CommandType, op: pb.OpType | None = None) -> Frame:
        """The next push of a kind."""

        def wanted(frame: Frame) -> bool:
            same = frame.cmd == cmd and (op is None or frame.op == op)
            return same and not frame.HasField("i") and frame.peerId == self.name

        return await self.line.first(wanted, f"{cmd}, {op} for {self.name}")

    async def heard(self) -> pb.DirectCommand:
        """The next message that is pushed."""
        return (await self.pushed(pb.direct)).directMessage

    async def settled(self) -> "Client":
        """Nothing is under way to it any more: what has come unasked is forgotten."""
        await self.line.quiet()
        return self


class Hall:
    """The app `lobby`, open to everybody, in a town."""

    app_id = "lobby"

    def __init__(self, town: Town) -> None:
        self.town = town
        self._lines: list[Line] = []

    async def connect(self, *protocols: str, path: str = "/") -> Line:
        """A socket on which nobody is logged in."""
        offered = protocols or (BINARY,)
        ws = await self.town.session.ws_connect(f"{self.town.base}{path}", protocols=offered, autoping=True)
        line = Line(ws)
        self._lines.append(line)
        return line

    async def log_in(self, name: str, *, line: Line | None = None, protocol: str = BINARY, **fields: Any) -> Client:
        """Somebody, on a line of its own unless one is given."""
        line = line or await self.connect(protocol)
        opened = await line.ask(self.opening(name, **fields))
        assert (pb.session, pb.opened) == (opened.cmd, opened.op), opened
        return Client(line, name, opened)

    def opening(self, name: str, app_id: str | None = None, **fields: Any) -> Frame:
        """A login."""
        told: dict[str, Any] = {"ua": "js/5.0.0-rc.8", "configBitmap": ALL} | fields
        body = pb.SessionCommand(**told)
        return Frame(cmd=pb.session, op=pb.open, appId=app_id or self.app_id, peerId=name, sessionMessage=body)

    async def leave(self) -> None:
        """Hang up every line."""
        for line in self._lines:
            await line.ws.close()


def refusal(frame: Frame) -> tuple[int, str]:
    """Code and reason of an error."""
    assert pb.error == frame.cmd, frame
    return frame.errorMessage.code, frame.errorMessage.reason


def seen(frames: Sequence[Frame]) -> list[str]:
    """Commands and operations, in words."""
    return [
        f"{pb.CommandType.Name(each.cmd)} {pb.OpType.Name(each.op) if each.HasField('op') else ''}".strip()
        for each in frames
    ]


def rows(frame: Frame) -> list[dict[str, Any]]:
    """What a query found."""
    assert (pb.conv, pb.results) == (frame.cmd, frame.op), frame
    found: list[dict[str, Any]] = msgspec.json.decode(frame.convMessage.results.data)
    return found


def attributes(**values: Any) -> pb.JsonObjectMessage:
    """JSON as the schema carries it."""
    return pb.JsonObjectMessage(data=json.dumps(values))


def _frame(message: aiohttp.WSMessage) -> Frame:
    data = base64.b64decode(message.data) if message.type is aiohttp.WSMsgType.TEXT else message.data
    return Frame.FromString(data)
