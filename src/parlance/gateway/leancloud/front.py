"""The front of LeanCloud's sockets: agrees on what is spoken, and begins the visits."""

from collections.abc import Callable

from aiohttp import web

from parlance.core.model.limits import Limits
from parlance.gateway.leancloud.desk import Desk
from parlance.gateway.leancloud.visit import Visit
from parlance.gateway.visits import Visits
from parlance.kernel.clock import SECOND
from parlance.kernel.tallies import SocketTally
from parlance.protocols.leancloud.connection import Connection
from parlance.protocols.leancloud.limits import Limits as ProtocolLimits
from parlance.protocols.leancloud.subprotocols import choose
from parlance.realtime.outbox import Flusher, Outbox
from parlance.web.sockets import accept, subprotocols_of

_READ_PAST = 16
"""So many times the longest frame is still read, so that who sends too much is told so in this protocol's words."""


class LeanCloudGateway:
    """Serves LeanCloud's clients, at whatever address they come to."""

    def __init__(self, desk: Desk, flusher: Flusher, limits: Limits, visits: Visits, tally: SocketTally) -> None:
        self._desk = desk
        self._flusher = flusher
        self._limits = limits
        self._protocol_limits = ProtocolLimits(idle=limits.idle / SECOND, frame_bytes=limits.frame)
        self._visits = visits
        self._tally = tally

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Handle one socket from handshake to end."""
        self._visits.check_open()
        spoken = choose(subprotocols_of(request), request.query.get("subprotocol"))
        socket = await accept(request, _READ_PAST * self._limits.frame, None if spoken is None else spoken.name)
        desk = self._desk

        def outbox(overflowed: Callable[[], None]) -> Outbox:
            return Outbox(socket, self._flusher, self._limits.unsent, overflowed, self._tally)

        connection = Connection(spoken, self._protocol_limits, desk.ids.random_hex, desk.clock.monotonic())
        await self._visits.see_through(Visit(socket, connection, desk, outbox, self._tally), socket)
        return socket.response
