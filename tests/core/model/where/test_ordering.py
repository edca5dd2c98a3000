"""In what order rows stand."""

from typing import Any

import pytest

from core.model.where.asking import DATE, LATER, Row
from core.world import refused
from parlance.core.model.where.conditions import Near
from parlance.core.model.where.ordering import put_in_order, put_nearest_first, read_sort
from parlance.core.model.where.reading import read_where
from parlance.kernel.faults import FaultCode


def _sorted(sort: str, *rows: Row) -> list[Row]:
    things = list(rows)
    put_in_order(things, lambda row: row, read_sort(sort))
    return things


def test_a_column_is_ascending_unless_it_says_otherwise() -> None:
    """A minus turns a column round."""
    rows: list[Row] = [{"x": 2}, {"x": 1}, {"x": 3}]
    assert [1, 2, 3] == [row["x"] for row in _sorted("x", *rows)]
    assert [3, 2, 1] == [row["x"] for row in _sorted("-x", *rows)]


def test_the_second_column_is_for_what_is_alike_in_the_first() -> None:
    """Columns count from left to right, each in its own direction."""
    rows: list[Row] = [{"x": 1, "y": 1}, {"x": 2, "y": 1}, {"x": 1, "y": 2}, {"x": 2, "y": 2}]
    assert [(1, 2), (1, 1), (2, 2), (2, 1)] == [(row["x"], row["y"]) for row in _sorted("x,-y", *rows)]
    assert [(2, 1), (2, 2), (1, 1), (1, 2)] == [(row["x"], row["y"]) for row in _sorted("-x, y", *rows)]


def test_what_is_alike_stands_by_age() -> None:
    """The older first; the younger first if the last column is descending."""
    rows: list[Row] = [{"n": 1, "x": 0}, {"n": 2, "x": 0}, {"n": 3, "x": 0}]
    assert [1, 2, 3] == [row["n"] for row in _sorted("x", *rows)]
    assert [3, 2, 1] == [row["n"] for row in _sorted("-x", *rows)]
    assert [1, 2, 3] == [row["n"] for row in _sorted("-x,y", *rows)]


def test_kinds_stand_after_each_other() -> None:
    """Nothing, numbers, texts, objects, arrays of arrays, yes and no, dates."""
    values: list[Any] = [1, 2.5, "a", "b", {"a": 1}, {"a": 2}, False, True, DATE, LATER]
    rows: list[Row] = [{}, *({"x": value} for value in values)]
    assert rows == _sorted("x", *reversed(rows))
    assert rows[::-1] == _sorted("-x", *rows)


def test_an_array_stands_by_its_least_or_greatest() -> None:
    """Ascending by the least of its values, descending by the greatest; an empty one is nothing."""
    rows: list[Row] = [{"x": []}, {"x": [1, 9]}, {"x": [2, 3]}]
    assert rows == _sorted("x", *rows)
    assert [rows[1], rows[2], rows[0]] == _sorted("-x", *rows)


def test_times_are_times_however_they_are_written() -> None:
    """`createdAt` is a text that says a time."""
    rows: list[Row] = [{"createdAt": "2026-01-01T00:00:00.000Z"}, {"createdAt": "2026-01-01T02:00:00.000+01:00"}]
    assert rows == _sorted("createdAt", *reversed(rows))


def test_columns_within_columns() -> None:
    """A path leads into objects here as well."""
    rows: list[Row] = [{"attr": {"n": 1}}, {"attr": {"n": 2}}]
    assert rows == _sorted("attr.n", *reversed(rows))


def test_the_nearest_first() -> None:
    """What is asked for by its place stands by its distance."""
    places = [{"at": {"__type": "GeoPoint", "latitude": 0, "longitude": east}} for east in (1, 2, 3)]
    near = read_where({"at": {"$nearSphere": places[0]["at"]}}).near
    assert isinstance(near, Near)
    things = places[::-1]
    put_nearest_first(things, lambda row: row, near)
    assert places == things


def test_no_order() -> None:
    """Nothing, or an empty text, is no order of one's own."""
    assert () == read_sort(None) == read_sort("")


@pytest.mark.parametrize("sort", [",", "a,", "-", "a..b", "$a", ",".join("abcdefghijk")])
def test_what_is_no_order(sort: str) -> None:
    """Names of columns, at most ten, with nothing but a minus before them."""
    assert FaultCode.BAD_FORMAT is refused(lambda: read_sort(sort))
