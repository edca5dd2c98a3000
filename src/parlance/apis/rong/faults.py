"""How this dialect shows each fault: HTTP status, the key that the words stand under, and the words.

The words are those that Django REST framework says in Chinese, wherever it has any. Under `detail` stands one
sentence; under a field (the one that was wrong, else the one named here) a list of them.
"""

from types import MappingProxyType

from parlance.kernel.faults import Fault, FaultCode
from parlance.web.routes import Shown

DETAIL = "detail"
NO_FIELD = "non_field_errors"
"""What Django REST framework calls the field of what is wrong with all of them."""

REQUIRED = "该字段是必填项。"
INVALID = "无效的输入。"
NOT_FOUND = "未找到。"
NOT_SHOWN = "身份认证信息未提供。"
REFUSED = "不正确的身份认证信息。"
NOT_PERMITTED = "您没有执行该操作的权限。"
NO_IMAGE = "请上传有效图片。您上传的该文件不是图片或者图片已经损坏。"

TABLE = MappingProxyType(
    {
        FaultCode.MISSING_FIELD: Shown(400, NO_FIELD, REQUIRED),
        FaultCode.MISSING_APP: Shown(401, DETAIL, NOT_SHOWN),
        FaultCode.BAD_FORMAT: Shown(400, NO_FIELD, INVALID),
        FaultCode.MALFORMED: Shown(400, DETAIL, "错误的请求。"),
        FaultCode.BODY_TOO_LARGE: Shown(413, DETAIL, "请求体过大。"),
        FaultCode.UNKNOWN_ROUTE: Shown(404, DETAIL, NOT_FOUND),
        FaultCode.WRONG_METHOD: Shown(405, DETAIL, "方法 “{method}” 不被允许。"),
        FaultCode.RATE_LIMITED: Shown(429, DETAIL, "请求已被限流。"),
        FaultCode.BAD_CREDENTIAL: Shown(401, DETAIL, REFUSED),
        FaultCode.FOREIGN_CLIENT: Shown(403, DETAIL, NOT_PERMITTED),
        FaultCode.KEY_REQUIRED: Shown(403, DETAIL, NOT_PERMITTED),
        FaultCode.NOT_LOGGED_IN: Shown(401, DETAIL, NOT_SHOWN),
        FaultCode.UNKNOWN_APP: Shown(401, DETAIL, REFUSED),
        FaultCode.WRONG_SIGNATURE: Shown(401, DETAIL, REFUSED),
        FaultCode.SESSION_EXPIRED: Shown(401, DETAIL, REFUSED),
        FaultCode.SESSION_CONFLICT: Shown(401, DETAIL, REFUSED),
        FaultCode.UNKNOWN_CLIENT: Shown(400, "userid", "用户不存在。"),
        FaultCode.BAD_UNIQUE_ID: Shown(400, "userid", INVALID),
        FaultCode.BANNED: Shown(403, DETAIL, "该账号已被封禁。"),
        FaultCode.UNKNOWN_CONVERSATION: Shown(404, DETAIL, NOT_FOUND),
        FaultCode.UNKNOWN_MESSAGE: Shown(404, DETAIL, NOT_FOUND),
        FaultCode.NOT_A_MEMBER: Shown(403, DETAIL, "您不在该群组中。"),
        FaultCode.NOT_PERMITTED: Shown(403, DETAIL, NOT_PERMITTED),
        FaultCode.WRONG_KIND: Shown(400, DETAIL, "该会话不是群组。"),
        FaultCode.FULL: Shown(400, DETAIL, "群组人数已满。"),
        FaultCode.OWNER_STAYS: Shown(400, DETAIL, "群主不能退出群组，只能解散群组。"),
        FaultCode.ALREADY_MEMBER: Shown(400, DETAIL, "用户已在该群组中。"),
        FaultCode.WRONG_CODE: Shown(400, "code", "面对面建群的号码不正确或者已失效。"),
        FaultCode.NOT_THE_SENDER: Shown(403, DETAIL, NOT_PERMITTED),
        FaultCode.SILENCED: Shown(403, DETAIL, NOT_PERMITTED),
        FaultCode.SILENCED_FOR_NOW: Shown(403, DETAIL, NOT_PERMITTED),
        FaultCode.BLOCKED: Shown(403, DETAIL, NOT_PERMITTED),
        FaultCode.UNKNOWN_ROLE: Shown(400, NO_FIELD, INVALID),
        FaultCode.BAD_QUERY: Shown(400, NO_FIELD, INVALID),
        FaultCode.REJECTED_BY_APP: Shown(403, DETAIL, NOT_PERMITTED),
        FaultCode.UNKNOWN_ORGANISATION: Shown(404, DETAIL, NOT_FOUND),
        FaultCode.ALREADY_NOTIFIED: Shown(409, DETAIL, "今日已通知。"),
        FaultCode.UNKNOWN_FILE: Shown(404, DETAIL, NOT_FOUND),
        FaultCode.WRONG_FILE_FORMAT: Shown(400, "cover", NO_IMAGE),
        FaultCode.WRONG_IMAGE: Shown(400, "cover", NO_IMAGE),
        FaultCode.PROVIDER_FAILED: Shown(502, DETAIL, "融云服务请求失败。"),
        FaultCode.UNAVAILABLE: Shown(503, DETAIL, "服务暂时不可用，请稍后再试。"),
        FaultCode.INTERNAL: Shown(500, DETAIL, "服务器出现了错误。"),
    }
)

_WITH_REASON = frozenset({FaultCode.BAD_FORMAT, FaultCode.MALFORMED, FaultCode.BODY_TOO_LARGE})
"""Where what precisely was wrong helps the caller; elsewhere the table says it all."""


def shown(code: FaultCode) -> Shown:
    """How a fault of that code is shown."""
    return TABLE[code]


def words_of(fault: Fault, method: str) -> str:
    """The sentence for a fault. What was said in Chinese where it was found is said as it is."""
    words = TABLE[fault.code].words
    if fault.code is FaultCode.WRONG_METHOD:
        return words.format(method=method)
    if fault.code is FaultCode.RATE_LIMITED and fault.retry_after is not None:
        return f"{words} 预计 {fault.retry_after} 秒后可用。"
    if fault.reason is None or fault.code not in _WITH_REASON:
        return words
    return f"{words}（{fault.reason}）" if fault.reason.isascii() else fault.reason
