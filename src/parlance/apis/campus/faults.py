"""How this dialect shows each fault: HTTP status, code, Chinese words.

Codes of four digits are the campus app's own; what it has none for has its HTTP status as its code.
"""

from types import MappingProxyType

from parlance.kernel.faults import Fault, FaultCode
from parlance.web.routes import Shown

BAD_PARAMETER = Shown(400, 1001, "参数错误")
CREATE_FAILED = Shown(400, 7000, "创建群组失败")
UPDATE_FAILED = Shown(400, 7001, "更新群组失败")
DELETE_FAILED = Shown(400, 7002, "删除群组失败")
NOT_ADDED = Shown(400, 7004, "添加群成员失败")
NOT_REMOVED = Shown(400, 7005, "移除群成员失败")
NOT_ADMIN = Shown(403, 7008, "不是该群组的管理员")

TABLE = MappingProxyType(
    {
        FaultCode.MISSING_FIELD: BAD_PARAMETER,
        FaultCode.MISSING_APP: Shown(400, 1001, "缺少应用标识"),
        FaultCode.BAD_FORMAT: BAD_PARAMETER,
        FaultCode.MALFORMED: BAD_PARAMETER,
        FaultCode.BODY_TOO_LARGE: Shown(413, 413, "请求体过大"),
        FaultCode.UNKNOWN_ROUTE: Shown(404, 404, "地址不存在"),
        FaultCode.WRONG_METHOD: Shown(405, 405, "请求方法错误"),
        FaultCode.RATE_LIMITED: Shown(429, 429, "请求过于频繁"),
        FaultCode.BAD_CREDENTIAL: Shown(401, 401, "鉴权失败"),
        FaultCode.FOREIGN_CLIENT: Shown(403, 403, "无权代表该用户"),
        FaultCode.KEY_REQUIRED: Shown(403, 403, "需要服务端密钥"),
        FaultCode.NOT_LOGGED_IN: Shown(401, 401, "未登录"),
        FaultCode.UNKNOWN_APP: Shown(401, 401, "鉴权失败"),
        FaultCode.WRONG_SIGNATURE: Shown(401, 401, "鉴权失败"),
        FaultCode.SESSION_EXPIRED: Shown(401, 401, "鉴权失败"),
        FaultCode.SESSION_CONFLICT: Shown(401, 401, "鉴权失败"),
        FaultCode.UNKNOWN_CLIENT: Shown(404, 404, "用户不存在"),
        FaultCode.BAD_UNIQUE_ID: BAD_PARAMETER,
        FaultCode.BANNED: Shown(403, 403, "用户已被封禁"),
        FaultCode.UNKNOWN_CONVERSATION: Shown(404, 7003, "群组不存在"),
        FaultCode.UNKNOWN_MESSAGE: Shown(404, 404, "消息不存在"),
        FaultCode.NOT_A_MEMBER: NOT_ADMIN,
        FaultCode.NOT_PERMITTED: NOT_ADMIN,
        FaultCode.WRONG_KIND: CREATE_FAILED,
        FaultCode.FULL: NOT_ADDED,
        FaultCode.OWNER_STAYS: NOT_REMOVED,
        FaultCode.ALREADY_MEMBER: Shown(400, 7009, "用户已在该群组中"),
        FaultCode.WRONG_CODE: BAD_PARAMETER,
        FaultCode.NOT_THE_SENDER: NOT_ADMIN,
        FaultCode.SILENCED: NOT_ADMIN,
        FaultCode.SILENCED_FOR_NOW: NOT_ADMIN,
        FaultCode.BLOCKED: NOT_ADMIN,
        FaultCode.UNKNOWN_ROLE: BAD_PARAMETER,
        FaultCode.BAD_QUERY: BAD_PARAMETER,
        FaultCode.REJECTED_BY_APP: NOT_ADMIN,
        FaultCode.UNKNOWN_ORGANISATION: Shown(404, 7010, "机构或班级不存在"),
        FaultCode.ALREADY_NOTIFIED: Shown(409, 7011, "该班级今日已通知"),
        FaultCode.UNKNOWN_FILE: Shown(404, 404, "文件不存在"),
        FaultCode.WRONG_FILE_FORMAT: BAD_PARAMETER,
        FaultCode.WRONG_IMAGE: BAD_PARAMETER,
        FaultCode.PROVIDER_FAILED: Shown(502, 502, "上游服务失败"),
        FaultCode.UNAVAILABLE: Shown(503, 503, "服务暂不可用"),
        FaultCode.INTERNAL: Shown(500, 500, "服务器内部错误"),
    }
)


def shown(code: FaultCode) -> Shown:
    """How a fault of that code is shown, where a call does not show it in its own way."""
    return TABLE[code]


def words_of(fault: Fault, how: Shown) -> str:
    """The words, then which field was wrong and why."""
    named = how.words if fault.field is None else f"{how.words}：{fault.field}"
    return named if fault.reason is None else f"{named}（{fault.reason}）"
