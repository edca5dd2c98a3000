"""The front of the platform socket: accepts, keeps the visits, watches the clock for them."""

import asyncio

from aiohttp import web

from parlance.core.actions.catalogue import Actions
from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.limits import Limits
from parlance.gateway.platform_visit import Visit
from parlance.gateway.platform_wire import PlatformWire
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode
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
        tally: SocketTally,
    ) -> None:
        self._actions = actions
        self._hub = hub
        self._flusher = flusher
        self._limits = limits
        self._clock = clock
        self._ids = ids
        self._tally = tally
        self._wire = PlatformWire()
        self._visits: dict[int, Visit] = {}
        self._open = True
        self._empty = asyncio.Event()
        self._empty.set()

    def routes(self) -> list[web.RouteDef]:
        """Where it is served."""
        return [web.get(PATH, self.serve)]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Handle one socket from handshake to end."""
        if not self._open:
            raise Fault(FaultCode.UNAVAILABLE, "the server is stopping", retry_after=1)
        socket = await accept(request, self._limits.frame)
        number = self._ids.message()
        visit = Visit(
            number=number,
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
        self._visits[number] = visit
        self._empty.clear()
        self._tally.accepted += 1
        self._tally.connections += 1
        try:
            self._turn_away_if_stopping(visit)
            await visit.run()
            await socket.gone()
        finally:
            del self._visits[number]
            if not self._visits:
                self._empty.set()
            self._tally.connections -= 1
        return socket.response

    def _turn_away_if_stopping(self, visit: Visit) -> None:
        # If the server began to stop while the handshake was under way, nobody else tells this one.
        if not self._open:
            visit.going_away()
            visit.finish()

    def sweep(self) -> None:
        """End the visits that have been silent for too long. To be called every second or so."""
        now = self._clock.monotonic()
        for visit in tuple(self._visits.values()):
            visit.look_at_the_clock(now)

    def stop_accepting(self) -> None:
        """Refuse new sockets from now on."""
        self._open = False

    def say_goodbye(self) -> None:
        """Tell everybody who is connected to come back later; nothing more is taken from them."""
        for visit in tuple(self._visits.values()):
            visit.going_away()

    def close(self) -> None:
        """End the connections that have been told."""
        for visit in tuple(self._visits.values()):
            visit.finish()

    async def empty(self) -> None:
        """Wait until no socket is open."""
        await self._empty.wait()

    @property
    def visits(self) -> int:
        """How many sockets are open."""
        return len(self._visits)
