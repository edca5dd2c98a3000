"""The front of the platform socket: accepts, and begins the visits."""

from aiohttp import web

from parlance.core.actions.catalogue import Actions
from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.limits import Limits
from parlance.gateway.platform_visit import Visit
from parlance.gateway.platform_wire import PlatformWire
from parlance.gateway.visits import Visits
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.ids import AppId, Ids
from parlance.kernel.tallies import SocketTally
from parlance.protocols.platform.session import Session
from parlance.realtime.hub import Hub
from parlance.realtime.outbox import Flusher, Outbox
from parlance.web.sockets import accept

PATH = "/im/socket"

_NO_APP = App(AppId(""), "", "", "", "", Policy.TOKEN, AppSettings(), 0, 0)
_NOBODY = Caller(_NO_APP, keyed=False)
"""Who a connection is before its login: somebody with no rights in an app without anything."""


class PlatformGateway:
    """Serves `/im/socket`."""

    def __init__(
        self,
        actions: Actions,
        hub: Hub,
        flusher: Flusher,
        limits: Limits,
        clock: Clock,
        ids: Ids,
        visits: Visits,
        tally: SocketTally,
    ) -> None:
        self._actions = actions
        self._hub = hub
        self._flusher = flusher
        self._limits = limits
        self._clock = clock
        self._ids = ids
        self._visits = visits
        self._tally = tally
        self._wire = PlatformWire()

    def routes(self) -> list[web.RouteDef]:
        """Where it is served."""
        return [web.get(PATH, self.serve)]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Handle one socket from handshake to end."""
        self._visits.check_open()
        socket = await accept(request, self._limits.frame)
        visit = Visit(
            number=self._ids.message(),
            nobody=_NOBODY,
            socket=socket,
            session=Session(self._limits.login_wait / SECOND, self._limits.idle / SECOND, self._clock.monotonic()),
            wire=self._wire,
            actions=self._actions,
            hub=self._hub,
            outbox=lambda overflowed: Outbox(socket, self._flusher, self._limits.unsent, overflowed, self._tally),
            clock=self._clock,
            tally=self._tally,
        )
        await self._visits.see_through(visit, socket)
        return socket.response
