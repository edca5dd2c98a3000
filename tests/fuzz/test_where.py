"""Whatever somebody asks of conversations, it is answered or refused."""

import contextlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from parlance.core.model.where.budget import Budget
from parlance.core.model.where.narrowing import narrowed
from parlance.core.model.where.ordering import put_in_order, read_sort
from parlance.core.model.where.patterns import Pattern
from parlance.core.model.where.reading import read_where
from parlance.kernel.clock import SystemClock
from parlance.kernel.faults import Fault

OPERATORS = [
    *("$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$all", "$size", "$exists", "$regex", "$options"),
    *("$not", "$and", "$or", "$nor", "$nearSphere", "$maxDistanceInMiles", "$minDistance", "$like"),
]
COLUMNS = ["objectId", "m", "createdAt", "lm", "tr", "attr", "attr.x.0.y", "name", "at", ""]
TYPED = st.one_of(
    st.fixed_dictionaries({"__type": st.just("Date"), "iso": st.text(max_size=3) | st.datetimes().map(str)}),
    st.fixed_dictionaries({"__type": st.just("GeoPoint"), "latitude": st.floats(), "longitude": st.integers()}),
    st.fixed_dictionaries({"__type": st.sampled_from(["Pointer", "Date", "x"])}),
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | TYPED
NAMES = st.sampled_from(OPERATORS + COLUMNS) | st.text(max_size=3)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=10
)
SIGNS = st.lists(
    st.sampled_from([*"()[]{}|?*+.^$\\:=!<>-,&#abk1 ", r"\Q", r"\E", "(?", "\\k<a>", "[:", "é", "\n"]), max_size=20
)


def _budget() -> Budget:
    return Budget(SystemClock().monotonic, 0.2)


@given(st.dictionaries(NAMES, JSON, max_size=4), st.dictionaries(NAMES, JSON, max_size=4))
def test_any_question_is_answered_or_refused(where: dict[str, Any], row: dict[str, Any]) -> None:
    """The only thing raised is that the question is no good."""
    with contextlib.suppress(Fault):
        read = read_where(where)
        narrowed(read)
        read.condition.holds(row, _budget())


@given(SIGNS.map("".join), st.sampled_from(["", "i", "x", "ims"]), st.text("ab\n{}()[]\\", max_size=20))
def test_any_pattern_matches_or_is_refused(pattern: str, options: str, text: str) -> None:
    """Whatever is no pattern is said to be none, and whatever is one comes to an end."""
    with contextlib.suppress(Fault):
        Pattern(pattern, options).found_in(text, _budget())


@given(
    st.text("abc,-. $", max_size=12), st.lists(st.dictionaries(st.sampled_from("abc"), JSON, max_size=3), max_size=4)
)
def test_any_order_is_kept_or_refused(sort: str, rows: list[dict[str, Any]]) -> None:
    """Whatever rows say, one stands before the other; and what comes out is what went in."""
    with contextlib.suppress(Fault):
        orderings = read_sort(sort)
        if orderings:
            things = list(rows)
            put_in_order(things, lambda row: row, orderings)
            assert sorted(map(id, rows)) == sorted(map(id, things))
