"""The table of refusals: every fault has its place in it."""

import msgspec
import pytest
from aiohttp.test_utils import make_mocked_request

from parlance.apis.rong.envelope import refused
from parlance.apis.rong.faults import DETAIL, TABLE
from parlance.kernel.faults import Fault, FaultCode, bad_format, missing


def test_the_table_is_total() -> None:
    """Every fault of the core is in it, and no stranger."""
    assert set(FaultCode) == set(TABLE)


def test_a_field_is_for_what_was_sent() -> None:
    """Only a 400 stands under a field; all else is a `detail`."""
    assert {400} == {how.status for how in TABLE.values() if how.code != DETAIL}


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (missing("name"), 400, {"name": ["该字段是必填项。"]}),
        (bad_format("name", "不是有效的字符串。"), 400, {"name": ["不是有效的字符串。"]}),
        (bad_format("name", "too long"), 400, {"name": ["无效的输入。（too long）"]}),
        (Fault(FaultCode.BAD_FORMAT), 400, {"non_field_errors": ["无效的输入。"]}),
        (Fault(FaultCode.UNKNOWN_CLIENT, "unknown user: 7"), 400, {"userid": ["用户不存在。"]}),
        (Fault(FaultCode.WRONG_CODE), 400, {"code": ["面对面建群的号码不正确或者已失效。"]}),
        (Fault(FaultCode.MALFORMED, "the body is not JSON"), 400, {"detail": "错误的请求。（the body is not JSON）"}),
        (Fault(FaultCode.PROVIDER_FAILED, "code 1004"), 502, {"detail": "融云服务请求失败。"}),
        (Fault(FaultCode.UNAVAILABLE, "later"), 503, {"detail": "服务暂时不可用，请稍后再试。"}),
        (Fault(FaultCode.INTERNAL), 500, {"detail": "服务器出现了错误。"}),
    ],
)
def test_how_a_fault_is_shown(fault: Fault, status: int, body: object) -> None:
    """Under its field or under `detail`, and what we know of others' troubles stays with us."""
    answer = refused(make_mocked_request("GET", "/api/im/group/"), fault)
    assert isinstance(answer.body, bytes)
    assert (status, body) == (answer.status, msgspec.json.decode(answer.body))


def test_when_to_come_back() -> None:
    """A fault that passes says when, in a header and in words."""
    answer = refused(make_mocked_request("GET", "/api/im/group/"), Fault(FaultCode.RATE_LIMITED, retry_after=7))
    assert (429, "7") == (answer.status, answer.headers["Retry-After"])
    assert isinstance(answer.body, bytes)
    assert {"detail": "请求已被限流。 预计 7 秒后可用。"} == msgspec.json.decode(answer.body)
