"""The status table: every fault has its place in it, and the document's words."""

import msgspec
import pytest
from aiohttp.test_utils import make_mocked_request

from parlance.apis.platform.envelope import refused
from parlance.apis.platform.faults import TABLE
from parlance.kernel.faults import Fault, FaultCode, bad_format, missing

DOCUMENTED = {
    1: "Internal server error. No information available",
    211: "未知用户",
    212: "unique_id 不符合要求",
    213: "账号封禁",
    4001: "参数缺失",
    4002: "头信息缺失",
    4405: "错误的会话类型",
    4406: "错误的参数格式",
}
ADDED = {
    4011: "未知会话",
    4012: "未知消息",
    4013: "非会话成员",
    4014: "无权限",
    4029: "请求过于频繁",
    4601: "错误的文件格式",
}


def test_the_table_is_total() -> None:
    """Every fault of the core is in it, and no stranger."""
    assert set(FaultCode) == set(TABLE)


def test_the_documents_words() -> None:
    """The document's codes have the document's words, the added ones the contract's; there are no others."""
    shown = {int(how.code) for how in TABLE.values()}
    assert {*DOCUMENTED, *ADDED} == shown
    assert DOCUMENTED[1] == TABLE[FaultCode.INTERNAL].words
    for how in TABLE.values():
        if how.code != 1:
            assert {**DOCUMENTED, **ADDED}[int(how.code)] == how.words


def test_the_documents_codes_come_with_200() -> None:
    """Except for what has an HTTP status of its own, whose code is 1, and 429."""
    for how in TABLE.values():
        assert (how.status == 200) == (how.code not in (1, 4029))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (missing("client_id"), "参数缺失: client_id"),
        (
            bad_format("ttl", "a lifetime is 1 second to 30 days"),
            "错误的参数格式: ttl: a lifetime is 1 second to 30 days",
        ),
        (Fault(FaultCode.UNKNOWN_CONVERSATION), "未知会话"),
        (Fault(FaultCode.UNKNOWN_CLIENT, "unknown user: zoe"), "未知用户: unknown user: zoe"),
    ],
)
def test_a_message_names_the_field(fault: Fault, message: str) -> None:
    """The document's words first, then what precisely was wrong."""
    answer = refused(make_mocked_request("GET", "/im/users"), fault)
    assert isinstance(answer.body, bytes)
    assert message == msgspec.json.decode(answer.body)["message"]


def test_when_to_come_back() -> None:
    """A fault that passes says when."""
    answer = refused(make_mocked_request("GET", "/im/users"), Fault(FaultCode.RATE_LIMITED, retry_after=7))
    assert (429, "7") == (answer.status, answer.headers["Retry-After"])
