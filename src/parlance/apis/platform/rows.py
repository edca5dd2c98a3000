"""Pages of rows, as this dialect writes them: the size of a page is a number in one list, a string in the others."""

from typing import Generic, TypeVar

import msgspec

Row = TypeVar("Row")


class Rows(msgspec.Struct, Generic[Row]):
    """A page of conversations or users; `per_page` is a string here."""

    current_page: int
    data: list[Row]
    last_page: int
    per_page: str
    total: int


class MessageRows(msgspec.Struct, Generic[Row]):
    """A page of messages; `per_page` is a number here."""

    current_page: int
    data: list[Row]
    last_page: int
    per_page: int
    total: int
