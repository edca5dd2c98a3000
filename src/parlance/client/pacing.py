"""How long to wait before the next attempt."""

from collections.abc import Awaitable, Callable

from parlance.kernel.ids import Ids

Sleep = Callable[[float], Awaitable[None]]
"""Waits for so many seconds."""
_WHOLE = 1 << 32
_DIGITS = 9
"""Of a wait that is meant: thirty years."""


def seconds(retry_after: str) -> float | None:
    """What a header `Retry-After` asks for; None where it says no such number."""
    plain = retry_after.isascii() and retry_after.isdecimal() and len(retry_after) <= _DIGITS
    return float(retry_after) if plain else None


class Backoff:
    """Twice as long after each failure, up to `longest` seconds; of each wait, half is left to chance.

    So that a fleet which lost its server together does not come back together.
    """

    def __init__(self, ids: Ids, first: float = 0.25, longest: float = 30.0) -> None:
        self._ids = ids
        self._first = first
        self._longest = longest
        self._failures = 0

    def worked(self) -> None:
        """It worked: begin anew with the next failure."""
        self._failures = 0

    def next(self, asked: float = 0.0) -> float:
        """Seconds to wait now; never less than the server `asked` for."""
        wait = min(self._longest, self._first * 2.0 ** min(self._failures, 20))
        self._failures += 1
        return max(asked, wait / 2) + self._chance() * wait / 2

    def _chance(self) -> float:
        return int(self._ids.random_hex()[:8], 16) / _WHOLE
