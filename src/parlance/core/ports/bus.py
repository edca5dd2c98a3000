"""How the servers of one installation tell each other what has happened."""

from collections.abc import Callable, Sequence
from typing import Protocol

from parlance.core.model.events import Event

Listener = Callable[[Sequence[Event]], None]


class Bus(Protocol):
    """May lose what it carries: truth is in the store, and clients notice a gap in the sequence."""

    def publish(self, events: Sequence[Event]) -> None:
        """Tell every server, this one included, in this order. Never waits, never raises."""

    def listen(self, listener: Listener) -> None:
        """Have `listener` called, on the loop's thread, with what any server publishes.

        Listeners are called in the order in which they were added; they never raise and never wait.
        """
