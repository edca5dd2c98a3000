"""Answers stand by themselves; refusals are `{"detail": …}`, or the field that was wrong with what was wrong in it."""

from typing import Any

import msgspec
from aiohttp import web

from parlance.apis.rong.auth import CHALLENGE
from parlance.apis.rong.faults import DETAIL, shown, words_of
from parlance.kernel.faults import Fault

CONTENT_TYPE = "application/json"
DONE = "操作成功"

FieldErrors = dict[str, list[str]]
"""What was wrong with which field."""


class Detail(msgspec.Struct):
    """One sentence: what was wrong, or that all is well."""

    detail: str


_encode = msgspec.json.Encoder().encode


def answered(data: Any, status: int) -> web.Response:
    """An answer as it is."""
    return web.Response(body=_encode(data), content_type=CONTENT_TYPE, status=status)


def refused(request: web.Request, fault: Fault) -> web.Response:
    """A fault under its field, or under `detail`."""
    how = shown(fault.code)
    words = words_of(fault, request.method)
    if how.code == DETAIL:
        body: Detail | FieldErrors = Detail(words)
    else:
        body = {fault.field or str(how.code): [words]}
    response = web.Response(body=_encode(body), content_type=CONTENT_TYPE, status=how.status)
    if how.status == 401:
        response.headers["WWW-Authenticate"] = CHALLENGE
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response
