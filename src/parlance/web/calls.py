"""A call on its way from a dialect's desk to the row of the table that serves it."""

from typing import Generic, TypeVar

import msgspec
from aiohttp import web

from parlance.core.model.caller import Caller

Fields = TypeVar("Fields")


class Call(msgspec.Struct, Generic[Fields]):
    """A call that somebody who may be here makes, with its fields as its dialect reads them."""

    caller: Caller
    fields: Fields
    request: web.Request

    def path(self, name: str) -> str:
        """A part of the address."""
        return self.request.match_info[name]
