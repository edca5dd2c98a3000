"""How the servers of one installation tell each other what has happened."""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import Protocol

from parlance.core.model.events import Event

Listener = Callable[[Sequence[Event]], None]


class Hears(Enum):
    """What a listener is told of."""

    EVERYTHING = auto()
    """What any server publishes, as far as it concerns this one."""
    OWN = auto()
    """What this server publishes: for what must be done once, and not by each server."""
    OTHERS = auto()
    """What another server publishes, before anybody else here is told of it."""


class Bus(Protocol):
    """May lose what it carries: truth is in the store, and clients notice a gap in the sequence."""

    def publish(self, events: Sequence[Event]) -> None:
        """Tell every server whom it concerns, this one included, in this order. Never waits, never raises."""

    def listen(self, listener: Listener, hears: Hears = Hears.EVERYTHING) -> None:
        """Have `listener` called, on the loop's thread, with what is published.

        Listeners are called in the order in which they were added; they never raise and never wait. A
        conversation's messages come to them in the order of its sequence, whichever server stored them; what changes
        its members may come from two servers in another order than it was committed in.
        """
