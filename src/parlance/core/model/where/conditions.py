"""What can be asked of a row, and whether it holds."""

from collections.abc import Callable, Hashable
from typing import Any

import msgspec

from parlance.core.model.where.budget import Budget
from parlance.core.model.where.columns import Column, Row
from parlance.core.model.where.patterns import Pattern
from parlance.core.model.where.sphere import Point, point_of
from parlance.core.model.where.values import Measure, measure, worth


class Every(msgspec.Struct, frozen=True):
    """All of several; holds if there are none."""

    parts: tuple["Condition", ...]

    def holds(self, row: Row, budget: Budget) -> bool:
        """Whether it holds for a row."""
        return all(part.holds(row, budget) for part in self.parts)


class Either(msgspec.Struct, frozen=True):
    """One of several at least."""

    parts: tuple["Condition", ...]

    def holds(self, row: Row, budget: Budget) -> bool:
        """Whether it holds for a row."""
        return any(part.holds(row, budget) for part in self.parts)


class Not(msgspec.Struct, frozen=True):
    """The contrary."""

    part: "Condition"

    def holds(self, row: Row, budget: Budget) -> bool:
        """Whether it holds for a row."""
        return not self.part.holds(row, budget)


class Among(msgspec.Struct, frozen=True):
    """The column is worth one of these, or is an array that has one; None is also what is not there."""

    column: Column
    worths: frozenset[Hashable]

    def holds(self, row: Row, budget: Budget) -> bool:
        """Whether it holds for a row."""
        there = False
        for value in self.column.values(row):
            there = True
            if worth(value) in self.worths:
                return True
        return not there and None in self.worths


class HasAll(msgspec.Struct, frozen=True):
    """The column is an array that has all of these; nothing has all of nothing."""

    column: Column
    worths: frozenset[Hashable]

    def holds(self, row: Row, budget: Budget) -> bool:
        """Whether it holds for a row."""
        if not self.worths:
            return False
        there = list(self.column.values(row))
        return len(there) >= len(self.worths) and self.worths.issubset(map(worth, there))


class Sized(msgspec.Struct, frozen=True):
    """The column is an array of so many."""

    column: Column
    size: int

    def holds(self, row: Row, budget: Budget) -> bool:
        """Whether it holds for a row."""
        return any(isinstance(value, list | tuple) and len(value) == self.size for value in self.column.whole(row))


class Exists(msgspec.Struct, frozen=True):
    """The column is there."""

    column: Column

    def holds(self, row: Row, budget: Budget) -> bool:
        """Whether it holds for a row."""
        return bool(self.column.whole(row))


class Compared(msgspec.Struct, frozen=True):
    """The column stands before or after a value of its kind; `holding` compares the two."""

    column: Column
    holding: Callable[[Any, Any], bool]
    bound: Measure

    def holds(self, row: Row, budget: Budget) -> bool:
        """Whether it holds for a row."""
        kind, bound = self.bound
        for value in self.column.values(row):
            measured = measure(value)
            if measured is not None and measured[0] == kind and self.holding(measured[1], bound):
                return True
        return False


class Matches(msgspec.Struct, frozen=True):
    """The column is a text that has the pattern, or an array that has such a text."""

    column: Column
    pattern: Pattern

    def holds(self, row: Row, budget: Budget) -> bool:
        """Whether it holds for a row."""
        return any(isinstance(value, str) and self.pattern.found_in(value, budget) for value in self.column.values(row))


class Near(msgspec.Struct, frozen=True):
    """The column is a place on the globe, so near to another (in radians) and no nearer."""

    column: Column
    point: Point
    nearest: float
    furthest: float

    def holds(self, row: Row, budget: Budget) -> bool:
        """Whether it holds for a row."""
        away = self.away(row)
        return away is not None and self.nearest <= away <= self.furthest

    def away(self, row: Row) -> float | None:
        """How far it is, in radians; None if the column is no place."""
        places = [there.distance(self.point) for value in self.column.values(row) if (there := point_of(value))]
        return min(places, default=None)


Condition = Every | Either | Not | Among | HasAll | Sized | Exists | Compared | Matches | Near
