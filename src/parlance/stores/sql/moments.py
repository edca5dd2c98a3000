"""The times that commits are stamped with."""

from parlance.kernel.clock import Clock


class Moments:
    """They never fall. Used where commits are made, one after the other."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._latest = 0

    def next(self) -> int:
        """The moment of a commit about to be made."""
        self._latest = max(self._latest, self._clock.now())
        return self._latest

    def monotonic(self) -> float:
        """Seconds, for measuring spans."""
        return self._clock.monotonic()

    def raise_to(self, moment: int) -> None:
        """Never fall below `moment`, which was used."""
        self._latest = max(self._latest, moment)
