"""A clock that tests can put forward."""

from parlance.kernel.clock import SECOND, SystemClock


class MovableClock(SystemClock):
    """The machine's clock, and as far ahead of it as a test wants. It never goes back."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead = 0.0

    def now(self) -> int:
        """See `Clock.now`."""
        return super().now() + int(self._ahead * SECOND)

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return super().monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let so much time have passed."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self._ahead += seconds
