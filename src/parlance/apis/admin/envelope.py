"""Answers stand by themselves; refusals are `{"error": {code, message, field}}`. Neither is kept by anybody."""

from types import MappingProxyType
from typing import Any

import msgspec
from aiohttp import web

from parlance.apis.admin.faults import shown
from parlance.kernel.faults import Fault

CONTENT_TYPE = "application/json"
SAFE = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
)
"""What every answer carries; the third keeps pages of other origins from reading it."""


class Wrong(msgspec.Struct, omit_defaults=True):
    """What was wrong, by the core's own name for it."""

    code: str
    message: str
    field: str | None = None
    """Which part of the request."""


class Refusal(msgspec.Struct):
    """What a call answers that was refused, and changed nothing."""

    error: Wrong


class Done(msgspec.Struct):
    """Done; nothing more is said of it."""


_encode = msgspec.json.Encoder().encode


def answered(answer: Any, status: int) -> web.StreamResponse:
    """The answer as it is; one that is a response already has all it needs."""
    if isinstance(answer, web.StreamResponse):
        return answer
    return web.Response(body=_encode(answer), content_type=CONTENT_TYPE, status=status, headers=SAFE)


def refused(request: web.Request, fault: Fault) -> web.Response:
    """A fault, with an accurate HTTP status."""
    how = shown(fault.code)
    body = _encode(Refusal(Wrong(str(how.code), fault.sentence, fault.field)))
    response = web.Response(body=body, content_type=CONTENT_TYPE, status=how.status, headers=SAFE)
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response
