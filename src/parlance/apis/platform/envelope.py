"""The envelope around every answer: `{code, message, data, request-id}`."""

from typing import Any, Literal

import msgspec
from aiohttp import web

from parlance.apis.platform.faults import shown, words_of
from parlance.kernel.faults import Fault
from parlance.web.request_ids import fit

CONTENT_TYPE = "application/json"
NAMES = {"request_id": "request-id"}


class Answer(msgspec.Struct, rename=NAMES):
    """What a call answers that did what it was asked."""

    code: Literal[0]
    message: Literal["ok"]
    data: Any
    request_id: str | None
    """The request's own `Request-Id` header."""


class Refusal(msgspec.Struct, rename=NAMES):
    """What a call answers that was refused, and changed nothing."""

    code: int
    message: str
    data: None
    request_id: str | None
    """The request's own `Request-Id` header."""


_encode = msgspec.json.Encoder().encode


def answered(request: web.Request, data: Any) -> web.Response:
    """Put `data` in its envelope."""
    whole = Answer(0, "ok", data, _echo(request))
    return web.Response(body=_encode(whole), content_type=CONTENT_TYPE)


def refused(request: web.Request, fault: Fault) -> web.Response:
    """Put a fault in its envelope."""
    how = shown(fault.code)
    whole = Refusal(int(how.code), words_of(fault), None, _echo(request))
    response = web.Response(body=_encode(whole), content_type=CONTENT_TYPE, status=how.status)
    if how.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


def _echo(request: web.Request) -> str | None:
    return fit(request.headers.get("Request-Id"))
