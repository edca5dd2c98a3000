"""Reading fields: which fault is behind which words, and which field it names."""

from typing import Annotated, Any, Literal

import msgspec
import pytest

from parlance.kernel.faults import Fault, FaultCode
from parlance.web.bodies import DEEPEST, numbers_of, parse, read


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    """A struct within."""

    extend: dict[str, Any]


class Outer(msgspec.Struct):
    """What a call may declare."""

    name: str | int
    people: list[str | int] = []
    flag: Literal[0, 1] = 0
    count: Annotated[int, msgspec.Meta(ge=0)] | None = None
    inner: Inner | None = None


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({}, FaultCode.MISSING_FIELD, "name"),
        ({"name": None}, FaultCode.MISSING_FIELD, "name"),
        ({"name": []}, FaultCode.BAD_FORMAT, "name"),
        ({"name": True}, FaultCode.BAD_FORMAT, "name"),
        ({"name": "x", "people": "y"}, FaultCode.BAD_FORMAT, "people"),
        ({"name": "x", "people": ["y", []]}, FaultCode.BAD_FORMAT, "people"),
        ({"name": "x", "flag": 2}, FaultCode.BAD_FORMAT, "flag"),
        ({"name": "x", "count": -1}, FaultCode.BAD_FORMAT, "count"),
        ({"name": "x", "count": "1"}, FaultCode.BAD_FORMAT, "count"),
        ({"name": "x", "inner": {}}, FaultCode.MISSING_FIELD, "inner.extend"),
        ({"name": "x", "inner": {"extend": []}}, FaultCode.BAD_FORMAT, "inner.extend"),
        ({"name": "x", "inner": {"extend": {}, "more": 1}}, FaultCode.BAD_FORMAT, "inner.more"),
    ],
)
def test_a_fault_names_its_field(sent: dict[str, Any], code: FaultCode, field: str) -> None:
    """Read off what msgspec says."""
    with pytest.raises(Fault) as refusal:
        read(sent, Outer)
    assert (code, field) == (refusal.value.code, refusal.value.field)
    assert "`" not in refusal.value.sentence


def test_null_is_absent() -> None:
    """A field sent as null is as good as not sent."""
    assert Outer("x") == read({"name": "x", "people": None, "flag": None, "inner": None}, Outer)


def test_numbers_are_found_however_they_are_declared() -> None:
    """So that a query string's digits become numbers where numbers are meant, and only there."""
    assert {"flag", "count"} == numbers_of(Outer)


def test_what_json_is() -> None:
    """As JSON says, and not as Python's reader has it by itself."""
    assert {"a": [1, 2.5, "文", None, True]} == parse('{"a":[1,2.5,"文",null,true]}', "body")
    for text in ("NaN", "-Infinity", "1e999", "{1:2}", "", "{} {}", '"\x01"', "01", "[1,]"):
        with pytest.raises(Fault) as refusal:
            parse(text, "body")
        assert FaultCode.MALFORMED is refusal.value.code


def test_how_deep() -> None:
    """Lists and objects may be nested so deeply, and no deeper."""
    assert parse("[" * DEEPEST + "]" * DEEPEST, "body")
    for depth in (DEEPEST + 1, 500, 100_000):
        with pytest.raises(Fault):
            parse("[" * depth + "]" * depth, "body")
