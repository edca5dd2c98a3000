"""What time it is, and a clock that tests can move.

Nothing else in the package reads the time of day: every part that needs it is handed a `Clock`.
"""

import time
from typing import Protocol

SECOND = 1_000
"""A second, in the milliseconds that all our times are counted in."""
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock(Protocol):
    """Two clocks in one: the calendar's, and one that only runs forward."""

    def now(self) -> int:
        """Milliseconds since the epoch, UTC; never less than an earlier answer."""

    def monotonic(self) -> float:
        """Seconds since some moment of this process's life, for measuring spans."""


class SystemClock:
    """The machine's clock, held back when the machine's time is set back.

    Sequence and time must agree for readers of a conversation, so this clock waits for the machine to
    catch up rather than repeat a moment that has passed.
    """

    def __init__(self) -> None:
        self._latest = 0

    def now(self) -> int:
        """See `Clock.now`."""
        read = time.time_ns() // 1_000_000
        self._latest = max(self._latest, read)
        return self._latest

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return time.monotonic()


class StoppedClock:
    """A clock that stands still until it is told to move on."""

    def __init__(self, now: int = 1_800_000_000_000) -> None:
        self._now = now

    def now(self) -> int:
        """See `Clock.now`."""
        return self._now

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return self._now / SECOND

    def advance(self, milliseconds: int) -> None:
        """Move on by so many milliseconds."""
        self._now += milliseconds
