"""Who judges is tried first: each thing that can be wrong is found, and nothing where nothing is."""

from random import Random  # noqa: TID251 - nobody rolls them

import pytest
from msgspec.structs import replace

from chaos.books import Book, Receipt
from chaos.person import Person, Place
from chaos.verdict import Stored, on_the_people, on_the_store
from parlance.core.model.message import Message
from parlance.kernel.ids import AppId, ClientId, ConvId

PLACE = Place("c1", "a small group")


def said(seq: int, text: str) -> Message:
    """A message as it lies in the store."""
    where = AppId("yard"), 1, ConvId("c1")
    return Message(seq, *where, seq, ClientId("ann"), -1, text, None, None, False, (), False, text, 1_000 + seq)


STORED: Stored = {"c1": [said(1, "ann/phone 1"), said(2, "ben/phone 1"), said(3, "ann/phone 2")]}
RECEIPTS = [Receipt("c1", row.text or "", row.msg_id, row.seq) for row in STORED["c1"]]


def ann() -> Person:
    """Somebody who has everything."""
    person = Person("ann", "phone", [PLACE], Random(1), None)  # noqa: S311 - nothing secret
    for row in STORED["c1"]:
        person.books["c1"].write(row.seq or 0, row.msg_id)
    return person


def test_where_nothing_is_wrong_nothing_is_found() -> None:
    """In the store, and with people."""
    assert [] == on_the_store(STORED, RECEIPTS) + on_the_people(STORED, [ann()])


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([said(1, "ann/phone 1"), said(3, "ann/phone 2")], "in c1: the sequence has gaps"),
        ([said(1, "ann/phone 1"), said(2, "ann/phone 1")], "in c1: something was stored twice"),
        ([said(1, "ann/phone 2"), said(2, "ann/phone 1")], "in c1: ann/phone is out of order"),
        ([said(1, "ann/phone 1"), replace(said(2, "ann/phone 2"), created_at=1)], "in c1: 2 is not later than 1"),
    ],
)
def test_what_is_wrong_with_the_store_is_found(rows: list[Message], complaint: str) -> None:
    """Gaps, doubles, order and times."""
    assert [complaint] == on_the_store({"c1": rows}, [])


def test_what_was_acknowledged_and_is_not_there_is_found() -> None:
    """And what is there as something else."""
    lost = Receipt("c1", "ann/phone 9", "nowhere", 9)
    moved = Receipt("c1", "ann/phone 1", STORED["c1"][0].msg_id, 2)
    assert [
        "in c1: ann/phone 9 was acknowledged and is lost",
        "in c1: ann/phone 1 was acknowledged as 2 and is 1",
    ] == on_the_store(STORED, [lost, moved])


def test_who_lacks_something_is_found() -> None:
    """With what it is."""
    person = ann()
    del person.books["c1"].rows[2]
    assert ["ann (phone): in c1 (a small group): lacks 1: [2]"] == on_the_people(STORED, [person])


def test_a_book_knows_what_is_missing() -> None:
    """Until it comes; coming late is told, coming twice is not."""
    book = Book()
    assert ["", ""] == [book.pushed(1, "a"), book.pushed(4, "d")]
    assert (1, [2, 3]) == (book.height, book.missing())
    assert ["", "", "3 came after 4"] == [book.write(2, "b"), book.pushed(4, "d"), book.pushed(3, "c")]
    assert (4, True) == (book.height, book.whole)
    assert "2 was b and is x" == book.write(2, "x")
