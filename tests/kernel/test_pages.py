"""Pages."""

import pytest

from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.pages import LAST_PAGE_NUMBER, Page, PageAsked, page_asked


@pytest.mark.parametrize(
    ("size", "expected"), [(1, 1), (20, 20), (100, 100), (101, 100), (0, 1), (-5, 1), (1 << 70, 100)]
)
def test_sizes_are_clamped(size: int, expected: int) -> None:
    """To 1 to 100, without a word."""
    assert PageAsked(1, expected) == page_asked(1, size)


@pytest.mark.parametrize("number", [0, -1, -(1 << 70)])
def test_pages_are_numbered_from_1(number: int) -> None:
    """A number below is a format error."""
    with pytest.raises(Fault) as caught:
        page_asked(number, 20)
    assert (FaultCode.BAD_FORMAT, "page") == (caught.value.code, caught.value.field)


def test_a_page_far_beyond_the_end_can_be_asked_for() -> None:
    """Its offset is still a number that a store can take."""
    asked = page_asked(1 << 70, 100)
    assert LAST_PAGE_NUMBER == asked.number
    assert asked.offset < 1 << 63


def test_an_offset_is_what_comes_before() -> None:
    """Page 3 of 20 begins after 40."""
    assert [0, 40] == [page_asked(number, 20).offset for number in (1, 3)]


@pytest.mark.parametrize(("total", "last"), [(0, 1), (1, 1), (10, 1), (11, 2), (20, 2), (237, 24)])
def test_the_last_page_has_rows(total: int, last: int) -> None:
    """An empty list has one page."""
    assert last == Page([], total, PageAsked(1, 10)).last_number
