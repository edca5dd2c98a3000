"""Columns, and changes to them by dotted keys."""

from typing import Any

import msgspec
import pytest

from core.world import refused
from parlance.core.model.columns import Said, applied, asked_for, columns_of, said_by
from parlance.core.model.conversation import Conversation
from parlance.kernel.faults import FaultCode
from realtime.parts import conversation


def _saying(name: str = "", ext: str | None = None, columns: str | None = None) -> Conversation:
    return msgspec.structs.replace(conversation(), name=name, ext=ext, columns=columns)


def _op(name: str, **more: Any) -> dict[str, Any]:
    return {"__op": name, **more}


def test_columns_have_their_places() -> None:
    """The name, attributes that are an object, and everything else but what is reserved or nothing."""
    columns = {"name": "tea", "attr": {"a": 1}, "mood": "good", "m": ["x"], "objectId": "y", "nothing": None}
    assert Said("tea", '{"a":1}', '{"mood":"good"}') == said_by(columns)
    assert Said("", None, None) == said_by({})
    assert Said("", None, '{"attr":"plain"}') == said_by({"attr": "plain"})


def test_they_are_found_again() -> None:
    """What is said by columns is read as columns; what is no object is no column."""
    columns = {"name": "tea", "attr": {"a": 1}, "mood": "good"}
    said = said_by(columns)
    assert columns == columns_of(_saying(said.name, said.ext, said.columns))
    assert {} == columns_of(_saying(ext="no json", columns="[]"))


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        (None, 5, 5),
        (5, {"deep": [1]}, {"deep": [1]}),
        (5, _op("Increment", amount=3), 8),
        (5, _op("Increment"), 6),
        (None, _op("Increment", amount=3), 3),
        (1.5, _op("Increment", amount=1), 2.5),
        (5, _op("Decrement", amount=3), 2),
        (["a"], _op("Add", objects=["a", "b"]), ["a", "a", "b"]),
        (None, _op("Add", objects=["a"]), ["a"]),
        (["a"], _op("AddUnique", objects=["a", "b", "b"]), ["a", "b"]),
        ([1], _op("AddUnique", objects=[True, {"x": 1}]), [1, True, {"x": 1}]),
        (["a", "b", "a"], _op("Remove", objects=["a", "c"]), ["b"]),
        (None, _op("Remove", objects=["a"]), []),
        (6, _op("BitAnd", value=3), 2),
        (6, _op("BitOr", value=1), 7),
        (6, _op("BitXor", value=2), 4),
    ],
)
@pytest.mark.parametrize("key", ["n", "attr.n", "attr.deep.er.n"])
def test_a_column_is_changed(key: str, before: object, change: object, after: object) -> None:
    """Whole or within, set or by an operation on what is there; the answer is what it has come to."""
    first, _ = applied(_saying(), {key: before} if before is not None else {})
    second, modified = applied(first, {key: change})
    assert {key: after} == modified
    assert columns_of(second) == columns_of(applied(_saying(), {key: after})[0])


def test_a_column_is_deleted() -> None:
    """It has come to nothing, so it is not in the answer; nor is anything made on the way to it."""
    before = _saying("tea", '{"a":{"b":1,"c":2}}', '{"mood":"good"}')
    delete = _op("Delete")
    after, modified = applied(before, {"attr.a.b": delete, "mood": delete, "name": delete, "x.y": delete})
    assert ({}, ("", '{"a":{"c":2}}', None)) == (modified, (after.name, after.ext, after.columns))
    assert None is applied(before, {"attr": delete})[0].ext


def test_changes_come_one_after_another() -> None:
    """A later key sees what an earlier one did."""
    after, modified = applied(_saying(), {"attr": {"a": 1}, "attr.a": 2, "attr.b": 3})
    assert '{"a":2,"b":3}' == after.ext
    assert {"attr": {"a": 2, "b": 3}, "attr.a": 2, "attr.b": 3} == modified


def test_the_changes_themselves_stay_as_they_were() -> None:
    """What somebody else holds is not written into."""
    attributes: dict[str, Any] = {"a": {"b": 1}}
    applied(_saying(), {"attr": attributes, "attr.a.b": 2})
    assert {"a": {"b": 1}} == attributes


def test_what_is_not_touched_stays_as_it_was_written() -> None:
    """Other dialects may have written the extension, as they like."""
    assert '{ "a" : 1 }' == applied(_saying(ext='{ "a" : 1 }'), {"mood": "good"})[0].ext
    assert "plain" == applied(_saying(ext="plain"), {"name": "tea"})[0].ext


def test_attributes_move_where_they_belong() -> None:
    """An object is the extension, anything else a column, never both."""
    plain, modified = applied(_saying(ext='{"a":1}'), {"attr": "plain"})
    assert (None, '{"attr":"plain"}', {"attr": "plain"}) == (plain.ext, plain.columns, modified)
    objects, _ = applied(plain, {"attr": {"a": 1}})
    assert ('{"a":1}', None) == (objects.ext, objects.columns)


def test_what_others_change_is_said_by_columns() -> None:
    """As if it had been asked for: what is new, and what is no more."""
    before, after = _saying("tea", '{"a":1}', '{"x":1}'), _saying("coffee", None, '{"x":1}')
    asked, modified = asked_for(before, after)
    assert {"name": "coffee", "attr": {"__op": "Delete"}} == asked
    assert {"name": "coffee"} == modified
    assert columns_of(after) == columns_of(applied(before, asked or {})[0])
    assert (None, None) == asked_for(before, msgspec.structs.replace(before, avatar="new"))


@pytest.mark.parametrize(
    "changes",
    [
        {"": 1},
        {".a": 1},
        {"a.": 1},
        {".".join("a" * 101): 1},
        {"n.x": 1},
        {"list.0": 1},
        {"name": ["tea"]},
        {"name": "\ud800"},
        {"x": "\ud800"},
        {"n": _op("Increment", amount="1")},
        {"n": _op("Increment", amount=True)},
        {"n": _op("Increment", amount=1 << 63)},
        {"n": _op("Increment", amount=float("inf"))},
        {"word": _op("Increment", amount=1)},
        {"n": _op("Add", objects=["a"])},
        {"list": _op("Add")},
        {"list": _op("Remove", objects="a")},
        {"word": _op("BitOr", value=1)},
        {"n": _op("BitOr", value=1.5)},
        {"n": {"__op": ["Add"]}},
        {"n": _op("AddRelation", objects=[])},
    ],
)
def test_what_cannot_be_done_is_refused(changes: dict[str, Any]) -> None:
    """No such key, or not there, or not with that."""
    before = _saying(columns='{"n":1,"word":"x","list":[1]}')
    assert FaultCode.BAD_FORMAT is refused(lambda: applied(before, changes))
