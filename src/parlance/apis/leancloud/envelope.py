"""Answers stand by themselves; refusals are `{code, error}`."""

from typing import Any

import msgspec
from aiohttp import web

from parlance.apis.leancloud.faults import shown, words_of
from parlance.kernel.faults import Fault

CONTENT_TYPE = "application/json"


class Refusal(msgspec.Struct):
    """What a call answers that was refused, and changed nothing."""

    code: int
    error: str
    """LeanCloud's word for it, or which field was wrong and why."""


_encode = msgspec.json.Encoder().encode


def answered(answer: Any, status: int = 200) -> web.Response:
    """The answer as it is."""
    return web.Response(body=_encode(answer), content_type=CONTENT_TYPE, status=status)


def refused(request: web.Request, fault: Fault) -> web.Response:
    """A fault in this dialect's words. Helpers of the clients look at `code` alone, and at the type."""
    how = shown(fault.code)
    code = int(how.code) if fault.app_code is None else fault.app_code
    response = web.Response(body=_encode(Refusal(code, words_of(fault))), content_type=CONTENT_TYPE, status=how.status)
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response
