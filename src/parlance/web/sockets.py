"""A WebSocket on aiohttp, written to directly: whole frames, many in one write, nothing awaited.

How it ends is ours as well. aiohttp waits for the slowest of peers to read its goodbye, and hangs up on the
others while they speak, which makes the kernel throw the goodbye away. Here a peer has `CLOSE_WAIT` seconds,
whatever it does, and what it says meanwhile is read past.
"""

import asyncio
from typing import Literal

from aiohttp import WSCloseCode, WSMessage, WSMsgType, hdrs, web
from aiohttp.http_websocket import WS_CLOSED_MESSAGE, WSMessageTextBytes

from parlance.protocols.websocket import websocket_close

CLOSE_WAIT = 5.0
"""Seconds that a peer has to answer a close, and to read what was said before."""

Message = WSMessage | WSMessageTextBytes


class Socket:
    """One accepted WebSocket. Compression is never agreed upon, so that a frame is the same for everybody."""

    __slots__ = ("_response", "_transport")

    def __init__(self, response: "_Response", transport: asyncio.Transport) -> None:
        self._response = response
        self._transport = transport

    @property
    def response(self) -> web.StreamResponse:
        """What an aiohttp handler returns in the end."""
        return self._response

    async def receive(self) -> Message:
        """The next message; text comes as bytes. One of a closing type is the last."""
        try:
            message = await self._response.receive()
        except (ConnectionError, RuntimeError):
            return WS_CLOSED_MESSAGE
        if message.type is WSMsgType.CLOSE:
            self.close(WSCloseCode.OK)
            # All is said on both sides; what is not sent yet still goes out.
            self._transport.close()
        return message

    def write(self, data: bytes) -> None:
        """Send whole frames, as they are; nothing happens once the socket is closing."""
        if not self._response.hung_up and not self._transport.is_closing():
            self._transport.write(data)

    def unsent(self) -> int:
        """How many bytes wait for the peer."""
        return self._transport.get_write_buffer_size()

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye; the connection ends when the peer has answered, or after a while in any case.

        To be followed by `receive` until the last message, so that the answer is heard.
        """
        self._response.hang_up(code, reason)

    async def gone(self) -> None:
        """After the last message: wait until the peer is gone, which cancels the handler of its request."""
        if self.unsent() or not self._transport.is_closing():
            await asyncio.sleep(CLOSE_WAIT)


class _Response(web.WebSocketResponse[Literal[False]]):
    """aiohttp's, that leaves hanging up to us."""

    transport: asyncio.Transport | None = None
    hung_up = False

    def hang_up(self, code: int, reason: str = "") -> None:
        """See `Socket.close`; not twice."""
        if self.hung_up or self.transport is None:
            return
        self.hung_up = True
        if not self.transport.is_closing():
            self.transport.write(websocket_close(code, reason))
        asyncio.get_running_loop().call_later(CLOSE_WAIT, self.transport.abort)

    async def close(self, *, code: int = WSCloseCode.OK, message: bytes = b"", drain: bool = True) -> bool:
        """What aiohttp calls when a frame is no good, when the peer is gone, and when the handler has returned."""
        self.hang_up(code, message.decode())
        if self.transport is not None and not self.transport.is_closing() and self.transport.can_write_eof():
            # An answer would not be heard any more: our half ends here, and what still comes is read past.
            try:
                self.transport.write_eof()
            except OSError:
                # Nobody is there any more; that this is so has not been read yet.
                self.transport.abort()
        return True


def is_handshake(request: web.Request) -> bool:
    """Whether somebody wants a WebSocket here."""
    return request.headers.get(hdrs.UPGRADE, "").strip().lower() == "websocket"


def subprotocols_of(request: web.Request) -> list[str]:
    """What the peer offers to speak, in its order."""
    offered = request.headers.get(hdrs.SEC_WEBSOCKET_PROTOCOL, "")
    return [name.strip() for name in offered.split(",") if name.strip()]


async def accept(request: web.Request, largest_frame: int, subprotocol: str | None = None) -> Socket:
    """Accept a WebSocket; a message over `largest_frame` bytes ends it with code 1009.

    `subprotocol` is said back, if it is one of those that the peer offers.

    What is no WebSocket handshake raises aiohttp's HTTPBadRequest.
    """
    # aiohttp takes what is smaller than its limit.
    response = _Response(
        protocols=() if subprotocol is None else (subprotocol,),
        autoping=False,
        autoclose=False,
        compress=False,
        max_msg_size=largest_frame + 1,
        decode_text=False,
    )
    await response.prepare(request)
    if request.transport is None:
        raise ConnectionResetError
    response.transport = request.transport
    return Socket(response, request.transport)
