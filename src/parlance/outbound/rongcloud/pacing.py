"""How often RongCloud may be asked for what: a bucket of permits for each call."""

from types import MappingProxyType

PER_SECOND = 100
"""What RongCloud takes of calls about which nothing else is said."""
STEADY, SAVED = 0.75, 0.2
"""The parts of a limit that come steadily, and that may be saved up: within any second they are less than the whole."""

_LIMITS = MappingProxyType(
    {
        "/user/getToken": 200,
        # Counted for each recipient: 6000 a minute, so a thousand may be told at once.
        "/message/private/publish": 100,
        # Counted for each group.
        "/message/group/publish": 20,
    }
)
_MOST_SAVED = MappingProxyType({"/message/private/publish": 1000})


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

    def drain(self, now: float) -> None:
        """There are none: RongCloud counts otherwise than we do."""
        self._level = min(self._level, 0.0)
        self._at = now


class Pacing:
    """The buckets of one app."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}

    def bucket(self, path: str, now: float) -> Bucket:
        """The bucket of a call."""
        found = self._buckets.get(path)
        if found is None:
            limit = _LIMITS.get(path, PER_SECOND)
            found = self._buckets[path] = Bucket(limit * STEADY, _MOST_SAVED.get(path, limit * SAVED), now)
        return found
