"""The server's own addresses, and how it refuses what is no dialect's."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import msgspec
from aiohttp import web

from parlance.kernel.faults import Fault, FaultCode
from parlance.web.routes import Dialect, Route, Shown

STATUS = MappingProxyType(
    {
        FaultCode.MISSING_FIELD: 400,
        FaultCode.MISSING_APP: 401,
        FaultCode.BAD_FORMAT: 400,
        FaultCode.MALFORMED: 400,
        FaultCode.BODY_TOO_LARGE: 413,
        FaultCode.UNKNOWN_ROUTE: 404,
        FaultCode.WRONG_METHOD: 405,
        FaultCode.RATE_LIMITED: 429,
        FaultCode.BAD_CREDENTIAL: 401,
        FaultCode.FOREIGN_CLIENT: 403,
        FaultCode.KEY_REQUIRED: 403,
        FaultCode.NOT_LOGGED_IN: 401,
        FaultCode.UNKNOWN_APP: 401,
        FaultCode.WRONG_SIGNATURE: 401,
        FaultCode.SESSION_EXPIRED: 401,
        FaultCode.SESSION_CONFLICT: 401,
        FaultCode.UNKNOWN_CLIENT: 404,
        FaultCode.BAD_UNIQUE_ID: 400,
        FaultCode.BANNED: 403,
        FaultCode.UNKNOWN_CONVERSATION: 404,
        FaultCode.UNKNOWN_MESSAGE: 404,
        FaultCode.NOT_A_MEMBER: 403,
        FaultCode.NOT_PERMITTED: 403,
        FaultCode.WRONG_KIND: 400,
        FaultCode.FULL: 409,
        FaultCode.OWNER_STAYS: 400,
        FaultCode.ALREADY_MEMBER: 409,
        FaultCode.WRONG_CODE: 400,
        FaultCode.NOT_THE_SENDER: 403,
        FaultCode.SILENCED: 403,
        FaultCode.SILENCED_FOR_NOW: 403,
        FaultCode.BLOCKED: 403,
        FaultCode.UNKNOWN_ROLE: 400,
        FaultCode.BAD_QUERY: 400,
        FaultCode.REJECTED_BY_APP: 403,
        FaultCode.UNKNOWN_ORGANISATION: 404,
        FaultCode.ALREADY_NOTIFIED: 409,
        FaultCode.UNKNOWN_FILE: 404,
        FaultCode.WRONG_FILE_FORMAT: 400,
        FaultCode.WRONG_IMAGE: 400,
        FaultCode.PROVIDER_FAILED: 502,
        FaultCode.UNAVAILABLE: 503,
        FaultCode.INTERNAL: 500,
    }
)
"""What each fault is in HTTP, for clients who know what the numbers mean."""


class ServerRefusal(msgspec.Struct):
    """What was wrong."""

    code: str
    message: str


def shown(code: FaultCode) -> Shown:
    """How a fault is shown at the server's own addresses."""
    return Shown(STATUS[code], code.name.lower(), code.value)


def refused(request: web.Request, fault: Fault) -> web.Response:
    """Refuse in JSON, with an accurate HTTP status."""
    how = shown(fault.code)
    body = msgspec.json.encode(ServerRefusal(str(how.code), fault.sentence))
    response = web.Response(body=body, content_type="application/json", status=how.status)
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


def house(*tables: Sequence[Route[Any]]) -> Dialect:
    """The server's own addresses; rows here serve aiohttp's requests as they are."""
    return Dialect(
        name="server",
        title="Server",
        description="What the server says about itself, and where RongCloud tells it what was said there.",
        prefixes=("/",),
        routes=[route for table in tables for route in table],
        handler=lambda route: route.serve,
        refuse=refused,
        shown=shown,
        refusal=ServerRefusal,
        headers=("Content-Type",),
    )
