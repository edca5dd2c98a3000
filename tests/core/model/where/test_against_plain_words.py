"""Random questions to random rows, answered a second time as simply as can be."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.model.where.asking import Row, holds

NAMES = st.sampled_from(["a", "b", "c"])
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from([0.5, 1.0]), st.sampled_from("xyz"))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=2), max_leaves=5
)
ROWS = st.dictionaries(NAMES, VALUES, max_size=3)
PATHS = st.one_of(NAMES, st.tuples(NAMES, NAMES).map(".".join))
BOUNDS = st.one_of(st.booleans(), st.integers(0, 3), st.sampled_from("xyz"))
OPERATORS = st.one_of(
    st.tuples(st.sampled_from(["$eq", "$ne"]), VALUES),
    st.tuples(st.sampled_from(["$lt", "$lte", "$gt", "$gte"]), BOUNDS),
    st.tuples(st.sampled_from(["$in", "$nin", "$all"]), st.lists(VALUES, max_size=3)),
    st.tuples(st.just("$size"), st.integers(0, 3)),
    st.tuples(st.just("$exists"), st.booleans()),
    st.tuples(st.just("$regex"), st.sampled_from(["x", "y|z", "^[xy]$"])),
)
WHERES = st.recursive(
    st.dictionaries(PATHS, st.lists(OPERATORS, min_size=1, max_size=2).map(dict), max_size=2),
    lambda inner: st.dictionaries(
        st.sampled_from(["$and", "$or", "$nor"]), st.lists(inner, min_size=1, max_size=2), max_size=2
    ),
    max_leaves=4,
)


@given(WHERES, ROWS)
def test_answers_are_those_of_plain_words(where: dict[str, Any], row: Row) -> None:
    """Both ways of reading a question find the same rows."""
    assert _plainly(where, row) == holds(where, row)


def _plainly(where: dict[str, Any], row: Row) -> bool:
    for name, asked in where.items():
        if name == "$and":
            holding = all(_plainly(each, row) for each in asked)
        elif name in ("$or", "$nor"):
            holding = any(_plainly(each, row) for each in asked) is (name == "$or")
        else:
            whole = _at(row, name.split("."))
            each_of = whole + [item for value in whole if isinstance(value, list) for item in value]
            holding = all(_asked(operator, operand, whole, each_of) for operator, operand in asked.items())
        if not holding:
            return False
    return True


def _at(value: Any, steps: list[str]) -> list[Any]:
    if not steps:
        return [value]
    if isinstance(value, dict):
        return _at(value[steps[0]], steps[1:]) if steps[0] in value else []
    if isinstance(value, list):
        return [found for item in value if isinstance(item, dict) for found in _at(item, steps)]
    return []


def _asked(operator: str, operand: Any, whole: list[Any], each_of: list[Any]) -> bool:
    def found(wanted: Any) -> bool:
        return any(_same(wanted, value) for value in each_of) or (wanted is None and not whole)

    match operator:
        case "$eq" | "$ne":
            holding = found(operand) is (operator == "$eq")
        case "$in" | "$nin":
            holding = any(found(wanted) for wanted in operand) is (operator == "$in")
        case "$all":
            holding = bool(operand) and all(found(wanted) and bool(whole) for wanted in operand)
        case "$size":
            holding = any(isinstance(value, list) and len(value) == operand for value in whole)
        case "$exists":
            holding = bool(whole) is operand
        case "$regex":
            signs = {"x": "x", "y|z": "yz", "^[xy]$": "xy"}[operand]
            holding = any(isinstance(value, str) and value in signs for value in each_of)
        case _:
            holding = any(_compared(operator, value, operand) for value in each_of)
    return holding


def _compared(operator: str, value: Any, bound: Any) -> bool:
    if _kind(value) != _kind(bound):
        return False
    signs = {"$lt": value < bound, "$lte": value <= bound, "$gt": value > bound, "$gte": value >= bound}
    return bool(signs[operator])


def _kind(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return type(value).__name__
    return "number"


def _same(one: Any, other: Any) -> bool:
    if _kind(one) != _kind(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    return bool(one == other)
