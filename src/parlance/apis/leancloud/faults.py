"""How this dialect shows each fault: HTTP status, LeanCloud's code, LeanCloud's word for it."""

from types import MappingProxyType

from parlance.kernel.faults import Fault, FaultCode
from parlance.web.routes import Shown

BAD_REQUEST = Shown(400, 1, "Bad request.")
UNAUTHORIZED = Shown(401, 401, "Unauthorized.")
FORBIDDEN = Shown(403, 403, "Forbidden.")
NOT_FOUND = Shown(404, 101, "Object not found.")

TABLE = MappingProxyType(
    {
        FaultCode.MISSING_FIELD: BAD_REQUEST,
        FaultCode.MISSING_APP: UNAUTHORIZED,
        FaultCode.BAD_FORMAT: BAD_REQUEST,
        FaultCode.MALFORMED: Shown(400, 107, "Malformed json object. A json dictionary is expected."),
        FaultCode.BODY_TOO_LARGE: Shown(413, 413, "Request entity too large."),
        FaultCode.UNKNOWN_ROUTE: Shown(404, 404, "Not found."),
        FaultCode.WRONG_METHOD: Shown(405, 405, "Method not allowed."),
        FaultCode.RATE_LIMITED: Shown(429, 429, "Too many requests."),
        FaultCode.BAD_CREDENTIAL: UNAUTHORIZED,
        FaultCode.FOREIGN_CLIENT: FORBIDDEN,
        FaultCode.KEY_REQUIRED: FORBIDDEN,
        FaultCode.NOT_LOGGED_IN: UNAUTHORIZED,
        FaultCode.UNKNOWN_APP: Shown(401, 4100, "APP_NOT_AVAILABLE"),
        FaultCode.WRONG_SIGNATURE: Shown(401, 4102, "SIGNATURE_FAILED"),
        FaultCode.SESSION_EXPIRED: Shown(401, 4112, "SESSION_TOKEN_EXPIRED"),
        FaultCode.SESSION_CONFLICT: Shown(409, 4111, "SESSION_CONFLICT"),
        FaultCode.UNKNOWN_CLIENT: Shown(404, 211, "Could not find user."),
        FaultCode.BAD_UNIQUE_ID: BAD_REQUEST,
        FaultCode.BANNED: Shown(403, 4106, "BLACKLISTED"),
        FaultCode.UNKNOWN_CONVERSATION: Shown(404, 4303, "CONVERSATION_NOT_FOUND"),
        FaultCode.UNKNOWN_MESSAGE: Shown(404, 4404, "MESSAGE_NOT_FOUND"),
        FaultCode.NOT_A_MEMBER: Shown(403, 4317, "CONVERSATION_MEMBERSHIP_REQUIRED"),
        FaultCode.NOT_PERMITTED: Shown(403, 4320, "CONVERSATION_OPERATION_UNAUTHORIZED"),
        FaultCode.WRONG_KIND: Shown(400, 4314, "NORMAL_CONVERSATION_REQUIRED"),
        FaultCode.FULL: Shown(400, 4304, "CONVERSATION_FULL"),
        FaultCode.OWNER_STAYS: Shown(400, 4324, "CONVERSATION_NEED_OWNER"),
        FaultCode.ALREADY_MEMBER: BAD_REQUEST,
        FaultCode.WRONG_CODE: BAD_REQUEST,
        FaultCode.NOT_THE_SENDER: Shown(403, 4403, "MESSAGE_OWNERSHIP_REQUIRED"),
        FaultCode.SILENCED: Shown(403, 4563, "SILIENCED"),
        FaultCode.SILENCED_FOR_NOW: Shown(403, 4315, "CONVERSATION_TEMPORARY_BLACKLISTED"),
        FaultCode.BLOCKED: Shown(403, 4548, "BLOCKED_BY_CONV"),
        FaultCode.UNKNOWN_ROLE: Shown(400, 4321, "UNKNOWN_CONVERSATION_ROLE"),
        FaultCode.BAD_QUERY: Shown(400, 4310, "CONVERSATION_QUERY_FAILED"),
        FaultCode.REJECTED_BY_APP: Shown(403, 4305, "CONVERSATION_REJECTED_BY_APP"),
        FaultCode.UNKNOWN_ORGANISATION: NOT_FOUND,
        FaultCode.ALREADY_NOTIFIED: BAD_REQUEST,
        FaultCode.UNKNOWN_FILE: NOT_FOUND,
        FaultCode.WRONG_FILE_FORMAT: BAD_REQUEST,
        FaultCode.WRONG_IMAGE: BAD_REQUEST,
        FaultCode.PROVIDER_FAILED: Shown(502, 502, "Bad gateway."),
        FaultCode.UNAVAILABLE: Shown(503, 503, "Service unavailable."),
        FaultCode.INTERNAL: Shown(500, 1, "Internal server error."),
    }
)

_OWN_NAMES = MappingProxyType(
    {
        "client_ids": "client_ids",
        "to_client_ids": "m",
        "mention_client_ids": "mention_client_ids",
        "text": "message",
        "conv_extend": "attr",
    }
)
"""What this dialect calls what the core calls otherwise."""


def shown(code: FaultCode) -> Shown:
    """How a fault of that code is shown."""
    return TABLE[code]


def words_of(fault: Fault) -> str:
    """LeanCloud's word, where it has one for this alone; else which field was wrong and why.

    Strangers are not told what was wrong with what they showed.
    """
    how = TABLE[fault.code]
    if how.words.isupper() or how is UNAUTHORIZED:
        return how.words
    if fault.field is None and fault.reason is None:
        return how.words
    field = None if fault.field is None else _OWN_NAMES.get(fault.field, fault.field)
    why = fault.reason or fault.code.value
    return why if field is None or field in why else f"{field}: {why}"
