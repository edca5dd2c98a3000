"""What a `where` cannot mean."""

from typing import Any

import pytest

from parlance.core.model.where.reading import MOST_CONDITIONS, MOST_PATTERNS, MOST_VALUES, read_where
from parlance.kernel.faults import Fault, FaultCode

NEITHER_NUMBER_NOR_TEXT: list[Any] = [None, [1], {"a": 1}, {}]
NEITHER_YES_NOR_NO: list[Any] = ["yes", None, 2, []]
NO_LISTS: list[Any] = [1, "a", None, {"a": 1}]
NO_OPERATORS: list[Any] = [1, {"a": 1}, {}, []]
PLACE = {"__type": "GeoPoint", "latitude": 1, "longitude": 2}


def _nested(depth: int) -> dict[str, Any]:
    where: dict[str, Any] = {"x": 1}
    for _ in range(depth):
        where = {"$or": [where]}
    return where


def _reason(where: dict[str, Any]) -> str:
    with pytest.raises(Fault) as caught:
        read_where(where)
    assert (FaultCode.BAD_FORMAT, "where") == (caught.value.code, caught.value.field)
    return caught.value.sentence


@pytest.mark.parametrize(
    "where",
    [
        {"x": {"$like": "a"}},
        {"x": {"$options": "i"}},
        {"x": {"$maxDistanceInMiles": 1}},
        {"$where": "true"},
        {"$not": {"x": 1}},
        {"": 1},
        {"a..b": 1},
        {".": 1},
        {"x": {"$gt": 1, "y": 2}},
    ],
)
def test_what_is_unknown(where: dict[str, Any]) -> None:
    """Operators and columns that there cannot be."""
    assert _reason(where)


@pytest.mark.parametrize(
    ("operator", "operand"),
    [
        *(("$gt", operand) for operand in NEITHER_NUMBER_NOR_TEXT),
        *((operator, operand) for operator in ("$in", "$nin", "$all") for operand in NO_LISTS),
        *(("$size", operand) for operand in (-1, 1.5, "1", True, None)),
        *(("$exists", operand) for operand in NEITHER_YES_NOR_NO),
        *(("$regex", operand) for operand in (1, None, ["a"])),
        *(("$not", operand) for operand in NO_OPERATORS),
        *(("$nearSphere", operand) for operand in (None, [1, 2], {"latitude": 1, "longitude": 2})),
    ],
)
def test_operands_of_the_wrong_kind(operator: str, operand: Any) -> None:
    """An operator takes what it can work with."""
    assert _reason({"x": {operator: operand}})


@pytest.mark.parametrize(
    "where",
    [
        {"$or": []},
        {"$and": {}},
        {"$or": [1]},
        {"$or": [{"x": 1}, None]},
        {"createdAt": {"$gt": 1}},
        {"lm": {"$lt": "soon"}},
        {"x": {"$regex": "a", "$options": 1}},
        {"x": {"$regex": "a", "$options": "g"}},
        {"x": {"$nearSphere": PLACE, "$maxDistanceInMiles": "far"}},
        {"x": {"$nearSphere": PLACE}, "y": {"$nearSphere": PLACE}},
        {"$or": [{"x": {"$nearSphere": PLACE}}, {"x": 1}]},
        {"x": {"$not": {"$nearSphere": PLACE}}},
    ],
)
def test_what_does_not_go_together(where: dict[str, Any]) -> None:
    """Lists of conditions are not empty, times are compared with times, and one place is enough."""
    assert _reason(where)


@pytest.mark.parametrize(
    "where",
    [
        {f"x{number}": 1 for number in range(MOST_CONDITIONS + 1)},
        {"$or": [{"x": {"$gt": number}} for number in range(MOST_CONDITIONS + 1)]},
        {f"x{number}": {"$regex": "a"} for number in range(MOST_PATTERNS + 1)},
        {"x": {"$in": list(range(MOST_VALUES + 1))}},
        {".".join("x" * 21): 1},
        _nested(33),
        {"$and": [{"$and": [_nested(32)]}]},
    ],
)
def test_what_is_too_much(where: dict[str, Any]) -> None:
    """More than any honest question holds is refused before it is read to its end."""
    assert "most" in _reason(where)


def test_what_is_just_not_too_much() -> None:
    """At the limits all is well."""
    read_where({f"x{number}": 1 for number in range(MOST_CONDITIONS)})
    read_where({"x": {"$in": list(range(MOST_VALUES))}})
    read_where({".".join("x" * 20): 1})
    read_where(_nested(16))


def test_it_knows_what_is_looked_at() -> None:
    """Every column that is named anywhere, by its first name."""
    where = read_where({"m": "a", "$or": [{"attr.type": 1}, {"$and": [{"x": {"$not": {"$exists": True}}}]}]})
    assert {"m", "attr", "x"} == where.columns
