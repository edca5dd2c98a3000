"""How this API shows each fault: HTTP status, and the core's own name for it."""

from types import MappingProxyType

from parlance.kernel.faults import FaultCode
from parlance.web.routes import Shown

_STATUS = MappingProxyType(
    {
        FaultCode.MISSING_FIELD: 400,
        FaultCode.MISSING_APP: 400,
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
        FaultCode.UNKNOWN_APP: 404,
        FaultCode.WRONG_SIGNATURE: 403,
        FaultCode.SESSION_EXPIRED: 401,
        FaultCode.SESSION_CONFLICT: 409,
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

TABLE = MappingProxyType({code: Shown(status, code.name.lower(), code.value) for code, status in _STATUS.items()})


def shown(code: FaultCode) -> Shown:
    """How a fault of that code is shown."""
    return TABLE[code]
