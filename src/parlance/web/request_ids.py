"""Every request has an id: the caller's own if it is fit to be written in a log, else one of ours."""

import re
from itertools import count

from aiohttp import web

from parlance.kernel.ids import Ids

HEADER = "X-Request-Id"
REQUEST_ID = web.RequestKey("request_id", str)

_FIT = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")


def fit(raw: str | None) -> str | None:
    """The id somebody sent, if it may be repeated: 1 to 128 plain characters."""
    return raw if raw is not None and _FIT.fullmatch(raw) else None


class RequestIds:
    """Gives requests their ids. Ours are one drawn by lot for each start of a server, and a count.

    Nobody gains anything by guessing one; drawing each by lot would cost more than all the rest of receiving
    a request (measured).
    """

    def __init__(self, ids: Ids) -> None:
        self._drawn = ids.uuid()[12:]
        self._counted = count(1)

    def of(self, request: web.Request) -> str:
        """The id of a request, from `Request-Id`, else `X-Request-Id`, else made."""
        headers = request.headers
        sent = fit(headers.get("Request-Id")) or fit(headers.get(HEADER))
        return sent or f"{self._drawn}{next(self._counted):012x}"
