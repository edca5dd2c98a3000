"""In what order what is found stands.

What is not there stands before everything else, then one kind of values after the other (numbers, texts, objects,
arrays, yes and no, dates); the other way round where it is descending. An array stands by its least value, descending
by its greatest. What is alike in all columns stands by its age, descending if the last column is.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from parlance.core.model.where.columns import Column, Row, read_column
from parlance.core.model.where.conditions import Near
from parlance.core.model.where.values import NOTHING, Measure, place
from parlance.kernel.faults import bad_format

MOST_COLUMNS = 10

Thing = TypeVar("Thing")


class Ordering(msgspec.Struct, frozen=True):
    """One column, in the order of what is in it."""

    column: Column
    descending: bool = False


LIVELIEST_FIRST = (Ordering(Column(("lm",)), descending=True),)
"""The order unless another is asked for: by the newest message."""


def read_sort(sort: str | None) -> tuple[Ordering, ...]:
    """The columns of a list with commas, `-` before those that are descending; BAD_FORMAT, naming `sort`."""
    if not sort:
        return ()
    names = sort.split(",")
    if len(names) > MOST_COLUMNS:
        raise bad_format("sort", f"at most {MOST_COLUMNS} columns")
    return tuple(_read(name.strip()) for name in names)


def _read(name: str) -> Ordering:
    return Ordering(read_column(name.removeprefix("-"), "sort"), name.startswith("-"))


def put_in_order(things: list[Thing], row_of: Callable[[Thing], Row], orderings: tuple[Ordering, ...]) -> None:
    """Sort; `things` come in the order of their age."""
    if orderings[-1].descending:
        things.reverse()
    # From the last column to the first: sorting keeps what is alike as it was.
    for ordering in reversed(orderings):
        things.sort(key=_placing(row_of, ordering), reverse=ordering.descending)


def put_nearest_first(things: list[Thing], row_of: Callable[[Thing], Row], near: Near) -> None:
    """Sort by distance; `things` come in the order of their age."""
    things.sort(key=lambda thing: near.away(row_of(thing)) or 0.0)


def _placing(row_of: Callable[[Thing], Row], ordering: Ordering) -> Callable[[Thing], Measure]:
    choose = max if ordering.descending else min

    def placed(thing: Thing) -> Measure:
        values = ordering.column.values(row_of(thing))
        return choose((place(value) for value in values if not isinstance(value, list | tuple)), default=NOTHING)

    return placed
