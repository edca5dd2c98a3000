"""The sockets that are open, whatever is spoken on them: let in, watched, and sent home together."""

import asyncio
from typing import Protocol

from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.tallies import SocketTally
from parlance.web.sockets import Socket


class Visit(Protocol):
    """One socket from its first frame to its last."""

    async def run(self) -> None:
        """Serve the socket until it ends."""

    def look_at_the_clock(self, now: float) -> None:
        """End the visit if it has been silent for too long; `now` is in monotonic seconds."""

    def going_away(self) -> None:
        """The server stops: say so. Answers to what was taken in before still go out, until `finish`."""

    def finish(self) -> None:
        """Close the socket, if all is said."""


class Visits:
    """All that are under way."""

    def __init__(self, clock: Clock, tally: SocketTally) -> None:
        self._clock = clock
        self._tally = tally
        self._under_way: dict[Visit, None] = {}
        self._open = True
        self._empty = asyncio.Event()
        self._empty.set()

    def __len__(self) -> int:
        return len(self._under_way)

    def check_open(self) -> None:
        """To be asked before a handshake. Raises UNAVAILABLE once the server stops."""
        if not self._open:
            raise Fault(FaultCode.UNAVAILABLE, "the server is stopping", retry_after=1)

    async def see_through(self, visit: Visit, socket: Socket) -> None:
        """Keep a visit in the books from its first frame until its peer is gone."""
        self._under_way[visit] = None
        self._empty.clear()
        self._tally.accepted += 1
        self._tally.connections += 1
        try:
            if not self._open:
                # The server began to stop while the handshake was under way: nobody else tells this one.
                visit.going_away()
                visit.finish()
            await visit.run()
            await socket.gone()
        finally:
            del self._under_way[visit]
            if not self._under_way:
                self._empty.set()
            self._tally.connections -= 1

    def sweep(self) -> None:
        """End the visits that have been silent for too long. To be called every second or so."""
        now = self._clock.monotonic()
        for visit in tuple(self._under_way):
            visit.look_at_the_clock(now)

    def stop_accepting(self) -> None:
        """Refuse new sockets from now on."""
        self._open = False

    def say_goodbye(self) -> None:
        """Tell everybody who is connected to come back later; nothing more is taken from them."""
        for visit in tuple(self._under_way):
            visit.going_away()

    def close(self) -> None:
        """End the connections that have been told."""
        for visit in tuple(self._under_way):
            visit.finish()

    async def empty(self) -> None:
        """Wait until no socket is open."""
        await self._empty.wait()
