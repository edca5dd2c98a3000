"""The client's side of HTTP/1.1: one kept-alive connection, one request at a time."""

import asyncio
import re
import ssl
from collections.abc import Callable, Sequence
from typing import cast

from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.plan import Address

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

Answered = Callable[["HttpClient", int, bytes], None]
"""Told of each answer: the client it came to, the status, the body."""


class HttpClient(asyncio.Protocol):
    """Asks, and hands each answer to `answered`, which may ask again at once."""

    def __init__(self, answered: Answered, broken: Callable[[BaseException], None]) -> None:
        self._answered = answered
        self._broken = broken
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._asked = False

    def ask(self, request: bytes) -> None:
        """Send a whole request."""
        if self._transport is None:
            raise BenchFailure("asked before connected")
        self._asked = True
        self._transport.write(request)

    def close(self) -> None:
        """Hang up; nothing more will be told."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._transport = None
        if self._asked:
            self._broken(exc or BenchFailure("the server hung up before it answered"))

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        buffer = self._buffer + data if self._buffer else data
        head_end = buffer.find(b"\r\n\r\n")
        length = _LENGTH.search(buffer, 0, head_end + 2) if head_end >= 0 else None
        if head_end >= 0 and length is None:
            self._broken(BenchFailure(f"an answer of unknown length: {buffer[:200].decode(errors='replace')}"))
            return
        if length is None or len(buffer) < head_end + 4 + int(length[1]):
            self._buffer = buffer
            return
        self._buffer = b""
        self._asked = False
        self._answered(self, int(buffer[9:12]), buffer[head_end + 4 :])


def request(address: Address, method: str, path: str, body: bytes = b"") -> bytes:
    """A request of the platform dialect, with the server key."""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: {address.authority}\r\n"
        f"app-id: {address.app_id}\r\napp-key: {address.server_key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def tls_of(address: Address) -> ssl.SSLContext | None:
    """How connections to `address` are secured; None if they are not."""
    return ssl.create_default_context() if address.tls else None


async def connect(
    addresses: Sequence[Address], count: int, answered: Answered, broken: Callable[[BaseException], None]
) -> list[HttpClient]:
    """`count` connections, to `addresses` in turn."""
    loop = asyncio.get_running_loop()
    tls = tls_of(addresses[0])
    clients = []
    for number in range(count):
        address = addresses[number % len(addresses)]
        _, client = await loop.create_connection(
            lambda: HttpClient(answered, broken), address.host, address.port, ssl=tls
        )
        clients.append(client)
    return clients


class _Errands:
    """Requests shared out among a few connections, and the bodies of their answers, in order."""

    def __init__(self, requests: Sequence[bytes]) -> None:
        self.bodies = [b""] * len(requests)
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._waiting = iter(range(len(requests)))
        self._asking: dict[HttpClient, int] = {}
        self._left = len(requests)

    def next(self, client: HttpClient) -> None:
        """Send `client` on the next errand, if one is left."""
        number = next(self._waiting, None)
        if number is not None:
            self._asking[client] = number
            client.ask(self._requests[number])

    def answered(self, client: HttpClient, status: int, body: bytes) -> None:
        """See `HttpClient`."""
        if status != 200:
            self.broken(BenchFailure(f"the server answered {status}: {body[:300].decode(errors='replace')}"))
            return
        self.bodies[self._asking[client]] = body
        self._left -= 1
        if self._left == 0 and not self.done.done():
            self.done.set_result(None)
        self.next(client)

    def broken(self, error: BaseException) -> None:
        """See `HttpClient`."""
        if not self.done.done():
            self.done.set_exception(error)


async def ask_all(address: Address, requests: Sequence[bytes], connections: int = 16) -> list[bytes]:
    """Send all `requests` over a few connections; the bodies of the answers, in order. Each must be a 200."""
    if not requests:
        return []
    errands = _Errands(requests)
    clients = await connect([address], min(connections, len(requests)), errands.answered, errands.broken)
    try:
        for client in clients:
            errands.next(client)
        await errands.done
    finally:
        for client in clients:
            client.close()
    return errands.bodies
