"""Pages of a list, as Django REST framework writes them: with the addresses of the pages around them."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import msgspec
from aiohttp import web

from parlance.apis.rong.fields import Sent, optional_number
from parlance.kernel.pages import Page, PageAsked
from parlance.web.addresses import origin
from parlance.web.paging import asked

DEFAULT_SIZE = 20
NUMBER = "page"
SIZE = "page_size"

Row = TypeVar("Row")


class PageWanted(msgspec.Struct, frozen=True):
    """Which page of a list."""

    page: int = 1
    page_size: int = DEFAULT_SIZE
    """1 to 100."""


class Results(msgspec.Struct, Generic[Row]):
    """A page of a list."""

    count: int
    """Results of the whole list."""
    next: str | None
    """The address of the page after this one."""
    previous: str | None
    results: list[Row]


def page_of(sent: Sent) -> PageAsked:
    """The page asked for. A page below 1 is a fault, a size out of bounds is not."""
    return asked(optional_number(sent, NUMBER, least=1), optional_number(sent, SIZE), DEFAULT_SIZE)


def cut(rows: Sequence[Row], which: PageAsked) -> Page[Row]:
    """A page of a list that is at hand."""
    return Page(list(rows[which.offset : which.offset + which.size]), len(rows), which)


def listed(request: web.Request, public_url: str, page: Page[Any], results: list[Row]) -> Results[Row]:
    """A page as it is answered, `results` standing for its rows. `public_url` as for `origin`."""
    number = page.asked.number
    after = number + 1 if number < page.last_number else None
    before = min(number - 1, page.last_number) if number > 1 else None
    return Results(page.total, _address(request, public_url, after), _address(request, public_url, before), results)


def _address(request: web.Request, public_url: str, number: int | None) -> str | None:
    """The address of another page of the same list: all that was asked stays, but for the number."""
    if number is None:
        return None
    query = [(name, value) for name, value in request.query.items() if name != NUMBER]
    if number > 1:
        query.append((NUMBER, str(number)))
    path = origin(request, public_url) + request.rel_url.raw_path
    return f"{path}?{urlencode(query)}" if query else path
