"""Every request has an id: the caller's own if it is fit to be written in a log, else one of ours."""

import re

from aiohttp import web

from parlance.kernel.ids import Ids

HEADER = "X-Request-Id"
REQUEST_ID = web.RequestKey("request_id", str)

_FIT = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")


def fit(raw: str | None) -> str | None:
    """The id somebody sent, if it may be repeated: 1 to 128 plain characters."""
    return raw if raw is not None and _FIT.fullmatch(raw) else None


def request_id(request: web.Request, ids: Ids) -> str:
    """The id of a request, from `Request-Id`, else `X-Request-Id`, else made."""
    headers = request.headers
    return fit(headers.get("Request-Id")) or fit(headers.get(HEADER)) or ids.uuid()
