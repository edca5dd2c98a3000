"""The bus of an installation of several servers, over NATS.

Each server knows which clients the others have with them, and sends each what concerns these clients: one parcel
for each commit and server, however many messages and readers are in it. So what a message between two costs does not
grow with the number of servers. What changes conversations, bans or apps goes to all of them.

Invariant: this server's listeners hear what it publishes at once, in the order of commits, whatever becomes of NATS;
but for a message that another server's message should have come before (`order.py`).
"""

from collections.abc import Callable, Sequence

from parlance.buses.local import LocalBus
from parlance.buses.nats.company import Company
from parlance.buses.nats.inquiries import Inquiries
from parlance.buses.nats.neighbours import Neighbours, Start
from parlance.buses.nats.order import History, Late, Order
from parlance.buses.nats.routing import concerns_all
from parlance.core.model.events import Event
from parlance.core.ports.bus import Hears, Listener
from parlance.core.ports.peers import Peers
from parlance.kernel.clock import Clock
from parlance.kernel.tallies import BusTally


class NatsBus:
    """Implements `core.ports.bus.Bus`.

    `history` reads the store; `look_for` is called when the others may have said something after that time (ms) that
    was not heard here; who has looked for it calls `recovered`.
    """

    def __init__(self, url: str, name: str, clock: Clock, history: History, tally: BusTally) -> None:
        self._all, self._own, self._others = LocalBus(), LocalBus(), LocalBus()
        self._neighbours = Neighbours(url, name, clock, self, tally)
        self._order = Order(self._all.publish, history, self._neighbours.doorway)
        self._order.gave_up = self.lost
        self._order.troubled = lambda: self._neighbours.troubled
        self.look_for: Callable[[int], None] = lambda _: self.recovered()

    def introduce(self, company: Company) -> None:
        """From now on `company` is asked who is in which room."""
        self._neighbours.elsewhere.company = company

    async def open(self, start: Start) -> None:
        """Begin to speak with the others; `start` runs something beside."""
        self._order.start = start
        await self._neighbours.open(start)

    async def close(self) -> None:
        """Say goodbye."""
        await self._neighbours.close()

    @property
    def peers(self) -> Peers:
        """The other servers."""
        return self._neighbours

    @property
    def inquiries(self) -> Inquiries:
        """Questions to the others, and theirs to this one."""
        return self._neighbours.inquiries

    @property
    def away(self) -> bool:
        """Whether NATS cannot be reached."""
        return self._neighbours.away

    @property
    def others(self) -> int:
        """How many other servers there are."""
        return self._neighbours.count

    @property
    def skew(self) -> int:
        """By how much (ms) clocks of servers differ."""
        return self._neighbours.skew

    @property
    def held(self) -> int:
        """How many messages had to wait for those before them, so far."""
        return self._order.held

    # See `core.ports.bus.Bus`

    def publish(self, events: Sequence[Event]) -> None:
        """See `Bus.publish`."""
        self._neighbours.pass_on(events)
        self._tell(self._order.passed(events, alone=self._neighbours.always_alone))
        self._own.publish(events)

    async def taken_note(self, events: Sequence[Event]) -> None:
        """Wait until all servers have heard of changes to what they keep at hand; who does not answer, not for long.

        So whoever was taken out is out on every server by the time that the caller knows of it.
        """
        if not self.away and self._neighbours.count and any(concerns_all(event) for event in events):
            await self._neighbours.taken_note()

    def listen(self, listener: Listener, hears: Hears = Hears.EVERYTHING) -> None:
        """See `Bus.listen`."""
        buses = {Hears.EVERYTHING: self._all, Hears.OWN: self._own, Hears.OTHERS: self._others}
        buses[hears].listen(listener)

    # After something was missed

    async def late(self, events: Sequence[Late]) -> None:
        """Tell what was found in the store, of what may have been missed."""
        self._tell(await self._order.late(events))

    def recovered(self) -> None:
        """What may have been missed was looked for."""
        self._order.missed_since = None

    # See `neighbours.Hearing`

    def others_said(self, events: Sequence[Event], *, sure: bool) -> None:
        """See `Hearing.others_said`."""
        self._others.publish(events)
        self._tell(self._order.passed(events, sure=sure))

    def found_out(self, events: Sequence[Event]) -> None:
        """See `Hearing.found_out`."""
        self._tell(events)

    def lost(self, since: int) -> None:
        """See `Hearing.lost`."""
        missed = self._order.missed_since
        self._order.missed_since = since if missed is None else min(missed, since)
        self.look_for(since)

    def _tell(self, events: Sequence[Event]) -> None:
        if events:
            self._all.publish(events)
