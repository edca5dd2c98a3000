"""From decoded JSON to what is asked."""

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from parlance.core.model.where.columns import Column, read_column
from parlance.core.model.where.conditions import (
    Among,
    Compared,
    Condition,
    Either,
    Every,
    Exists,
    HasAll,
    Matches,
    Near,
    Not,
    Sized,
)
from parlance.core.model.where.patterns import Pattern
from parlance.core.model.where.sphere import KILOMETERS, MILES, point_of
from parlance.core.model.where.values import measure, moment, worth
from parlance.kernel.faults import Fault, bad_format

MOST_CONDITIONS = 100
MOST_PATTERNS = 10
MOST_VALUES = 2_000
DEEPEST = 32

_ALL_THE_WAY_ROUND = 4.0
"""More radians than any two places are apart."""
_COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "$lt": operator.lt,
    "$lte": operator.le,
    "$gt": operator.gt,
    "$gte": operator.ge,
}
_DISTANCES: Final = {
    "$maxDistance": ("furthest", 1.0),
    "$maxDistanceInRadians": ("furthest", 1.0),
    "$maxDistanceInKilometers": ("furthest", KILOMETERS),
    "$maxDistanceInMiles": ("furthest", MILES),
    "$minDistance": ("nearest", 1.0),
    "$minDistanceInRadians": ("nearest", 1.0),
    "$minDistanceInKilometers": ("nearest", KILOMETERS),
    "$minDistanceInMiles": ("nearest", MILES),
}
_BESIDE: Final = {"$options": "$regex", **dict.fromkeys(_DISTANCES, "$nearSphere")}
"""What stands only beside something else."""

Operators = Mapping[str, Any]


class Where(msgspec.Struct, frozen=True):
    """What is asked: all `parts` must hold."""

    parts: tuple[Condition, ...]
    near: Near | None = None
    """Nearer ones come first, unless another order is asked for."""
    columns: frozenset[str] = frozenset()
    """The names of all columns that are looked at."""
    patterns: tuple[Pattern, ...] = ()

    @property
    def swift(self) -> bool:
        """Whether looking at a row takes next to no time, whatever is in it."""
        return all(pattern.swift for pattern in self.patterns)

    @property
    def condition(self) -> Every:
        """All parts as one condition."""
        return Every(self.parts)

    def prepare(self) -> None:
        """Make what takes time to be made; raises BAD_FORMAT."""
        for pattern in self.patterns:
            pattern.prepare()


def read_where(where: Mapping[str, Any]) -> Where:
    """What decoded JSON asks; BAD_FORMAT, naming `where`, for what it cannot mean."""
    reader = _Reader()
    parts = reader.all_of(where, depth=0)
    return Where(parts, reader.near, frozenset(reader.columns), tuple(reader.patterns))


def _bad(reason: str) -> Fault:
    return bad_format("where", reason)


class _Reader:
    """Reads one `where`, and remembers what it came by."""

    def __init__(self) -> None:
        self.near: Near | None = None
        self.columns: set[str] = set()
        self.patterns: list[Pattern] = []
        self._conditions = 0

    def all_of(self, where: Any, depth: int) -> tuple[Condition, ...]:
        if not isinstance(where, Mapping):
            raise _bad("conditions are an object")
        if depth > DEEPEST:
            raise _bad(f"conditions stand at most {DEEPEST} levels deep")
        parts: list[Condition] = []
        for name, asked in where.items():
            if name == "$and":
                parts += self._list(name, asked, depth)
            elif name == "$or":
                parts.append(Either(tuple(self._list(name, asked, depth + 1))))
            elif name == "$nor":
                parts.append(Not(Either(tuple(self._list(name, asked, depth + 1)))))
            else:
                parts += self._column(read_column(name, "where"), asked, depth)
        return tuple(parts)

    def _list(self, name: str, asked: Any, depth: int) -> list[Condition]:
        if not isinstance(asked, list | tuple) or not asked:
            raise _bad(f"{name} takes a list")
        return [Every(self.all_of(each, depth + 1)) for each in asked]

    def _column(self, column: Column, asked: Any, depth: int) -> list[Condition]:
        self.columns.add(column.name)
        if not _is_operators(asked):
            self._count()
            return [self._among(column, [asked])]
        return [
            self._operator(column, name, operand, asked, depth)
            for name, operand in asked.items()
            if name not in _BESIDE or _BESIDE[name] not in asked
        ]

    def _count(self) -> None:
        self._conditions += 1
        if self._conditions > MOST_CONDITIONS:
            raise _bad(f"at most {MOST_CONDITIONS} conditions")

    def _operator(self, column: Column, name: str, operand: Any, beside: Operators, depth: int) -> Condition:
        self._count()
        if name in _COMPARISONS:
            return self._compared(column, name, operand)
        special = _SPECIAL.get(name)
        if special is not None:
            return special(self, column, operand, beside, depth)
        values = [operand] if name in ("$eq", "$ne") else _values(name, operand)
        if name == "$all":
            return HasAll(column, frozenset(worth(value) for value in values))
        among = self._among(column, values)
        return among if name in ("$eq", "$in") else Not(among)

    def _among(self, column: Column, values: list[Any]) -> Among:
        if column.is_time:
            values = [moment(value) or value for value in values]
        worths = frozenset(worth(value) for value in values)
        if column.is_flag and worth(value=False) in worths:
            worths |= {None}
        return Among(column, worths)

    def _compared(self, column: Column, name: str, operand: Any) -> Compared:
        bound = measure((moment(operand) or operand) if column.is_time else operand)
        if bound is None or (column.is_time and moment(operand) is None):
            raise _bad(f"{name} takes a {'date' if column.is_time else 'number, a text or a date'}")
        return Compared(column, _COMPARISONS[name], bound)

    def negated(self, column: Column, operand: Any, _beside: Operators, depth: int) -> Not:
        if not _is_operators(operand):
            raise _bad("$not takes an object of operators")
        if depth > DEEPEST:
            raise _bad(f"conditions stand at most {DEEPEST} levels deep")
        return Not(Every(tuple(self._column(column, operand, depth + 1))))

    def matches(self, column: Column, operand: Any, beside: Operators, _depth: int) -> Matches:
        options = beside.get("$options", "")
        if not isinstance(operand, str) or not isinstance(options, str):
            raise _bad("$regex and $options take a text")
        if len(self.patterns) >= MOST_PATTERNS:
            raise _bad(f"at most {MOST_PATTERNS} regular expressions")
        pattern = Pattern(operand, options)
        self.patterns.append(pattern)
        return Matches(column, pattern)

    def close_to(self, column: Column, operand: Any, beside: Operators, depth: int) -> Near:
        point = point_of(operand)
        if point is None:
            raise _bad("$nearSphere takes a GeoPoint")
        if depth or self.near is not None:
            raise _bad("$nearSphere stands alone, and for the whole")
        distances = {"nearest": 0.0, "furthest": _ALL_THE_WAY_ROUND}
        for name in _DISTANCES.keys() & beside.keys():
            which, radius = _DISTANCES[name]
            distances[which] = _number(name, beside[name]) / radius
        self.near = Near(column, point, distances["nearest"], distances["furthest"])
        return self.near

    def exists(self, column: Column, operand: Any, _beside: Operators, _depth: int) -> Condition:
        if operand not in (True, False):
            raise _bad("$exists takes true or false")
        return Exists(column) if operand else Not(Exists(column))

    def sized(self, column: Column, operand: Any, _beside: Operators, _depth: int) -> Sized:
        size = _number("$size", operand)
        if size != int(size):
            raise _bad("$size takes a whole number")
        return Sized(column, int(size))


_SPECIAL: Final[dict[str, Callable[[_Reader, Column, Any, Operators, int], Condition]]] = {
    "$not": _Reader.negated,
    "$regex": _Reader.matches,
    "$nearSphere": _Reader.close_to,
    "$exists": _Reader.exists,
    "$size": _Reader.sized,
}


def _is_operators(asked: Any) -> bool:
    """Whether an object says how to compare, instead of being what is compared with; BAD_FORMAT for a mixture."""
    if not isinstance(asked, Mapping):
        return False
    signs: int = sum(name.startswith("$") for name in asked)
    if signs and signs != len(asked):
        raise _bad("operators stand among themselves")
    return signs > 0


def _values(name: str, operand: Any) -> list[Any]:
    if name not in ("$in", "$nin", "$all"):
        raise _bad("there is no such operator")
    if not isinstance(operand, list | tuple):
        raise _bad(f"{name} takes a list")
    if len(operand) > MOST_VALUES:
        raise _bad(f"{name} takes at most {MOST_VALUES} values")
    return list(operand)


def _number(name: str, operand: Any) -> float:
    if isinstance(operand, bool) or not isinstance(operand, int | float) or not 0 <= operand < 1 << 53:
        raise _bad(f"{name} takes a number")
    return operand
