"""What is said to other servers: gathered in a turn of the loop, and sent as one parcel to each."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

from parlance.buses.nats.links import Link
from parlance.buses.nats.wire import Entry, Parcel, Word, packed
from parlance.kernel.tallies import BusTally

LONGEST_WAIT = 0.5
"""Seconds that a login waits for another server to take note of it."""

Future = asyncio.Future[None]


class Outgoing:
    """Knows what waits to be sent on `links`, and who waits for it to have come; `send` sends a parcel."""

    def __init__(
        self, name: str, links: Mapping[str, Link], send: Callable[[Link, Parcel], None], tally: BusTally
    ) -> None:
        self._name = name
        self._links = links
        self._send = send
        self._tally = tally
        self._loop = asyncio.get_running_loop()
        self._dispatching = False
        self._asked: dict[Link, list[Future]] = {}
        """To be done when what is being said now has come."""
        self._awaited: dict[Link, list[tuple[int, Future]]] = {}
        """To be done when the parcel of that number has come."""

    def put(self, link: Link, entry: Entry) -> None:
        """Say something to one."""
        link.outgoing.append(entry)
        self._soon()

    def to_all(self, word: Word) -> None:
        """Say something to everybody."""
        if self._links:
            entry = packed(word)
            for link in self._links.values():
                self.put(link, entry)

    def answer(self, link: Link) -> None:
        """Say to one that what it said has come."""
        link.answer_due = True
        self._soon()

    def vouch(self) -> None:
        """Somebody may be let in here whom not everybody knows of: each is to say when it does."""
        for link in self._links.values():
            link.vouch()
        self._soon()

    async def taken_note(self) -> bool:
        """Wait until everybody has got what is being said now; whether they have.

        Who does not answer in time is not waited for again until it does.
        """
        futures: list[Future] = []
        everybody = True
        for link in self._links.values():
            if link.slow:
                everybody = False
            else:
                future: Future = self._loop.create_future()
                self._asked.setdefault(link, []).append(future)
                futures.append(future)
        if not futures:
            return everybody
        self._soon()
        _, unanswered = await asyncio.wait(futures, timeout=LONGEST_WAIT)
        if unanswered:
            self._find_the_slow(unanswered)
        return everybody and not unanswered

    def heard(self, link: Link) -> None:
        """One has said how far it has heard."""
        waiting = self._awaited.get(link)
        if waiting:
            _settle(future for number, future in waiting if number <= link.answered)
            self._awaited[link] = [each for each in waiting if not each[1].done()]

    def give_up(self, link: Link) -> None:
        """Nobody is to wait for one any longer: it is gone, or is told everything anew."""
        _settle(self._asked.pop(link, ()))
        _settle(future for _, future in self._awaited.pop(link, ()))

    def _soon(self) -> None:
        if not self._dispatching:
            self._dispatching = True
            self._loop.call_soon(self.dispatch)

    def dispatch(self) -> None:
        """Send what was gathered."""
        self._dispatching = False
        for link in self._links.values():
            asked = self._asked.pop(link, [])
            if not (link.outgoing or link.answer_due or link.vouching or asked):
                continue
            for parcel in link.parcels(self._name, answer=bool(asked)):
                self._send(link, parcel)
                self._tally.parcels_out += 1
            if asked:
                number = link.sent[1]
                self._awaited.setdefault(link, []).extend((number, future) for future in asked)

    def _find_the_slow(self, unanswered: set[Future]) -> None:
        for link, waiting in self._awaited.items():
            if any(future in unanswered for _, future in waiting):
                link.slow = True
                self._awaited[link] = [each for each in waiting if each[1] not in unanswered]


def _settle(futures: Iterable[Future]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)
