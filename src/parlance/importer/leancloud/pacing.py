"""How fast LeanCloud may be asked: as fast as somebody says, or as fast as it turns out to bear."""

import asyncio
from typing import Protocol

from parlance.kernel.clock import Clock

LONGEST_WAIT = 60.0
"""Seconds to wait when LeanCloud does not say how long: its limits count by the minute."""
_FIRST_WAIT = 1.0
_FIRST_INTERVAL = 0.02
_WIDEST_INTERVAL = 5.0
_EASES_AFTER = 200
"""Answers in a row after which it is tried a little faster again."""


class Heard(Protocol):
    """Who wants to know that everything waits."""

    def __call__(self, seconds: float, reason: str) -> None:
        """So long, for that reason."""


class Pace:
    """Gives each request its turn; all requests share one."""

    def __init__(self, clock: Clock, per_second: float | None, heard: Heard) -> None:
        self._clock = clock
        self._heard = heard
        self._told = 1 / per_second if per_second else 0.0
        self._interval = self._told
        self._next = 0.0
        self._paused_until = 0.0
        self._refusals = 0
        self._answers = 0

    async def turn(self) -> None:
        """Wait until the next request may go."""
        mine = max(self._clock.monotonic(), self._next)
        self._next = mine + self._interval
        wait = max(mine, self._paused_until) - self._clock.monotonic()
        while wait > 0:
            await asyncio.sleep(wait)
            # Meanwhile somebody else may have been told to wait.
            wait = self._paused_until - self._clock.monotonic()

    def answered(self) -> None:
        """LeanCloud was content: after many times, go a little faster."""
        self._refusals = 0
        self._answers += 1
        if self._answers >= _EASES_AFTER:
            self._answers = 0
            eased = self._interval * 0.9
            self._interval = max(self._told, eased if eased > _FIRST_INTERVAL / 2 else 0.0)

    def too_fast(self, wait: float | None) -> float:
        """LeanCloud was asked too often, and may have said how long to wait; answer how long everything waits.

        Requests that were under way together are refused together: that is one lesson, not many.
        """
        now = self._clock.monotonic()
        self._answers = 0
        if wait is None:
            wait = min(_FIRST_WAIT * 2**self._refusals, LONGEST_WAIT)
        if now >= self._paused_until:
            self._refusals += 1
            self._interval = min(max(2 * self._interval, _FIRST_INTERVAL), _WIDEST_INTERVAL)
            self._heard(wait, "LeanCloud asks us to wait")
        self._paused_until = max(self._paused_until, now + wait)
        return wait
