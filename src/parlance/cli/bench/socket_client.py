"""A logged-in client of the platform socket, on the bare event loop.

One read of the socket may bring many frames: they are handed over together, so that what they give rise
to can leave in one write.
"""

import asyncio
from collections.abc import Sequence
from typing import cast

import msgspec

from parlance.cli.bench import websocket
from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.http_client import tls_of
from parlance.cli.bench.plan import Address

_PATH = "/im/socket"
_AT_ONCE = 64
_PATIENCE = 60


class Data(msgspec.Struct, gc=False):
    """Of all that a frame may hold, what is counted here."""

    ref: str | None = None
    seq: int | None = None
    text: str | None = None
    code: int = 0


class Frame(msgspec.Struct, gc=False):
    """A frame of the server."""

    type: str
    data: Data | None = None
    msg: str = ""


frame_of = msgspec.json.Decoder(Frame).decode


class SocketClient(asyncio.Protocol):
    """Opens, logs in, and hands over what comes afterwards to `received`."""

    def __init__(self, name: str, token: str) -> None:
        self.name = name
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._token = token
        self._address: Address | None = None
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._open = False
        self.lost_for: str | None = None

    def received(self, texts: list[bytes]) -> None:
        """Text frames that came in one read. To be overridden; an idle client lets them pass."""

    def write(self, data: bytes) -> None:
        """Send frames, if there still is somebody to send them to."""
        if self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    async def connect(self, address: Address) -> None:
        """Be logged in when this returns."""
        self._address = address
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, address.host, address.port, ssl=tls_of(address))
        async with asyncio.timeout(_PATIENCE):
            await self.ready

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(websocket.upgrade_request(self._asked.authority, _PATH))

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._transport = None
        self.lost_for = self.lost_for or str(exc or "the connection was closed")
        if not self.ready.done():
            self.ready.set_exception(BenchFailure(f"{self.name} was not let in: {self.lost_for}"))

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        buffer = self._buffer + data if self._buffer else data
        try:
            if not self._open:
                rest = websocket.upgraded(buffer)
                if rest is None:
                    self._buffer = buffer
                    return
                self._open = True
                self.write(websocket.frame(self._login()))
                buffer = rest
            texts, controls, self._buffer = websocket.cut(buffer)
            for opcode, payload in controls:
                self._controlled(opcode, payload)
            if self.ready.done():
                self.received(texts)
            else:
                self._logging_in(texts)
        except (BenchFailure, msgspec.DecodeError) as error:
            self.lost_for = str(error)
            self.close()

    @property
    def _asked(self) -> Address:
        if self._address is None:
            raise BenchFailure("connected to nowhere")
        return self._address

    def _login(self) -> bytes:
        data = {"device_id": "bench", "app_id": self._asked.app_id, "client_id": self.name, "token": self._token}
        return msgspec.json.encode({"type": "login", "data": data})

    def _logging_in(self, texts: list[bytes]) -> None:
        for number, text in enumerate(texts):
            answer = frame_of(text)
            if answer.type == "login.success":
                self.ready.set_result(None)
                self.received(texts[number + 1 :])
                return
            if answer.type == "error":
                raise BenchFailure(answer.msg)

    def _controlled(self, opcode: int, payload: bytes) -> None:
        if opcode == websocket.PING:
            self.write(websocket.frame(payload, websocket.PONG))
        elif opcode == websocket.CLOSE:
            code = int.from_bytes(payload[:2], "big")
            raise BenchFailure(f"the server closed with {code} {payload[2:].decode(errors='replace')}".rstrip())


async def connect_all(addresses: Sequence[Address], clients: Sequence[SocketClient]) -> None:
    """Log all `clients` in, a few at a time."""
    for start in range(0, len(clients), _AT_ONCE):
        few = range(start, min(start + _AT_ONCE, len(clients)))
        await asyncio.gather(*(clients[number].connect(addresses[place(number, len(addresses))]) for number in few))


def place(number: int, servers: int) -> int:
    """Which of `servers` client `number` goes to: of couples (0 and 1, 2 and 3, …) every combination comes as often."""
    return (number // 2 if number % 2 == 0 else number // 2 // servers) % servers
