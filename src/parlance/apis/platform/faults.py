"""How this dialect shows each fault: HTTP status, code, and the words of its document's status table.

The document's codes come with HTTP 200, as its clients expect. What the document has no code for has an
HTTP status of its own and code 1.
"""

from types import MappingProxyType

from parlance.kernel.faults import Fault, FaultCode
from parlance.web.routes import Shown

SUCCESS = 0
SERVER_ERROR = "Internal server error. No information available"
MISSING_PARAMETER = "参数缺失"
WRONG_FORMAT = "错误的参数格式"
NOT_PERMITTED = "无权限"

TABLE = MappingProxyType(
    {
        FaultCode.MISSING_FIELD: Shown(200, 4001, MISSING_PARAMETER),
        FaultCode.MISSING_APP: Shown(200, 4002, "头信息缺失"),
        FaultCode.BAD_FORMAT: Shown(200, 4406, WRONG_FORMAT),
        FaultCode.MALFORMED: Shown(200, 4406, WRONG_FORMAT),
        FaultCode.BODY_TOO_LARGE: Shown(413, 1, "请求体过大"),
        FaultCode.UNKNOWN_ROUTE: Shown(404, 1, "地址不存在"),
        FaultCode.WRONG_METHOD: Shown(405, 1, "请求方法错误"),
        FaultCode.RATE_LIMITED: Shown(429, 4029, "请求过于频繁"),
        FaultCode.BAD_CREDENTIAL: Shown(401, 1, "鉴权失败"),
        FaultCode.FOREIGN_CLIENT: Shown(403, 1, NOT_PERMITTED),
        FaultCode.KEY_REQUIRED: Shown(403, 1, NOT_PERMITTED),
        FaultCode.NOT_LOGGED_IN: Shown(401, 1, "未登录"),
        FaultCode.UNKNOWN_APP: Shown(401, 1, "鉴权失败"),
        FaultCode.WRONG_SIGNATURE: Shown(401, 1, "鉴权失败"),
        FaultCode.SESSION_EXPIRED: Shown(401, 1, "鉴权失败"),
        FaultCode.SESSION_CONFLICT: Shown(401, 1, "鉴权失败"),
        FaultCode.UNKNOWN_CLIENT: Shown(200, 211, "未知用户"),
        FaultCode.BAD_UNIQUE_ID: Shown(200, 212, "unique_id 不符合要求"),
        FaultCode.BANNED: Shown(200, 213, "账号封禁"),
        FaultCode.UNKNOWN_CONVERSATION: Shown(200, 4011, "未知会话"),
        FaultCode.UNKNOWN_MESSAGE: Shown(200, 4012, "未知消息"),
        FaultCode.NOT_A_MEMBER: Shown(200, 4013, "非会话成员"),
        FaultCode.NOT_PERMITTED: Shown(200, 4014, NOT_PERMITTED),
        FaultCode.WRONG_KIND: Shown(200, 4405, "错误的会话类型"),
        FaultCode.FULL: Shown(200, 4014, NOT_PERMITTED),
        FaultCode.OWNER_STAYS: Shown(200, 4014, NOT_PERMITTED),
        FaultCode.ALREADY_MEMBER: Shown(200, 4014, NOT_PERMITTED),
        FaultCode.WRONG_CODE: Shown(200, 4014, NOT_PERMITTED),
        FaultCode.NOT_THE_SENDER: Shown(200, 4014, NOT_PERMITTED),
        FaultCode.SILENCED: Shown(200, 4014, NOT_PERMITTED),
        FaultCode.SILENCED_FOR_NOW: Shown(200, 4014, NOT_PERMITTED),
        FaultCode.BLOCKED: Shown(200, 4014, NOT_PERMITTED),
        FaultCode.UNKNOWN_ROLE: Shown(200, 4406, WRONG_FORMAT),
        FaultCode.BAD_QUERY: Shown(200, 4406, WRONG_FORMAT),
        FaultCode.REJECTED_BY_APP: Shown(200, 4014, NOT_PERMITTED),
        FaultCode.UNKNOWN_ORGANISATION: Shown(404, 1, "机构或班级不存在"),
        FaultCode.ALREADY_NOTIFIED: Shown(409, 1, "今日已通知"),
        FaultCode.UNKNOWN_FILE: Shown(404, 1, "文件不存在"),
        FaultCode.WRONG_FILE_FORMAT: Shown(200, 4601, "错误的文件格式"),
        FaultCode.WRONG_IMAGE: Shown(200, 4601, "错误的文件格式"),
        FaultCode.PROVIDER_FAILED: Shown(502, 1, "上游服务失败"),
        FaultCode.UNAVAILABLE: Shown(503, 1, "服务暂不可用"),
        FaultCode.INTERNAL: Shown(500, 1, SERVER_ERROR),
    }
)


def shown(code: FaultCode) -> Shown:
    """How a fault of that code is shown."""
    return TABLE[code]


def words_of(fault: Fault) -> str:
    """The document's words, and what precisely was wrong behind them."""
    words = TABLE[fault.code].words
    detail = fault.field if fault.reason is None else fault.sentence
    return words if not detail else f"{words}: {detail}"
