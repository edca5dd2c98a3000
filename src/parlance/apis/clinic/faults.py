"""How this dialect shows each fault: HTTP status, code, Chinese words.

A code is its HTTP status and two digits more, which tell apart what has the same status. A conversation that
one is not in is shown exactly as one that there is not.
"""

from types import MappingProxyType

from parlance.kernel.faults import Fault, FaultCode
from parlance.web.routes import Shown

MISSING = Shown(400, 40001, "缺少参数")
WRONG = Shown(400, 40002, "参数错误")
REFUSED = Shown(401, 40100, "鉴权失败")
NOT_PERMITTED = Shown(403, 40300, "无权限")
NOWHERE = Shown(404, 40400, "地址不存在")
NO_CONVERSATION = Shown(404, 40401, "会话不存在")

TABLE = MappingProxyType(
    {
        FaultCode.MISSING_FIELD: MISSING,
        FaultCode.MISSING_APP: REFUSED,
        FaultCode.BAD_FORMAT: WRONG,
        FaultCode.MALFORMED: Shown(400, 40003, "请求体格式错误"),
        FaultCode.BODY_TOO_LARGE: Shown(413, 41300, "请求体过大"),
        FaultCode.UNKNOWN_ROUTE: NOWHERE,
        FaultCode.WRONG_METHOD: Shown(405, 40500, "请求方法错误"),
        FaultCode.RATE_LIMITED: Shown(429, 42900, "请求过于频繁"),
        FaultCode.BAD_CREDENTIAL: REFUSED,
        FaultCode.FOREIGN_CLIENT: Shown(403, 40301, "无权代表该用户"),
        FaultCode.KEY_REQUIRED: NOT_PERMITTED,
        FaultCode.NOT_LOGGED_IN: REFUSED,
        FaultCode.UNKNOWN_APP: REFUSED,
        FaultCode.WRONG_SIGNATURE: REFUSED,
        FaultCode.SESSION_EXPIRED: REFUSED,
        FaultCode.SESSION_CONFLICT: REFUSED,
        FaultCode.UNKNOWN_CLIENT: Shown(404, 40402, "用户不存在"),
        FaultCode.BAD_UNIQUE_ID: WRONG,
        FaultCode.BANNED: Shown(403, 40302, "用户已被封禁"),
        FaultCode.UNKNOWN_CONVERSATION: NO_CONVERSATION,
        FaultCode.UNKNOWN_MESSAGE: NOWHERE,
        FaultCode.NOT_A_MEMBER: NO_CONVERSATION,
        FaultCode.NOT_PERMITTED: NOT_PERMITTED,
        FaultCode.WRONG_KIND: Shown(400, 40004, "会话类型错误"),
        FaultCode.FULL: Shown(400, 40005, "群成员已满"),
        FaultCode.OWNER_STAYS: NOT_PERMITTED,
        FaultCode.ALREADY_MEMBER: WRONG,
        FaultCode.WRONG_CODE: WRONG,
        FaultCode.NOT_THE_SENDER: NOT_PERMITTED,
        FaultCode.SILENCED: NOT_PERMITTED,
        FaultCode.SILENCED_FOR_NOW: NOT_PERMITTED,
        FaultCode.BLOCKED: NOT_PERMITTED,
        FaultCode.UNKNOWN_ROLE: WRONG,
        FaultCode.BAD_QUERY: WRONG,
        FaultCode.REJECTED_BY_APP: NOT_PERMITTED,
        FaultCode.UNKNOWN_ORGANISATION: NOWHERE,
        FaultCode.ALREADY_NOTIFIED: WRONG,
        FaultCode.UNKNOWN_FILE: NOWHERE,
        FaultCode.WRONG_FILE_FORMAT: WRONG,
        FaultCode.WRONG_IMAGE: WRONG,
        FaultCode.PROVIDER_FAILED: Shown(502, 50200, "上游服务失败"),
        FaultCode.UNAVAILABLE: Shown(503, 50300, "服务暂不可用"),
        FaultCode.INTERNAL: Shown(500, 50000, "服务器内部错误"),
    }
)

_OWN_NAMES = MappingProxyType(
    {
        "client_id": "from_id",
        "from_client": "from_id",
        "to_client_id": "to_id",
        "to_client_ids": "to_id",
        "owner": "owner_id",
        "avatar": "img",
        "text": "msg",
        "url": "msg",
        "type": "msg_type",
        "page": "page_no",
    }
)
"""What this dialect calls what the core calls otherwise."""


def shown(code: FaultCode) -> Shown:
    """How a fault of that code is shown."""
    return TABLE[code]


def words_of(fault: Fault) -> str:
    """The words, then which field was wrong and why."""
    how = TABLE[fault.code]
    if how is NO_CONVERSATION:
        return how.words
    field = None if fault.field is None else _OWN_NAMES.get(fault.field, fault.field)
    named = how.words if field is None else f"{how.words}：{field}"
    return named if fault.reason is None else f"{named}（{fault.reason}）"
