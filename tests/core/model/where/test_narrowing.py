"""What of a question a store answers by itself."""

from typing import Any

import pytest

from core.model.where.asking import DATE, LATER
from core.world import refused
from parlance.core.model.where.narrowing import Narrowing, in_order_of_store, narrowed
from parlance.core.model.where.ordering import read_sort
from parlance.core.model.where.reading import read_where
from parlance.kernel.faults import FaultCode

AT = 1772352000000
"""The milliseconds of DATE."""


def _narrowed(where: dict[str, Any]) -> tuple[Narrowing, bool]:
    found = narrowed(read_where(where))
    return found.narrowing, found.exact


@pytest.mark.parametrize(
    ("where", "narrowing"),
    [
        ({"objectId": "a"}, Narrowing(conv_ids=("a",))),
        ({"objectId": {"$in": ["b", "a"]}}, Narrowing(conv_ids=("a", "b"))),
        ({"objectId": {"$in": []}}, Narrowing(conv_ids=())),
        ({"m": "a"}, Narrowing(members=(("a",),))),
        ({"m": {"$in": ["a", "b"]}}, Narrowing(members=(("a", "b"),))),
        ({"m": {"$all": ["a", "b"]}}, Narrowing(members=(("a",), ("b",)))),
        ({"m": "a", "$and": [{"m": "b"}]}, Narrowing(members=(("a",), ("b",)))),
        ({"name": "n", "c": "a", "uniqueId": "u"}, Narrowing(names=("n",), creators=("a",), unique_ids=("u",))),
        ({"createdAt": {"$gte": DATE, "$lte": LATER}}, Narrowing(created=(AT, AT + 1))),
        ({"createdAt": {"$gt": DATE, "$lt": LATER}}, Narrowing(created=(AT + 1, AT))),
        ({"tr": True}, Narrowing(rooms=True)),
        ({"tr": False}, Narrowing(rooms=False)),
        ({"tr": {"$ne": True}, "sys": {"$ne": True}}, Narrowing(rooms=False, services=False)),
        ({"sys": True, "tr": {"$ne": False}}, Narrowing(rooms=True, services=True)),
        ({}, Narrowing()),
    ],
)
def test_what_a_store_answers_alone(where: dict[str, Any], narrowing: Narrowing) -> None:
    """Names, members, times and kinds: nobody has to look at the rows."""
    assert (narrowing, True) == _narrowed(where)


@pytest.mark.parametrize(
    ("where", "narrowing"),
    [
        ({"objectId": "a", "attr.type": 1}, Narrowing(conv_ids=("a",))),
        ({"objectId": {"$in": ["a", None]}}, Narrowing()),
        ({"objectId": {"$in": ["a", 1]}}, Narrowing()),
        ({"objectId": {"$ne": "a"}}, Narrowing()),
        ({"objectId": "a", "$and": [{"objectId": "b"}]}, Narrowing(conv_ids=("a",))),
        ({"name": ""}, Narrowing()),
        ({"name": None}, Narrowing()),
        ({"name": {"$gt": "a"}}, Narrowing()),
        ({"m": {"$ne": "a"}}, Narrowing()),
        ({"m": {"$size": 2}}, Narrowing()),
        ({"m": {"$all": []}}, Narrowing()),
        ({"m": {"$in": ["a", None]}}, Narrowing()),
        ({"m.0": "a"}, Narrowing()),
        ({"tr": {"$in": [True, False]}}, Narrowing()),
        ({"tr": 1}, Narrowing()),
        ({"updatedAt": {"$gt": DATE}}, Narrowing()),
        ({"createdAt": DATE}, Narrowing()),
        ({"$or": [{"m": "a"}, {"m": "b"}]}, Narrowing()),
        ({"lm": {"$gt": DATE}, "vip": True}, Narrowing(last_message=(AT + 1, 1 << 62))),
    ],
)
def test_what_takes_looking_at_the_rows(where: dict[str, Any], narrowing: Narrowing) -> None:
    """Anything else: the store leaves in all that might be found."""
    assert (narrowing, False) == _narrowed(where)


def test_what_cannot_be_kept_cannot_be_asked_of_a_store() -> None:
    """Half of a surrogate pair, or NUL, is no text."""
    assert FaultCode.BAD_FORMAT is refused(lambda: _narrowed({"name": "\ud800"}))
    assert FaultCode.BAD_FORMAT is refused(lambda: _narrowed({"m": {"$all": ["a\x00"]}}))


@pytest.mark.parametrize("sort", ["lm", "-createdAt", "-updatedAt"])
def test_orders_of_a_store(sort: str) -> None:
    """A store puts in order by one column of times."""
    orderings = read_sort(sort)
    assert orderings[0] == in_order_of_store(orderings)


@pytest.mark.parametrize("sort", ["name", "-lm,name", "lm.iso", "attr.x"])
def test_other_orders(sort: str) -> None:
    """Whatever else is put in order by looking at the rows."""
    assert in_order_of_store(read_sort(sort)) is None
