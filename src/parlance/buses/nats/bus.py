"""The bus of an installation of several servers, over NATS.

Each server knows which clients the others have with them, and sends each what concerns these clients: one parcel
for each commit and server, however many messages and readers are in it. So what a message between two costs does not
grow with the number of servers. What changes conversations, bans or apps goes to all of them.

Invariants:
- This server's listeners hear what it publishes at once, in the order of commits, whatever becomes of NATS.
- A client is let in only when the others know of it (`expect`): what is stored after that comes here.
- Parcels are numbered. Where one is missing, the other says everything from the start, and `lost` is called.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

import structlog

from parlance.buses.local import LocalBus
from parlance.buses.nats.links import Again as Renewal
from parlance.buses.nats.links import Key, Link, Whereabouts
from parlance.buses.nats.order import History, Order
from parlance.buses.nats.post import Post
from parlance.buses.nats.routing import concerned
from parlance.buses.nats.wire import (
    Again,
    Beat,
    Came,
    Complete,
    Entry,
    Fresh,
    Gone,
    Present,
    addressed,
    packed,
    read_beat,
    read_parcel,
    unpacked,
    written,
)
from parlance.core.model.conversation import Conversation
from parlance.core.model.events import (
    ConversationUpdated,
    Event,
    MessageEdited,
    MessageRecalled,
    MessageSent,
    PresenceChanged,
)
from parlance.core.model.member import Standing
from parlance.core.ports.bus import Hears, Listener
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.ids import AppId, ClientId
from parlance.kernel.tallies import BusTally

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

BEAT = 1.0
"""Seconds between two signs of life."""
DEAD_AFTER = 5.0
"""Seconds of silence after which a server is taken for dead, and its clients for gone."""
LONGEST_WAIT = 0.5
"""Seconds that a login waits for another server to take note of it."""
SHORTEST_GREETING, LONGEST_GREETING = 0.1, 0.5
"""Seconds that a server which starts waits for the others to tell it who is where."""
EXPECTED_FOR = 5.0
"""Seconds within which somebody who was expected arrives, or is not expected any more."""
_REMEMBERED = 3600 * SECOND


Room = tuple[Conversation, Mapping[ClientId, Standing]]
"""With who is in it."""


class Company(Protocol):
    """Who is in which room."""

    def rooms(self) -> Iterable[Room]:
        """Every room that anybody is in."""

    def vanished(self, app_id: AppId, client_id: ClientId, now: int) -> list[Event]:
        """What there is to tell when a client is gone from the whole installation."""

    def found(self, clients: Collection[Key], rooms: Collection[Room], now: int) -> list[Event]:
        """What there is to tell when these clients turn out to be in these rooms, and in no others."""


class NatsBus:
    """Implements `core.ports.bus.Bus`, and `core.ports.peers.Peers`.

    `history` reads messages; `lost` is called when the others may have said something after that time (ms) that was
    not heard here, and looks for it until it calls `recovered`.
    """

    def __init__(
        self,
        url: str,
        name: str,
        clock: Clock,
        history: History,
        tally: BusTally,
    ) -> None:
        self._name = name
        self._clock = clock
        self._tally = tally
        self._began = clock.now()
        self._all, self._own, self._others = LocalBus(), LocalBus(), LocalBus()
        self._order = Order(self._all.publish, history)
        self._post = Post(url, name, self._parcel_came, self._beat_came, self._came_back)
        self._links: dict[str, Link] = {}
        self._remembered: dict[str, int] = {}
        self._where = Whereabouts()
        self._here: set[Key] = set()
        self._expected: dict[Key, float] = {}
        self._answers: dict[Link, list[asyncio.Future[None]]] = {}
        self._awaited: dict[Link, list[tuple[int, asyncio.Future[None]]]] = {}
        self._dispatching = False
        self._loop = asyncio.get_running_loop()
        self._greeted = asyncio.Event()
        self._known = asyncio.Event()
        """Everybody has said who is with them."""
        self.company: Company | None = None
        self.lost: Callable[[int], None] = lambda _: self.recovered()

    # Starting and ending

    async def open(self, start: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        """Begin to speak with the others, and wait until they have said who is where; not long, if NATS is away.

        `start` runs something beside.
        """
        self._order.start = start
        start(self._post.run())
        start(self._beating())
        try:
            async with asyncio.timeout(DEAD_AFTER):
                await self._greeted.wait()
        except TimeoutError:
            _log.warning("NATS is away: this server serves its own clients meanwhile")
            return
        # Whoever hears of it answers at once; who is slower than that is caught up with when it does.
        await asyncio.sleep(SHORTEST_GREETING)
        if self._links:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._known.wait(), LONGEST_GREETING)

    async def close(self) -> None:
        """Say goodbye."""
        self._post.say(written(Beat(self._name, {}, farewell=True)))
        await self._post.close()

    @property
    def away(self) -> bool:
        """Whether NATS cannot be reached."""
        return not self._post.connected

    @property
    def peers(self) -> int:
        """How many other servers are known."""
        return len(self._links)

    @property
    def held(self) -> int:
        """How many messages had to wait for those before them, so far."""
        return self._order.held

    # See `core.ports.bus.Bus`

    def publish(self, events: Sequence[Event]) -> None:
        """See `Bus.publish`."""
        if self._links:
            try:
                self._route(events)
            except Exception:  # noqa: BLE001 - whoever is here is told in any case
                _log.exception("events could not be passed on")
                self._begin_all()
            through = self._order.passed(events)
        else:
            through = list(events)
        if through:
            self._all.publish(through)
        self._own.publish(events)

    def listen(self, listener: Listener, hears: Hears = Hears.EVERYTHING) -> None:
        """See `Bus.listen`."""
        buses = {Hears.EVERYTHING: self._all, Hears.OWN: self._own, Hears.OTHERS: self._others}
        buses[hears].listen(listener)

    def late(self, events: Sequence[MessageSent | MessageEdited | MessageRecalled]) -> None:
        """Tell what was found in the store, of what may have been missed."""
        through = self._order.late(events)
        if through:
            self._all.publish(through)

    def recovered(self) -> None:
        """What may have been missed was looked for."""
        self._order.missed_since = None

    # See `core.ports.peers.Peers`

    def have(self, app_id: AppId, client_id: ClientId) -> bool:
        """See `Peers.have`."""
        return bool(self._where.of(app_id, client_id))

    def clients(self, app_id: AppId) -> Iterable[ClientId]:
        """See `Peers.clients`."""
        return self._where.clients(app_id)

    async def expect(self, app_id: AppId, client_id: ClientId) -> None:
        """See `Peers.expect`."""
        key = (app_id, client_id)
        self._expected[key] = self._loop.time() + EXPECTED_FOR
        if self.away or not self._links:
            return
        self._to_all(Came(app_id, client_id))
        answers = [self._answer(link) for link in self._links.values() if not link.slow]
        if answers:
            _, unanswered = await asyncio.wait(answers, timeout=LONGEST_WAIT)
            for answer in unanswered:
                answer.cancel()
            if unanswered:
                self._find_the_slow()

    def arrived(self, app_id: AppId, client_id: ClientId) -> None:
        """See `Peers.arrived`."""
        key = (app_id, client_id)
        if self._expected.pop(key, None) is None and key not in self._here:
            self._to_all(Came(app_id, client_id))
        self._here.add(key)

    def departed(self, app_id: AppId, client_id: ClientId) -> None:
        """See `Peers.departed`."""
        key = (app_id, client_id)
        self._here.discard(key)
        if key not in self._expected:
            self._to_all(Gone(app_id, client_id))

    # What goes out

    def _route(self, events: Sequence[Event]) -> None:
        for event in events:
            concerns = concerned(event)
            if concerns is None:
                continue
            found = self._where.split(concerns.app_id, concerns.audience)
            if not found and not concerns.everybody:
                continue
            entry = _packed(event)
            for link in self._links.values() if concerns.everybody else found:
                self._put(link, addressed(entry, tuple(found.get(link, ()))))
            self._tally.events_out += 1

    def _to_all(self, word: Came | Gone) -> None:
        if self._links:
            entry = packed(word)
            for link in self._links.values():
                self._put(link, entry)

    def _put(self, link: Link, entry: Entry) -> None:
        link.outgoing.append(entry)
        self._soon()

    def _soon(self) -> None:
        if not self._dispatching:
            self._dispatching = True
            self._loop.call_soon(self._dispatch)

    def _dispatch(self) -> None:
        """Send everybody what has gathered in this turn of the loop: one parcel for each."""
        self._dispatching = False
        for link in self._links.values():
            if not (link.outgoing or link.answer_due):
                continue
            waiting = self._answers.pop(link, [])
            for parcel in link.parcels(self._name, answer=bool(waiting)):
                self._post.send(link.name, written(parcel))
                self._tally.parcels_out += 1
            if waiting:
                number = link.sent[1]
                self._awaited.setdefault(link, []).extend((number, future) for future in waiting)

    def _answer(self, link: Link) -> asyncio.Future[None]:
        """Is done when the other has got what is being said now."""
        future: asyncio.Future[None] = self._loop.create_future()
        self._answers.setdefault(link, []).append(future)
        self._soon()
        return future

    def _find_the_slow(self) -> None:
        for link, waiting in self._awaited.items():
            if any(future.cancelled() for _, future in waiting):
                link.slow = True
                self._awaited[link] = [each for each in waiting if not each[1].done()]

    def _begin(self, link: Link) -> None:
        """Tell another everything from the start."""
        link.begin(self._clock.now())
        for future in (*self._answers.pop(link, ()), *(future for _, future in self._awaited.pop(link, ()))):
            if not future.done():
                future.set_result(None)
        self._put(link, packed(Fresh(self._began)))
        for app_id, client_id in self._here | self._expected.keys():
            self._put(link, packed(Came(app_id, client_id)))
        if self.company is not None:
            for room, standings in self.company.rooms():
                mine = {who: how for who, how in standings.items() if (room.app_id, who) in self._here}
                if mine:
                    self._put(link, packed(Present(room, mine)))
        self._put(link, packed(Complete()))

    def _begin_all(self) -> None:
        for link in self._links.values():
            self._begin(link)

    # What comes in

    def _parcel_came(self, data: bytes) -> None:
        parcel = read_parcel(data)
        if parcel.sender == self._name:
            return
        link = self._met(parcel.sender)
        begins = bool(parcel.entries) and parcel.entries[0].name == Fresh.__name__
        turn = link.got(parcel, begins=begins)
        self._settle_answers(link)
        if turn.missing:
            self._ask_again(link)
        if not turn.read:
            return
        self._tally.parcels_in += 1
        self._read(link, parcel.entries)
        if parcel.number and link.fresh is None:
            link.in_order_until = self._clock.now()
        if parcel.answer:
            link.answer_due = True
            self._soon()

    def _read(self, link: Link, entries: list[Entry]) -> None:
        events: list[Event] = []
        for entry in entries:
            word = unpacked(entry)
            if word is None:
                continue
            if isinstance(word, Came | Gone | Fresh | Present | Complete | Again):
                # What they bring about is told in its place among the events.
                self._hear(events)
                events = []
                self._take(link, word)
            else:
                events.append(word)
        self._hear(events)

    def _hear(self, events: list[Event]) -> None:
        """Tell this server's listeners what came from another."""
        if not events:
            return
        self._tally.events_in += len(events)
        self._others.publish(events)
        through = self._order.passed(events)
        if through:
            self._all.publish(through)

    def _take(self, link: Link, word: Came | Gone | Fresh | Present | Complete | Again) -> None:
        fresh = link.fresh
        match word:
            case Came():
                key = (word.app_id, word.client_id)
                if fresh is not None:
                    fresh.clients.add(key)
                else:
                    self._came(link, key)
            case Gone():
                self._gone(link, (word.app_id, word.client_id))
            case Fresh():
                link.fresh = Renewal(word.since)
            case Present() if fresh is not None:
                fresh.rooms.append(word)
            case Complete() if fresh is not None:
                link.fresh = None
                self._renewed(link, fresh)
            case Again():
                self._begin(link)
            case _:
                pass

    def _renewed(self, link: Link, fresh: Renewal) -> None:
        """A server has said everything anew: what is different is told, what may have been missed is looked for."""
        for key in link.clients - fresh.clients:
            self._gone(link, key)
        for key in fresh.clients - link.clients:
            self._came(link, key)
        if self.company is not None:
            rooms = [(each.room, each.standings) for each in fresh.rooms]
            self._all.publish(self.company.found(link.clients, rooms, self._clock.now()))
        since = link.in_order_until or self._remembered.pop(link.name, 0) or fresh.since
        self._tally.renewals += 1
        link.in_order_until = self._clock.now()
        if all(each.in_order_until for each in self._links.values()):
            self._known.set()
        self._lost(since)

    def _lost(self, since: int) -> None:
        since = max(since, self._began)
        missed = self._order.missed_since
        self._order.missed_since = since if missed is None else min(missed, since)
        self.lost(since)

    def _came(self, link: Link, key: Key) -> None:
        if key in link.clients:
            return
        link.clients.add(key)
        if self._where.add(key, link) and key not in self._here:
            self._all.publish([PresenceChanged(*key, online=True)])

    def _gone(self, link: Link, key: Key) -> None:
        if key not in link.clients:
            return
        link.clients.discard(key)
        if self._where.remove(key, link) and key not in self._here:
            vanished = [] if self.company is None else self.company.vanished(*key, self._clock.now())
            self._all.publish([PresenceChanged(*key, online=False), *vanished])

    def _settle_answers(self, link: Link) -> None:
        waiting = self._awaited.get(link)
        if waiting:
            for number, future in waiting:
                if number <= link.answered and not future.done():
                    future.set_result(None)
            self._awaited[link] = [each for each in waiting if not each[1].done()]

    # Signs of life

    async def _beating(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self._beat()
            self._bury()
            self._give_up_the_expected()

    def _beat(self, *, hello: bool = False) -> None:
        sent = {link.name: link.sent for link in self._links.values()}
        self._post.say(written(Beat(self._name, sent, hello=hello)))

    def _beat_came(self, data: bytes) -> None:
        beat = read_beat(data)
        if beat.sender == self._name:
            return
        if beat.farewell:
            if beat.sender in self._links:
                self._forget(self._links[beat.sender])
            return
        known = beat.sender in self._links
        link = self._met(beat.sender)
        if beat.hello:
            if known:
                self._begin(link)
            self._beat()
        elif self._name in beat.sent and link.told(beat.sent[self._name]):
            self._ask_again(link)

    def _met(self, name: str) -> Link:
        link = self._links.get(name)
        if link is None:
            link = self._links[name] = Link(name, self._loop.time())
            _log.info("another server is here", peer=name)
            self._begin(link)
        link.heard_at = self._loop.time()
        return link

    def _ask_again(self, link: Link) -> None:
        self._tally.gaps += 1
        self._post.send(link.name, written(link.aside(self._name, packed(Again()))))

    def _came_back(self) -> None:
        """NATS can be reached (again): whoever is there is asked to say everything, and told everything."""
        now = self._loop.time()
        for link in self._links.values():
            link.heard_at = now
        if self._links:
            self._lost(min(link.in_order_until or self._clock.now() for link in self._links.values()))
        self._begin_all()
        self._beat(hello=True)
        self._greeted.set()

    def _bury(self) -> None:
        """Forget the servers that fell silent. While NATS is away nobody can be heard, and nobody is buried."""
        if self.away:
            for link in self._links.values():
                link.heard_at = self._loop.time()
            return
        for link in [*self._links.values()]:
            if self._loop.time() - link.heard_at > DEAD_AFTER:
                _log.warning("another server has fallen silent", peer=link.name, clients=len(link.clients))
                self._forget(link)

    def _forget(self, link: Link) -> None:
        del self._links[link.name]
        now = self._clock.now()
        self._remembered = {name: until for name, until in self._remembered.items() if now - until < _REMEMBERED}
        if link.in_order_until:
            self._remembered[link.name] = link.in_order_until
        for future in (*self._answers.pop(link, ()), *(future for _, future in self._awaited.pop(link, ()))):
            if not future.done():
                future.set_result(None)
        for key in [*link.clients]:
            self._gone(link, key)

    def _give_up_the_expected(self) -> None:
        now = self._loop.time()
        for key in [key for key, until in self._expected.items() if until < now]:
            del self._expected[key]
            if key not in self._here:
                self._to_all(Gone(*key))


def _packed(event: Event) -> Entry:
    try:
        return packed(event)
    except OverflowError:
        # A whole number that JSON knows and MessagePack does not: its clients ask for what they are told has changed.
        if not isinstance(event, ConversationUpdated):
            raise
        return packed(ConversationUpdated(event.conversation, event.by, event.time, event.audience))
