"""Where work is done that takes its time."""

from collections.abc import Callable
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Aside(Protocol):
    """Does work beside everything else, so that nobody waits for it but who asked for it."""

    async def __call__(self, work: Callable[[], Result]) -> Result:
        """What comes of the work, or what it raises. Raises RATE_LIMITED if too much of it waits already."""
