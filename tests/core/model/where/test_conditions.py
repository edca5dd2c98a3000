"""What each operator finds, and what it leaves."""

from typing import Any

import pytest

from core.model.where.asking import DATE, LATER, Row, found, holds

ABSENT: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ("a", "a"),
        (1, 1),
        (1, 1.0),
        (True, True),
        (None, None),
        ("a", ["b", "a"]),
        (["a", "b"], ["a", "b"]),
        (["a"], [["a"], "b"]),
        ({"b": 1, "c": [2]}, {"c": [2], "b": 1}),
        ({}, {}),
        (DATE, {"__type": "Date", "iso": "2026-03-01T16:00:00.000+08:00"}),
        (
            {"__type": "Pointer", "className": "_User", "objectId": "1"},
            {"__type": "Pointer", "className": "_User", "objectId": "1", "username": "ada"},
        ),
    ],
)
def test_equal_values_are_found(asked: Any, value: Any) -> None:
    """What is the same is found, and so is an array that has it."""
    assert holds({"x": asked}, {"x": value})
    assert holds({"x": {"$eq": asked}}, {"x": value})
    assert not holds({"x": {"$ne": asked}}, {"x": value})


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ("a", "b"),
        (1, True),
        (1, "1"),
        (True, 1),
        (0, None),
        (["a", "b"], ["b", "a"]),
        (["a"], "a"),
        ({"b": 1}, {"b": 1, "c": 2}),
        ({"b": 1}, {"b": True}),
        (DATE, LATER),
        (DATE, DATE["iso"]),
    ],
)
def test_other_values_are_not(asked: Any, value: Any) -> None:
    """What is of another kind, or in another order, is not the same."""
    assert not holds({"x": asked}, {"x": value})
    assert holds({"x": {"$ne": asked}}, {"x": value})


def test_nothing_is_null() -> None:
    """Null is also what is not there."""
    assert [ABSENT, {"x": None}] == found({"x": None}, ABSENT, {"x": None}, {"x": 0})
    assert [{"x": 0}] == found({"x": {"$ne": None}}, ABSENT, {"x": None}, {"x": 0})
    assert [ABSENT] == found({"x": {"$in": [None, 1]}}, ABSENT, {"x": 2})
    assert [{"x": 2}] == found({"x": {"$nin": [None, 1]}}, ABSENT, {"x": 2})


def test_what_is_not_there_is_unlike_everything() -> None:
    """Something that is not there is found by `$ne` and `$nin`, and compares with nothing."""
    assert holds({"x": {"$ne": 1}}, ABSENT)
    assert holds({"x": {"$nin": [1]}}, ABSENT)
    assert not any(holds({"x": {sign: 1}}, ABSENT) for sign in ("$lt", "$lte", "$gt", "$gte"))


@pytest.mark.parametrize("low_high", [(1, 2.5), ("a", "b"), (DATE, LATER), (False, True), ("B", "a")])
def test_values_of_a_kind_are_compared(low_high: tuple[Any, Any]) -> None:
    """Numbers, texts, dates, yes and no stand before and after each other."""
    low, high = low_high
    rows: list[Row] = [{"x": low}, {"x": high}]
    assert [rows[0]] == found({"x": {"$lt": high}}, *rows)
    assert rows == found({"x": {"$lte": high}}, *rows)
    assert [rows[1]] == found({"x": {"$gt": low}}, *rows)
    assert rows == found({"x": {"$gte": low}}, *rows)


def test_values_of_different_kinds_are_not_compared() -> None:
    """A number is neither before nor after a text, a date or an array."""
    rows: list[Row] = [{"x": "a"}, {"x": DATE}, {"x": True}, {"x": None}, {"x": {}}, {"x": []}]
    assert [] == found({"x": {"$gt": -1}}, *rows)
    assert [] == found({"x": {"$lt": 9}}, *rows)


def test_an_array_is_compared_by_what_is_in_it() -> None:
    """One item that fits is enough."""
    assert [{"x": [1, 9]}] == found({"x": {"$gt": 5}}, {"x": [1, 9]}, {"x": [1, 2]})


@pytest.mark.parametrize("column", ["createdAt", "updatedAt", "lm"])
def test_times_are_compared_however_they_are_written(column: str) -> None:
    """Columns of times hold dates, or texts that say one; both are asked for by either."""
    for value in (DATE, DATE["iso"]):
        row = {column: value}
        for asked in (DATE, DATE["iso"], "2026-03-01T08:00:00Z"):
            assert holds({column: asked}, row)
            assert holds({column: {"$gte": asked, "$lte": asked}}, row)
            assert not holds({column: {"$ne": asked}}, row)
        assert holds({column: {"$lt": LATER}}, row)
        assert not holds({column: {"$gt": DATE}}, row)


def test_one_of_a_list() -> None:
    """`$in` finds what equals one of its values, `$nin` the rest."""
    rows: list[Row] = [{"x": 1}, {"x": "a"}, {"x": ["c", 1]}, {"x": DATE}, {"x": "b"}]
    asked = [1, "a", DATE]
    assert rows[:4] == found({"x": {"$in": asked}}, *rows)
    assert rows[4:] == found({"x": {"$nin": asked}}, *rows)
    assert [] == found({"x": {"$in": []}}, *rows)


def test_all_of_a_list() -> None:
    """`$all` finds arrays with all of its values, whatever else is in them and in what order."""
    rows: list[Row] = [{"m": ["a", "b"]}, {"m": ["b", "c", "a"]}, {"m": ["a"]}, {"m": "a"}, ABSENT]
    assert rows[:2] == found({"m": {"$all": ["a", "b", "a"]}}, *rows)
    assert rows[:4] == found({"m": {"$all": ["a"]}}, *rows)
    assert [] == found({"m": {"$all": []}}, *rows)


def test_the_size_of_an_array() -> None:
    """`$size` counts what is in an array; what is none has no size."""
    rows: list[Row] = [{"m": ["a", "b"]}, {"m": []}, {"m": "ab"}, ABSENT]
    assert [rows[0]] == found({"m": {"$size": 2}}, *rows)
    assert [rows[0]] == found({"m": {"$size": 2.0}}, *rows)
    assert [rows[1]] == found({"m": {"$size": 0}}, *rows)


def test_what_is_there() -> None:
    """`$exists` asks whether a column is there, null or not."""
    rows: list[Row] = [{"x": None}, {"x": 0}, ABSENT]
    assert rows[:2] == found({"x": {"$exists": True}}, *rows)
    assert rows[2:] == found({"x": {"$exists": False}}, *rows)


def test_flags_are_false_where_they_are_not_there() -> None:
    """What is no chat room is found by `tr: false`, though no row says so."""
    room, other = {"tr": True}, ABSENT
    assert [room] == found({"tr": True}, room, other)
    assert [other] == found({"tr": False}, room, other)
    assert [other] == found({"tr": {"$ne": True}}, room, other)
    assert [room] == found({"tr": {"$ne": False}}, room, other)
    assert [other] == found({"tr": {"$in": [False]}}, room, other)
    assert [other] == found({"tr": {"$exists": False}}, room, other)
    assert [] == found({"vip": False}, other)


def test_several_operators_hold_together() -> None:
    """What stands in one object must all hold."""
    rows: list[Row] = [{"x": 1}, {"x": 5}, {"x": 9}]
    assert [rows[1]] == found({"x": {"$gt": 1, "$lt": 9}}, *rows)
    assert [rows[0]] == found({"x": {"$lt": 9, "$nin": [5], "$exists": True}}, *rows)


def test_several_columns_hold_together() -> None:
    """What stands side by side must all hold."""
    rows: list[Row] = [{"x": 1, "y": 1}, {"x": 1}, {"y": 1}]
    assert [rows[0]] == found({"x": 1, "y": 1}, *rows)
    assert rows == found({}, *rows)


def test_one_of_several() -> None:
    """`$or` finds what one of its parts finds, `$and` what all do, `$nor` what none does."""
    rows: list[Row] = [{"x": 1}, {"x": 2}, {"y": 1}]
    parts = [{"x": 1}, {"y": 1}]
    assert [rows[0], rows[2]] == found({"$or": parts}, *rows)
    assert [rows[1]] == found({"$nor": parts}, *rows)
    assert [] == found({"$and": parts}, *rows)
    assert [rows[2]] == found({"$or": parts, "x": None}, *rows)
    assert [rows[0]] == found({"$and": [{"$or": parts}, {"x": {"$exists": True}}]}, *rows)


def test_the_contrary() -> None:
    """`$not` turns round what an object of operators says."""
    rows: list[Row] = [{"x": 1}, {"x": 5}, {"x": "a"}, ABSENT]
    assert rows[2:] == found({"x": {"$not": {"$gte": 0}}}, *rows)
    assert [rows[0], rows[3], rows[1]] == found({"x": {"$not": {"$regex": "a"}}}, rows[0], rows[3], rows[1], rows[2])


def test_dots_lead_into_objects() -> None:
    """A path goes into objects, into arrays by number, and into all objects of an array."""
    row = {"attr": {"type": "a", "list": [{"n": 1}, {"n": 2}, 7]}}
    assert holds({"attr.type": "a"}, row)
    assert holds({"attr.list.1.n": 2}, row)
    assert not holds({"attr.list.0.n": 2}, row)
    assert holds({"attr.list.n": 2}, row)
    assert holds({"attr.list.2": 7}, row)
    assert not holds({"attr.list.3": {"$exists": True}}, row)
    assert holds({"attr.other.type": None}, row)
    assert holds({"attr.type.deeper": {"$exists": False}}, row)


def test_an_object_is_asked_for_whole() -> None:
    """Without dots an object has to be the same throughout."""
    row = {"attr": {"type": "a", "n": 1}}
    assert holds({"attr": {"n": 1, "type": "a"}}, row)
    assert not holds({"attr": {"type": "a"}}, row)
