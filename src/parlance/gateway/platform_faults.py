"""How the platform protocol says what is refused (wire: platform#error-codes)."""

from parlance.kernel.faults import FaultCode
from parlance.protocols.platform.codes import ErrorCode

CODES: dict[FaultCode, ErrorCode] = {
    FaultCode.MISSING_FIELD: ErrorCode.MISSING,
    FaultCode.MISSING_APP: ErrorCode.MISSING_HEADER,
    FaultCode.BAD_FORMAT: ErrorCode.BAD_FORMAT,
    FaultCode.MALFORMED: ErrorCode.BAD_FORMAT,
    FaultCode.BODY_TOO_LARGE: ErrorCode.OTHER,
    FaultCode.UNKNOWN_ROUTE: ErrorCode.OTHER,
    FaultCode.WRONG_METHOD: ErrorCode.OTHER,
    FaultCode.RATE_LIMITED: ErrorCode.RATE_LIMITED,
    FaultCode.BAD_CREDENTIAL: ErrorCode.OTHER,
    FaultCode.FOREIGN_CLIENT: ErrorCode.OTHER,
    FaultCode.KEY_REQUIRED: ErrorCode.OTHER,
    FaultCode.NOT_LOGGED_IN: ErrorCode.OTHER,
    FaultCode.UNKNOWN_CLIENT: ErrorCode.UNKNOWN_CLIENT,
    FaultCode.BAD_UNIQUE_ID: ErrorCode.BAD_UNIQUE_ID,
    FaultCode.BANNED: ErrorCode.BANNED,
    FaultCode.UNKNOWN_CONVERSATION: ErrorCode.UNKNOWN_CONVERSATION,
    FaultCode.UNKNOWN_MESSAGE: ErrorCode.UNKNOWN_MESSAGE,
    FaultCode.NOT_A_MEMBER: ErrorCode.NOT_A_MEMBER,
    FaultCode.NOT_PERMITTED: ErrorCode.NOT_PERMITTED,
    FaultCode.WRONG_KIND: ErrorCode.WRONG_KIND,
    FaultCode.FULL: ErrorCode.NOT_PERMITTED,
    FaultCode.OWNER_STAYS: ErrorCode.NOT_PERMITTED,
    FaultCode.ALREADY_MEMBER: ErrorCode.NOT_PERMITTED,
    FaultCode.WRONG_CODE: ErrorCode.NOT_PERMITTED,
    FaultCode.UNKNOWN_ORGANISATION: ErrorCode.OTHER,
    FaultCode.ALREADY_NOTIFIED: ErrorCode.OTHER,
    FaultCode.UNKNOWN_FILE: ErrorCode.OTHER,
    FaultCode.WRONG_FILE_FORMAT: ErrorCode.WRONG_FILE_FORMAT,
    FaultCode.WRONG_IMAGE: ErrorCode.WRONG_FILE_FORMAT,
    FaultCode.PROVIDER_FAILED: ErrorCode.OTHER,
    FaultCode.UNAVAILABLE: ErrorCode.OTHER,
    FaultCode.INTERNAL: ErrorCode.OTHER,
}
"""Every fault of the catalogue."""
