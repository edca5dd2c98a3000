"""How often RongCloud may be asked for what: a bucket of permits for each call."""

from types import MappingProxyType

PER_SECOND = 100.0
"""What holds for calls about which nothing else is said."""

_RATES = MappingProxyType(
    {
        "/user/getToken": (200.0, 200.0),
        # Counted for each recipient: 6000 a minute.
        "/message/private/publish": (100.0, 1000.0),
        # Counted for each group.
        "/message/group/publish": (20.0, 20.0),
    }
)
"""Permits a second, and how many may be saved up."""


class Bucket:
    """Permits that come at a steady rate and are saved up to a limit."""

    def __init__(self, rate: float, capacity: float, now: float) -> None:
        self._rate = rate
        self._capacity = capacity
        self._level = capacity
        self._at = now

    def wait(self, cost: float, now: float) -> float:
        """Seconds until `cost` permits are there; 0 if they are."""
        self._level = min(self._capacity, self._level + (now - self._at) * self._rate)
        self._at = now
        return max(0.0, (min(cost, self._capacity) - self._level) / self._rate)

    def take(self, cost: float) -> None:
        """Take them; who has waited for a place in the queue takes before the permits are there."""
        self._level -= cost

    def drain(self) -> None:
        """There are none: RongCloud counts otherwise than we do."""
        self._level = min(self._level, 0.0)


class Pacing:
    """The buckets of one app."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}

    def bucket(self, path: str, now: float) -> Bucket:
        """The bucket of a call."""
        found = self._buckets.get(path)
        if found is None:
            rate, capacity = _RATES.get(path, (PER_SECOND, PER_SECOND))
            found = self._buckets[path] = Bucket(rate, capacity, now)
        return found
