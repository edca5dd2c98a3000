"""Where in a row a value stands: `name`, `attr.type`, `list.0`, `list.type`."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from parlance.core.model.where.values import moment
from parlance.kernel.faults import bad_format

MOST_STEPS = 20
FLAGS = frozenset({"tr", "sys", "temp", "unique"})
"""Columns that are there only if they are true: where they are not, they are false."""
_TIMES = frozenset({"createdAt", "updatedAt", "lm"})

Row = Mapping[str, Any]


class Column(msgspec.Struct, frozen=True):
    """A column, or a place within one."""

    steps: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the whole column."""
        return self.steps[0]

    @property
    def is_time(self) -> bool:
        """Whether it holds dates, however they are written."""
        return len(self.steps) == 1 and self.steps[0] in _TIMES

    @property
    def is_flag(self) -> bool:
        """Whether it is false where it is not there."""
        return len(self.steps) == 1 and self.steps[0] in FLAGS

    def whole(self, row: Row) -> list[Any]:
        """What stands there: nothing, a value, or, on the way through an array of objects, one of each."""
        if len(self.steps) == 1:
            return [row[self.steps[0]]] if self.steps[0] in row else []
        return list(_reached(row, self.steps, 0))

    def values(self, row: Row) -> Iterator[Any]:
        """What stands there, and if that is an array, what is in it; dates as moments."""
        for value in self.whole(row):
            if self.is_time:
                yield moment(value) or value
                continue
            yield value
            if isinstance(value, list | tuple):
                yield from value


def read_column(path: str, field: str) -> Column:
    """The column that a `where` or `sort` (`field`) names; BAD_FORMAT for what is none."""
    steps = tuple(path.split("."))
    if not all(steps) or path.startswith("$"):
        raise bad_format(field, "that is not the name of a column")
    if len(steps) > MOST_STEPS:
        raise bad_format(field, f"a path has at most {MOST_STEPS} steps")
    return Column(steps)


def _reached(value: Any, steps: tuple[str, ...], at: int) -> Iterator[Any]:
    if at == len(steps):
        yield value
    elif isinstance(value, Mapping):
        if steps[at] in value:
            yield from _reached(value[steps[at]], steps, at + 1)
    elif isinstance(value, list | tuple):
        step = steps[at]
        if step.isascii() and step.isdigit() and len(step) < 10 and int(step) < len(value):
            yield from _reached(value[int(step)], steps, at + 1)
        for item in value:
            if isinstance(item, Mapping):
                yield from _reached(item, steps, at)
