"""A WebSocket on aiohttp, written to directly: whole frames, many in one write, nothing awaited."""

import asyncio

from aiohttp import WSMessage, web
from aiohttp.http_websocket import WS_CLOSED_MESSAGE

CLOSE_WAIT = 5.0
"""Seconds that a peer has to answer a close."""


class Socket:
    """One accepted WebSocket. Compression is never agreed upon, so that a frame is the same for everybody."""

    __slots__ = ("_closing", "_response", "_transport")

    def __init__(self, response: web.WebSocketResponse, transport: asyncio.Transport) -> None:
        self._response = response
        self._transport = transport
        self._closing: asyncio.Future[None] | None = None

    @property
    def response(self) -> web.WebSocketResponse:
        """What an aiohttp handler returns in the end."""
        return self._response

    async def receive(self) -> WSMessage:
        """The next message; text comes as bytes. After the end it is of a closing type, for ever."""
        try:
            return await self._response.receive()
        except (ConnectionError, RuntimeError):
            return WS_CLOSED_MESSAGE

    def write(self, data: bytes) -> None:
        """Send whole frames, as they are; nothing happens once the socket is closing."""
        if self._closing is None and not self._transport.is_closing():
            self._transport.write(data)

    def unsent(self) -> int:
        """How many bytes wait for the peer."""
        return self._transport.get_write_buffer_size()

    async def close(self, code: int, reason: str) -> None:
        """Say goodbye, wait a little for the answer, and end the connection."""
        if self._closing is not None:
            await asyncio.shield(self._closing)
            return
        self._closing = asyncio.get_running_loop().create_future()
        try:
            # A peer that does not read would hold up the goodbye as well, so all of it has a time.
            async with asyncio.timeout(CLOSE_WAIT):
                await self._response.close(code=code, message=reason.encode())
        except (ConnectionError, TimeoutError):
            self.abort()
        finally:
            self._closing.set_result(None)

    async def closed(self) -> None:
        """Wait for a `close` that somebody else has begun."""
        if self._closing is not None:
            await asyncio.shield(self._closing)

    def abort(self) -> None:
        """End the connection at once, whatever still waits to be sent."""
        self._transport.abort()


async def accept(request: web.Request, largest_frame: int) -> Socket:
    """Accept a WebSocket; a message over `largest_frame` bytes ends it with code 1009.

    What is no WebSocket handshake gets aiohttp's own 400.
    """
    response = web.WebSocketResponse(
        timeout=CLOSE_WAIT, autoping=False, compress=False, max_msg_size=largest_frame, decode_text=False
    )
    await response.prepare(request)
    transport = request.transport
    if transport is None:
        raise ConnectionResetError
    return Socket(response, transport)
