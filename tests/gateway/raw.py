"""A WebSocket client that does what no library would: sends any bytes, and reads when it pleases."""

import asyncio
import base64
import os
import socket
import struct
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from cast import PATIENCE, Person, Town

CONTINUATION: Final = 0
TEXT: Final = 1
BINARY: Final = 2
CLOSE: Final = 8
PING: Final = 9
PONG: Final = 10

_MASK: Final = b"\x01\x02\x03\x04"


def frame(payload: bytes, opcode: int = TEXT, *, fin: bool = True, masked: bool = True, reserved: int = 0) -> bytes:
    """A frame as a client sends it, right or wrong."""
    first = (0x80 if fin else 0) | reserved | opcode
    length, mask = len(payload), 0x80 if masked else 0
    if length < 126:
        head = struct.pack("!BB", first, mask | length)
    elif length < 1 << 16:
        head = struct.pack("!BBH", first, mask | 126, length)
    else:
        head = struct.pack("!BBQ", first, mask | 127, length)
    if not masked:
        return head + payload
    key = _MASK * (length // 4 + 1)
    return head + _MASK + (int.from_bytes(payload, "big") ^ int.from_bytes(key[:length], "big")).to_bytes(length, "big")


def command(type_: str, **data: Any) -> bytes:
    """A command in a frame."""
    return frame(msgspec.json.encode({"type": type_, "data": data}))


class RawSocket:
    """One connection, from its handshake on."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        """Send these bytes."""
        self.writer.write(data)
        async with asyncio.timeout(PATIENCE):
            await self.writer.drain()

    async def receive(self) -> tuple[int, bytes]:
        """The next frame: opcode and payload. Raises IncompleteReadError at the end."""
        async with asyncio.timeout(PATIENCE):
            first, second = await self.reader.readexactly(2)
            length = second & 0x7F
            if length == 126:
                (length,) = struct.unpack("!H", await self.reader.readexactly(2))
            elif length == 127:
                (length,) = struct.unpack("!Q", await self.reader.readexactly(8))
            return first & 0x0F, await self.reader.readexactly(length)

    async def next(self, type_: str) -> dict[str, Any]:
        """The next frame of a type; others are passed over."""
        while True:
            opcode, payload = await self.receive()
            assert TEXT == opcode, (opcode, payload)
            found: dict[str, Any] = msgspec.json.decode(payload)
            if found["type"] == type_:
                return found

    async def goodbye(self, *, polite: bool = True) -> tuple[int | None, list[dict[str, Any]]]:
        """Read to the end: the close code, None if the connection was just cut, and what was said before.

        Who is `polite` answers the close, as RFC 6455 wants it.
        """
        code, said = None, []
        try:
            while True:
                opcode, payload = await self.receive()
                if opcode == TEXT:
                    said.append(msgspec.json.decode(payload))
                elif opcode == CLOSE:
                    code = int.from_bytes(payload[:2], "big")
                    if polite:
                        await self.send(frame(payload, CLOSE))
        except (asyncio.IncompleteReadError, ConnectionError):
            return code, said

    def stop_reading(self) -> None:
        """Leave what comes where it is."""
        self.writer.transport.pause_reading()  # type: ignore[attr-defined]

    def go_on_reading(self) -> None:
        """Read again."""
        self.writer.transport.resume_reading()  # type: ignore[attr-defined]

    def cut(self) -> None:
        """Lose the connection."""
        self.writer.transport.abort()

    def reset(self) -> None:
        """Lose it as if the machine were gone that it came from: what is sent here is refused."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.cut()


class Lines:
    """Raw connections to a town, all of them cut in the end."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self._open: list[RawSocket] = []

    async def connect(self, *, small: bool = False) -> RawSocket:
        """Shake hands; `small` leaves as little room as possible for what is not read."""
        address = urlsplit(self.town.base)
        ours = socket.socket()
        if small:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        ours.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(ours, (address.hostname, address.port))
        except OSError:
            ours.close()
            raise
        reader, writer = await asyncio.open_connection(sock=ours, limit=1 << 16)
        raw = RawSocket(reader, writer)
        self._open.append(raw)
        key = base64.b64encode(os.urandom(16)).decode()
        await raw.send(
            f"GET /im/socket HTTP/1.1\r\nHost: {address.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        async with asyncio.timeout(PATIENCE):
            head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), head
        return raw

    async def log_in(self, person: Person, device: str = "raw", *, small: bool = False) -> RawSocket:
        """A connection of one of the cast."""
        raw = await self.connect(small=small)
        shown = {"app_id": person.app_id, "client_id": person.client_id, "device_id": device, "token": person.token}
        await raw.send(command("login", **shown))
        await raw.next("login.success")
        return raw

    def cut(self) -> None:
        """Lose them all."""
        for raw in self._open:
            raw.cut()
