"""Questions to the other servers, and their answers. They go in parcels like everything else, and in their order."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from itertools import count

from parlance.buses.nats.links import Link
from parlance.buses.nats.outgoing import Outgoing
from parlance.buses.nats.wire import Answered, Asked, packed
from parlance.core.model.inquiry import Answer, Question

ANSWERED_WITHIN = 1.0
"""Seconds that somebody who wants to know waits for another server."""


class Inquiries:
    """What was asked and is not answered yet, by number."""

    def __init__(self, links: Mapping[str, Link], outgoing: Outgoing) -> None:
        self._links = links
        self._outgoing = outgoing
        self._loop = asyncio.get_running_loop()
        self._numbers = count(1)
        self._awaited: dict[tuple[int, str], asyncio.Future[Answer]] = {}
        self.answering: Callable[[Question], Answer] | None = None

    async def ask(self, question: Question) -> tuple[Sequence[Answer], int]:
        """What the others say, and how many of them said nothing in time."""
        if not self._links:
            return (), 0
        number = next(self._numbers)
        awaited = {(number, name): self._loop.create_future() for name in self._links}
        self._awaited.update(awaited)
        try:
            self._outgoing.to_all(Asked(number, question))
            done, silent = await asyncio.wait(awaited.values(), timeout=ANSWERED_WITHIN)
        finally:
            for key in awaited:
                del self._awaited[key]
        return [future.result() for future in awaited.values() if future in done], len(silent)

    def asked(self, link: Link, word: Asked) -> None:
        """Another wants to know something."""
        if self.answering is not None:
            self._outgoing.put(link, packed(Answered(word.number, self.answering(word.question))))

    def answered(self, link: Link, word: Answered) -> None:
        """Another has answered; too late, perhaps."""
        future = self._awaited.get((word.number, link.name))
        if future is not None and not future.done():
            future.set_result(word.answer)
