"""Answers stand by themselves; refusals are `{code, message}`."""

from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import web

from parlance.apis.campus.faults import TABLE, words_of
from parlance.kernel.faults import Fault, FaultCode
from parlance.web.routes import Shown

CONTENT_TYPE = "application/json"
_AS_EVERYWHERE: Mapping[FaultCode, Shown] = {}


class Refusal(msgspec.Struct):
    """What a call answers that was refused, and changed nothing."""

    code: int
    message: str
    """In Chinese."""


_encode = msgspec.json.Encoder().encode


def answered(answer: Any, status: int) -> web.Response:
    """The answer, or nothing where there is nothing to say."""
    if answer is None:
        return web.Response(status=204)
    return web.Response(body=_encode(answer), content_type=CONTENT_TYPE, status=status)


def refused(request: web.Request, fault: Fault, otherwise: Mapping[FaultCode, Shown] = _AS_EVERYWHERE) -> web.Response:
    """A fault in this dialect's words; `otherwise` is what a call shows in its own way."""
    how = otherwise.get(fault.code) or TABLE[fault.code]
    refusal = Refusal(int(how.code), words_of(fault, how))
    response = web.Response(body=_encode(refusal), content_type=CONTENT_TYPE, status=how.status)
    if how.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response
