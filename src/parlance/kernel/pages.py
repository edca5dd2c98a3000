"""How lists are cut."""

from typing import Generic, TypeVar

import msgspec

from parlance.kernel.faults import bad_format

Row = TypeVar("Row")

LARGEST_PAGE = 100
LAST_PAGE_NUMBER = 10**12


class PageAsked(msgspec.Struct, frozen=True):
    """Page `number` (from 1) of `size` rows (1 to 100)."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size


class Page(msgspec.Struct, Generic[Row], frozen=True):
    """Some rows of a list that has `total` of them."""

    rows: list[Row]
    total: int
    asked: PageAsked

    @property
    def last_number(self) -> int:
        """The number of the last page that has rows; 1 for an empty list."""
        return max(1, -(-self.total // self.asked.size))


def page_asked(number: int, size: int) -> PageAsked:
    """Clamp `size` to 1–100; a `number` below 1 is a fault, one past the end is an empty page."""
    if number < 1:
        raise bad_format("page", "pages are numbered from 1")
    return PageAsked(min(number, LAST_PAGE_NUMBER), max(1, min(size, LARGEST_PAGE)))
