"""The other servers: who of them lives, whom each has with it, and what they say.

Invariants:
- A client is let in only when the others know of it (`expect`): what is stored after that comes here. Whoever does not
  answer is in doubt until it does.
- Parcels are numbered. Where one is missing the other says everything from the start.
- When a doubt about another server ends, and when one is gone, `Hearing.lost` is told since when something may have
  been missed: what it stored and did not send here can be read by then.
- Who falls silent is forgotten with all its clients; while NATS is away nobody can be heard, and nobody is forgotten.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from typing import Any

import structlog

from parlance.buses.nats.company import Hearing
from parlance.buses.nats.doorway import Doorway
from parlance.buses.nats.elsewhere import Elsewhere
from parlance.buses.nats.inquiries import Inquiries
from parlance.buses.nats.links import Again as Renewal
from parlance.buses.nats.links import Link
from parlance.buses.nats.outgoing import Outgoing
from parlance.buses.nats.post import Post
from parlance.buses.nats.routing import concerned
from parlance.buses.nats.wire import (
    Again,
    Answered,
    Asked,
    Beat,
    Came,
    Complete,
    Entry,
    Fresh,
    Gone,
    Parcel,
    Present,
    addressed,
    packed,
    read_beat,
    read_parcel,
    unpacked,
    written,
)
from parlance.core.model.events import Event
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.ids import AppId, ClientId
from parlance.kernel.tallies import BusTally

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

BEAT = 1.0
"""Seconds between two signs of life."""
DEAD_AFTER = 5.0
"""Seconds of silence after which a server is taken for dead, and its clients for gone."""
SHORTEST_GREETING, LONGEST_GREETING = 0.1, 0.5
"""Seconds that a server which starts waits for the others to tell it who is where."""
_REMEMBERED = 3600 * SECOND
_TROUBLED_FOR = 60.0
_ANSWERS_WITHIN = 0.5
"""Seconds in which a server that was asked to say everything anew is not asked again."""

Start = Callable[[Coroutine[Any, Any, None]], None]
_Between = Came | Gone | Fresh | Present | Complete | Again | Asked | Answered
"""What only servers tell each other."""


class Neighbours:
    """Implements `core.ports.peers.Peers` for the server called `name`."""

    def __init__(self, url: str, name: str, clock: Clock, hearing: Hearing, tally: BusTally) -> None:
        self._name = name
        self._clock = clock
        self._hearing = hearing
        self._tally = tally
        self._began = clock.now()
        self._links: dict[str, Link] = {}
        self._remembered: dict[str, int] = {}
        """Up to when there was no doubt about those who fell silent."""
        self._parted_at = -_TROUBLED_FOR
        """When a server was gone."""
        self.doorway = Doorway()
        """Who is with this server."""
        self.elsewhere = Elsewhere(self.doorway, hearing, clock)
        """Who is with the others."""
        self._post = Post(url, name, self._parcel_came, self._beat_came, self._came_back)
        self._outgoing = Outgoing(name, self._links, self._send, tally)
        self.inquiries = Inquiries(self._links, self._outgoing)
        self._loop = asyncio.get_running_loop()
        self._began_at = self._loop.time()
        self._greeted = asyncio.Event()
        self._known = asyncio.Event()
        """Everybody has said who is with them."""

    async def open(self, start: Start) -> None:
        """Begin to speak with the others, and wait until they have said who is where; not long, if NATS is away."""
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
        """Say goodbye, and how much was said before."""
        self._outgoing.dispatch()
        self._beat(farewell=True)
        await self._post.close()

    @property
    def away(self) -> bool:
        """Whether NATS cannot be reached."""
        return not self._post.connected

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._links)

    @property
    def skew(self) -> int:
        """By how much (ms) the clock of another server differs most from this one's, as far as can be told."""
        return max((abs(link.skew) for link in self._links.values()), default=0)

    @property
    def troubled(self) -> bool:
        """Whether there is a doubt, or was one a moment ago: what was stored may be told late, or not at all."""
        now = self._loop.time()
        doubtful = any(link.in_doubt or now - link.heard_at > 1.5 * BEAT for link in self._links.values())
        return self.away or doubtful or now - self._parted_at < _TROUBLED_FOR

    @property
    def always_alone(self) -> bool:
        """Whether there was nobody else for as long as anybody remembers: one that is cut off may store things."""
        known_for = self._loop.time() - self._began_at
        return known_for > _TROUBLED_FOR and not (self._links or self._remembered)

    # See `core.ports.peers.Peers`

    def have(self, app_id: AppId, client_id: ClientId) -> bool:
        """See `Peers.have`."""
        return self.elsewhere.have(app_id, client_id)

    def clients(self, app_id: AppId) -> Iterable[ClientId]:
        """See `Peers.clients`."""
        return self.elsewhere.clients(app_id)

    async def expect(self, app_id: AppId, client_id: ClientId) -> None:
        """See `Peers.expect`."""
        self.doorway.expect((app_id, client_id), self._loop.time())
        if self._links and not self.away:
            self._outgoing.to_all(Came(app_id, client_id))
            await self.taken_note()

    async def taken_note(self) -> None:
        """See `Peers.taken_note`."""
        if self._links and not self.away and not await self._outgoing.taken_note():
            self._outgoing.vouch()

    def arrived(self, app_id: AppId, client_id: ClientId) -> None:
        """See `Peers.arrived`."""
        if self.doorway.arrived((app_id, client_id), self._clock.now()):
            self._outgoing.to_all(Came(app_id, client_id))
            self._outgoing.vouch()

    def departed(self, app_id: AppId, client_id: ClientId) -> None:
        """See `Peers.departed`."""
        if self.doorway.departed((app_id, client_id)):
            self._outgoing.to_all(Gone(app_id, client_id))

    # What goes out

    def pass_on(self, events: Sequence[Event]) -> None:
        """Tell the others what concerns them."""
        if not self._links:
            return
        try:
            for event in events:
                self._pass_on(event)
        except Exception:  # noqa: BLE001 - whoever is here is told in any case, the others ask the store
            _log.exception("events could not be passed on")
            self._begin_all()

    def _pass_on(self, event: Event) -> None:
        concerns = concerned(event)
        if concerns is None:
            return
        found = self.elsewhere.split(concerns.app_id, concerns.audience)
        if found or concerns.everybody:
            entry = packed(event)
            for link in self._links.values() if concerns.everybody else found:
                self._outgoing.put(link, addressed(entry, tuple(found.get(link, ()))))
            self._tally.events_out += 1

    def _send(self, link: Link, parcel: Parcel) -> None:
        self._post.send(link.name, written(parcel))

    def _begin(self, link: Link) -> None:
        """Tell another everything from the start."""
        link.begin(self._clock.now())
        self._outgoing.give_up(link)
        say = self._outgoing.put
        say(link, packed(Fresh(self._began)))
        for app_id, client_id in self.doorway.everybody():
            say(link, packed(Came(app_id, client_id)))
        if self.elsewhere.company is not None:
            for room, standings in self.elsewhere.company.rooms():
                mine = {who: how for who, how in standings.items() if (room.app_id, who) in self.doorway}
                if mine:
                    say(link, packed(Present(room, mine)))
        say(link, packed(Complete()))

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
        self._outgoing.heard(link)
        if turn.missing:
            self._ask_again(link)
        if not turn.read:
            return
        self._tally.parcels_in += 1
        self._read(link, parcel.entries)
        if parcel.answer:
            self._outgoing.answer(link)
        self._look_for_missed(link)

    def _read(self, link: Link, entries: list[Entry]) -> None:
        events: list[Event] = []
        for entry in entries:
            word = unpacked(entry)
            if word is None:
                continue
            if isinstance(word, _Between):
                # What they bring about is told in its place among the events.
                self._hear(link, events)
                events = []
                self._take(link, word)
            else:
                events.append(word)
        self._hear(link, events)

    def _hear(self, link: Link, events: list[Event]) -> None:
        if events:
            self._tally.events_in += len(events)
            self._hearing.others_said(events, sure=not link.in_doubt)

    def _take(self, link: Link, word: _Between) -> None:
        fresh = link.fresh
        match word:
            case Came():
                key = (word.app_id, word.client_id)
                if fresh is not None:
                    fresh.clients.add(key)
                else:
                    self.elsewhere.came(link, key)
            case Gone():
                self.elsewhere.gone(link, (word.app_id, word.client_id))
            case Fresh():
                link.fresh = Renewal()
                link.sure_until = link.sure_until or word.since
            case Present() if fresh is not None:
                fresh.rooms.append(word)
            case Complete() if fresh is not None:
                link.fresh = None
                self._renewed(link, fresh)
            case Again():
                self._begin(link)
            case Asked():
                self.inquiries.asked(link, word)
            case Answered():
                self.inquiries.answered(link, word)
            case _:
                pass

    def _renewed(self, link: Link, fresh: Renewal) -> None:
        """A server has said everything anew: what is different is told."""
        self.elsewhere.renewed(link, fresh)
        self._tally.renewals += 1
        if all(each.said_everything for each in self._links.values()):
            self._known.set()

    def _look_for_missed(self, link: Link) -> None:
        """A server was heard: if there was a doubt and is none any more, look for what it said meanwhile."""
        doubt_ended, since = link.cleared(self._clock.now())
        if doubt_ended:
            self._hearing.lost(max(since, self._began))

    # Signs of life

    async def _beating(self) -> None:
        while True:
            before = self._loop.time()
            await asyncio.sleep(BEAT)
            if self._loop.time() - before > max(2 * BEAT, DEAD_AFTER - BEAT):
                # Who was frozen itself does not hold the silence against others.
                self._hear_all()
            self._beat()
            self._forget_the_silent()
            for key in self.doorway.overdue(self._loop.time()):
                self._outgoing.to_all(Gone(*key))

    def _beat(self, *, hello: bool = False, farewell: bool = False) -> None:
        sent = {link.name: link.sent for link in self._links.values()}
        heard = {link.name: link.hears for link in self._links.values()}
        beat = Beat(self._name, sent, hello=hello, farewell=farewell, heard=heard, at=self._clock.now())
        self._post.say(written(beat))

    def _beat_came(self, data: bytes) -> None:
        beat = read_beat(data)
        if beat.sender == self._name:
            return
        known = self._links.get(beat.sender)
        sent, heard = beat.sent.get(self._name), beat.heard.get(self._name)
        if beat.farewell:
            if known is not None:
                self._part(known, sent)
            return
        link = self._met(beat.sender)
        link.tells_time(beat.at, self._clock.now())
        if heard is not None:
            link.is_heard(heard)
            self._outgoing.heard(link)
        if beat.hello:
            if known is not None:
                self._begin(link)
            self._beat()
        elif sent is not None and (link.told(sent) or known is None):
            self._ask_again(link)
        self._look_for_missed(link)

    def _part(self, link: Link, sent: tuple[int, int] | None) -> None:
        """A server has said goodbye, which may have overtaken what it said before: then that is waited for a moment."""
        if sent is None or sent <= link.hears:
            self._forget(link)
        else:
            link.heard_at = self._loop.time() - DEAD_AFTER + BEAT

    def _met(self, name: str) -> Link:
        link = self._links.get(name)
        if link is None:
            link = self._links[name] = Link(name, self._loop.time())
            link.sure_until = self._remembered.pop(name, 0)
            _log.info("another server is here", peer=name)
            self._begin(link)
        link.heard_at = self._loop.time()
        return link

    def _ask_again(self, link: Link) -> None:
        self._tally.gaps += 1
        now = self._loop.time()
        if now - link.asked_at < _ANSWERS_WITHIN:
            # Each parcel after a gap is out of turn, and each answer says everything.
            return
        link.asked_at = now
        self._send(link, link.aside(self._name, packed(Again())))

    def _came_back(self) -> None:
        """NATS can be reached (again): whoever is there is asked to say everything, and told everything."""
        self._hear_all()
        self._begin_all()
        self._beat(hello=True)
        self._greeted.set()

    def _hear_all(self) -> None:
        now = self._loop.time()
        for link in self._links.values():
            link.heard_at = now

    def _forget_the_silent(self) -> None:
        if self.away:
            self._hear_all()
        now = self._loop.time()
        for link in [each for each in self._links.values() if now - each.heard_at > DEAD_AFTER]:
            _log.warning("another server has fallen silent", peer=link.name, clients=len(link.clients))
            self._forget(link)

    def _forget(self, link: Link) -> None:
        del self._links[link.name]
        self._parted_at = self._loop.time()
        now = self._clock.now()
        self._remembered = {name: until for name, until in self._remembered.items() if now - until < _REMEMBERED}
        if link.sure_until:
            self._remembered[link.name] = link.sure_until
        self._outgoing.give_up(link)
        self.elsewhere.forget(link)
        # It may have died, or have been cut off, between a commit and the word of it.
        self._hearing.lost(max(link.sure_until or now, self._began))
