"""Stands between clients and a server: passes bytes on, and whole WebSocket frames, unless a fault strikes."""

import asyncio
import re
from contextlib import suppress

from parlance.protocols.websocket import websocket_frame
from parlance.testing.faults import Effect, Fault, Faults, Way
from parlance.testing.frames import FrameReader

_CHUNK = 64 * 1024
_END = b"\r\n\r\n"
_UPGRADE = re.compile(rb"^upgrade:\s*websocket\s*$", re.IGNORECASE | re.MULTILINE)
_SWITCHED = b"HTTP/1.1 101"


class Tunnel:
    """Listens on a port of this machine, before the server at `port`."""

    def __init__(self, port: int, faults: Faults) -> None:
        self._port = port
        self._faults = faults
        self._passages: set[_Passage] = set()
        self._listener: asyncio.Server | None = None
        self._closed = False

    async def open(self) -> int:
        """Listen; the port."""
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = self._listener.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """End everything, what is only being made as well."""
        self._closed = True
        if self._listener is not None:
            self._listener.close()
        self.cut(None)
        for passage in tuple(self._passages):
            await passage.ended.wait()

    def cut(self, client: str | None) -> None:
        """Break a client's connections, or everybody's."""
        for passage in tuple(self._passages):
            if client in {None, passage.client}:
                passage.cut()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._faults.refusing_connections or self._closed:
            writer.transport.abort()
            return
        passage = _Passage(self._faults, writer)
        self._passages.add(passage)
        try:
            behind, before = await asyncio.open_connection("127.0.0.1", self._port)
            passage.begin(before)
            await asyncio.gather(passage.to_server(reader), passage.to_client(behind))
        except OSError:
            passage.cut()
        finally:
            self._passages.discard(passage)
            passage.ended.set()


class _Passage:
    """One connection through the tunnel: HTTP at first, frames once both ends have agreed on that."""

    def __init__(self, faults: Faults, client_end: asyncio.StreamWriter) -> None:
        self.client: str | None = None
        """Who has logged in on it."""
        self.ended = asyncio.Event()
        self._faults = faults
        self._ends = {Way.TO_CLIENT: client_end}
        self._broken = asyncio.Event()
        self._asked = False
        self._switched = False

    def begin(self, server_end: asyncio.StreamWriter) -> None:
        """The server is at the other end; unless it was cut meanwhile."""
        self._ends[Way.TO_SERVER] = server_end
        if self._broken.is_set():
            self.cut()

    def cut(self) -> None:
        """Break it, both ends."""
        self._broken.set()
        for end in self._ends.values():
            end.transport.abort()

    async def to_server(self, reader: asyncio.StreamReader) -> None:
        """Pass on what the client says."""
        frames = FrameReader()
        with suppress(ConnectionError):
            while data := await reader.read(_CHUNK):
                if self._switched:
                    await self._pass_frames(frames, data, Way.TO_SERVER)
                    continue
                while data.startswith(b"GET ") and _END not in data and (more := await reader.read(_CHUNK)):
                    data += more
                self._asked = self._asked or (data.startswith(b"GET ") and bool(_UPGRADE.search(_lines(data))))
                await self._write(Way.TO_SERVER, data)
        self._ends[Way.TO_SERVER].close()

    async def to_client(self, reader: asyncio.StreamReader) -> None:
        """Pass on what the server says."""
        frames = FrameReader()
        with suppress(ConnectionError):
            while data := await reader.read(_CHUNK):
                if self._asked and not self._switched:
                    data = await self._switch(reader, data)
                if self._switched:
                    await self._pass_frames(frames, data, Way.TO_CLIENT)
                else:
                    await self._write(Way.TO_CLIENT, data)
        self._ends[Way.TO_CLIENT].close()

    async def _switch(self, reader: asyncio.StreamReader, data: bytes) -> bytes:
        """Pass the answer to an upgrade on; what came behind it."""
        while _END not in data and (more := await reader.read(_CHUNK)):
            data += more
        head, end, rest = data.partition(_END)
        self._asked = False
        self._switched = head.startswith(_SWITCHED)
        if not self._switched:
            return data
        await self._write(Way.TO_CLIENT, head + end)
        return rest

    async def _pass_frames(self, frames: FrameReader, data: bytes, way: Way) -> None:
        for frame in frames.feed(data):
            if way is Way.TO_SERVER and frame.says_something:
                self._look_for_login(*frame.read())
            fault, said = self._faults.strikes(way, self.client, frame)
            if fault is None:
                await self._write(way, frame.raw)
            elif fault.effect is Effect.REFUSE and fault.answer is not None:
                await self._write(Way.TO_CLIENT, websocket_frame(fault.answer(said)))
            else:
                await self._strike(fault, way, frame.raw)

    async def _strike(self, fault: Fault, way: Way, raw: bytes) -> None:
        if fault.effect is Effect.DUPLICATE:
            await self._write(way, raw + raw)
        elif fault.effect is Effect.DELAY:
            with suppress(TimeoutError):
                async with asyncio.timeout(fault.seconds):
                    await self._broken.wait()
            await self._write(way, raw)
        elif fault.effect is Effect.TEAR:
            await self._write(way, raw[: len(raw) // 2])
            # What is written and not sent yet would be thrown away with the connection.
            self._ends[way].close()
            self._other(way).transport.abort()
            raise ConnectionAbortedError
        elif fault.effect is Effect.CUT:
            self.cut()
            raise ConnectionAbortedError

    def _other(self, way: Way) -> asyncio.StreamWriter:
        return self._ends[Way.TO_CLIENT if way is Way.TO_SERVER else Way.TO_SERVER]

    def _look_for_login(self, type_: str | None, data: dict[str, object]) -> None:
        if type_ == "login":
            self.client = str(data.get("client_id"))

    async def _write(self, way: Way, data: bytes) -> None:
        end = self._ends[way]
        end.write(data)
        await end.drain()


def _lines(data: bytes) -> bytes:
    return data.partition(_END)[0].replace(b"\r\n", b"\n")
