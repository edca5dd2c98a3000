"""Takes a server's figures every two seconds, and remembers those of the last minutes."""

import os
import resource
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from parlance import __version__
from parlance.app.metrics import Tallies
from parlance.core.model.figures import EVERY, KEPT, Sample, ServerFigures
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.tallies import SECONDS

_PAGE = resource.getpagesize()
_BEYOND = 2 * SECONDS[-1]
"""What is said of spans that were longer than any bound."""
_SIZE_EVERY = 15
"""Samples between two looks at the size of the database."""
_FAILED = 500


class Figures:
    """`size` asks for the bytes of the database, `waiting` for what waits to be stored."""

    def __init__(
        self,
        server: str,
        database: str,
        tallies: Tallies,
        clock: Clock,
        waiting: Callable[[], int],
        size: Callable[[], Awaitable[int]],
    ) -> None:
        self.server = server
        self._database = database
        self._tallies = tallies
        self._clock = clock
        self._waiting = waiting
        self._ask_size = size
        self._size = 0
        self._taken = 0
        self._began = clock.now()
        self._samples: deque[Sample] = deque(maxlen=KEPT)
        self._before = self._counts()
        self._measured = clock.monotonic()

    async def take(self) -> None:
        """Take a sample. To be called every `EVERY` seconds."""
        if not self._taken % _SIZE_EVERY:
            self._size = await self._ask_size()
        self._taken += 1
        before, then = self._before, self._measured
        self._before, self._measured = self._counts(), self._clock.monotonic()
        self._samples.append(self._sample(before, max(self._measured - then, EVERY / 100)))

    def shown(self) -> ServerFigures:
        """All of it."""
        return ServerFigures(self.server, __version__, self._began, list(self._samples), self._database, self._size)

    def _sample(self, before: "_Counts", span: float) -> Sample:
        tallies, after = self._tallies, self._before
        messages, deliveries, frames_in, requests, failures = (
            round((b - a) / span, 1) for a, b in zip(before.counts, after.counts, strict=True)
        )
        commits = _differences(before.commits, after.commits)
        answers = _differences(before.requests, after.requests)
        return Sample(
            at=self._clock.now(),
            connections=tallies.sockets.connections,
            clients=tallies.sockets.clients,
            messages=messages,
            deliveries=deliveries,
            frames_in=frames_in,
            requests=requests,
            failures=failures,
            commit_half=_under(commits, 0.5),
            commit_most=_under(commits, 0.99),
            request_half=_under(answers, 0.5),
            request_most=_under(answers, 0.99),
            store_waiting=self._waiting(),
            hooks_waiting=tallies.hooks.waiting,
            hooks_dead=tallies.hooks.dead,
            memory=_memory(),
        )

    def _counts(self) -> "_Counts":
        tallies = self._tallies
        requests, failures = 0, 0
        for (*_, status), count in tallies.requests.answers.items():
            requests += count
            failures += count if status >= _FAILED else 0
        return _Counts(
            (tallies.store.messages, tallies.fanout.deliveries, tallies.sockets.frames_in, requests, failures),
            tuple(tallies.store.commits.counts),
            tuple(map(sum, zip(*(spans.counts for spans in tallies.requests.spans.values()), strict=True)))
            or (0,) * (len(SECONDS) + 1),
        )


class _Counts:
    """What only grows, as it stood at one moment."""

    __slots__ = ("commits", "counts", "requests")

    def __init__(self, counts: tuple[int, ...], commits: Sequence[int], requests: Sequence[int]) -> None:
        self.counts = counts
        self.commits = commits
        self.requests = requests


def _differences(before: Sequence[int], after: Sequence[int]) -> list[int]:
    return [b - a for a, b in zip(before, after, strict=True)]


def _under(counts: Sequence[int], share: float) -> float:
    """The bound (ms) under which that share of the spans lies; 0: there were none."""
    total = sum(counts)
    if not total:
        return 0.0
    reached = 0
    for count, bound in zip(counts, (*SECONDS, _BEYOND), strict=True):
        reached += count
        if reached >= share * total:
            return bound * SECOND
    return _BEYOND * SECOND


def _memory() -> int:
    """Bytes that this process has of the machine's memory; where that is not known, the most it ever had."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - every two seconds, and no real file
            return int(file.read().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


def server_name(host: str) -> str:
    """What a server is called among others: its machine, and its process there."""
    return f"{host}/{os.getpid()}"
