"""How much time a question may take."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from parlance.kernel.faults import Fault, bad_format


def too_long() -> Fault:
    """The refusal of a question that takes more than any honest one."""
    return bad_format("where", "the query takes too long")


class Budget:
    """Seconds of looking at rows, in one go or in several; who waits meanwhile pays nothing.

    `monotonic` is a clock's.
    """

    def __init__(self, monotonic: Callable[[], float], seconds: float) -> None:
        self._monotonic = monotonic
        self._left = seconds
        self._end: float | None = None

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Time counts within this."""
        began = self._monotonic()
        self._end = began + self._left
        try:
            yield
        finally:
            self._left -= self._monotonic() - began
            self._end = None

    @property
    def left(self) -> float:
        """Seconds; raises the fault that says so when there are none."""
        left = self._left if self._end is None else self._end - self._monotonic()
        if left <= 0:
            raise too_long()
        return left
