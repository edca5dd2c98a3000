"""How far each conversation was told here, and what waits for the rest: the books of `order.py`."""

import sys
from bisect import bisect_left
from collections.abc import Callable
from itertools import accumulate
from operator import neg

import msgspec

from parlance.core.model.events import Event, MessageSent

NEVER = sys.maxsize
"""More than will ever have come."""


class Height(msgspec.Struct, gc=False):
    """Everything above `base` and up to `top` was told here; what is at `base` or below never was.

    `turn`: how many had come here when it was known that everything up to `base` was stored.
    """

    base: int
    top: int
    turn: int


class Hold(msgspec.Struct):
    """Messages of one conversation that came too early, by number, and what came after them and speaks of them."""

    early: dict[int, MessageSent] = msgspec.field(default_factory=dict)
    behind: list[tuple[int, Event]] = msgspec.field(default_factory=list)
    turns: dict[int, int] = msgspec.field(default_factory=dict)
    """How many had come here when each of those that came too early was heard of."""

    def found_by(self) -> Callable[[int], int]:
        """To ask how many had come here when it was known that everything up to a number was stored."""
        heard = sorted(self.turns, reverse=True)
        earliest = [*accumulate((self.turns[seq] for seq in heard), min)]

        def turn(seq: int) -> int:
            above = bisect_left(heard, -seq, key=neg)
            return earliest[above - 1] if above else NEVER

        return turn
