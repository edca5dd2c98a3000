"""Answers stand by themselves; refusals are `{code, message}`.

Calls that make something answer `{}`, as their document shows, and what they made to who prefers that (RFC 7240).
"""

import re
from typing import Any

import msgspec
from aiohttp import web

from parlance.apis.clinic.faults import shown, words_of
from parlance.kernel.faults import Fault

CONTENT_TYPE = "application/json"
PREFERENCE = "return=representation"

_PREFERENCE = re.compile(r'(?:^|[,;])\s*return\s*=\s*"?representation"?\s*(?=$|[,;])', re.IGNORECASE)


class Refusal(msgspec.Struct):
    """What a call answers that was refused, and changed nothing."""

    code: int
    message: str
    """In Chinese, naming the field."""


class Done(msgspec.Struct):
    """Done; nothing more is said of it."""


class Made(msgspec.Struct):
    """What a call has made, for who wants to be told."""

    what: msgspec.Struct


_encode = msgspec.json.Encoder().encode
_DONE = Done()


def prefers_what_was_made(request: web.Request) -> bool:
    """Whether the caller wants to be told more than `{}`."""
    return _PREFERENCE.search(",".join(request.headers.getall("Prefer", ()))) is not None


def answered(request: web.Request, answer: Any) -> web.Response:
    """The answer as it is; of what was made, what the caller prefers."""
    if not isinstance(answer, Made):
        return web.Response(body=_encode(answer), content_type=CONTENT_TYPE)
    if not prefers_what_was_made(request):
        return web.Response(body=_encode(_DONE), content_type=CONTENT_TYPE)
    applied = {"Preference-Applied": PREFERENCE}
    return web.Response(body=_encode(answer.what), content_type=CONTENT_TYPE, headers=applied)


def refused(request: web.Request, fault: Fault) -> web.Response:
    """A fault in this dialect's words."""
    how = shown(fault.code)
    body = _encode(Refusal(int(how.code), words_of(fault)))
    response = web.Response(body=body, content_type=CONTENT_TYPE, status=how.status)
    if how.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response
