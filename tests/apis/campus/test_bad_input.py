"""What nobody should send: each gets this dialect's own error, and changes nothing."""

from io import BytesIO
from typing import Any

import pytest

from apis.campus.school import School, answer, refusal
from cast import Reply
from parlance.apis.campus.faults import TABLE
from parlance.kernel.faults import FaultCode

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}


async def refused_everywhere(school: School, body: bytes, headers: dict[str, str]) -> list[Reply]:
    """The same body to every call that reads one."""
    number = await school.group("o12", "c1")
    await school.directory()
    before = answer(await school.bare.get(f"/im/group/{number}"))
    replies = [
        await school.backend.call(method, path, data=body, headers=headers)
        for method, path in (
            ("POST", "/im/group"),
            ("PUT", f"/im/group/{number}"),
            ("POST", f"/im/group/{number}/member"),
            ("DELETE", f"/im/group/{number}/member"),
            ("POST", "/im/org/2/message"),
            ("PUT", "/im/org/1"),
            ("PUT", "/im/org/1/class/2"),
            ("PUT", "/im/org/1/member/c1"),
        )
    ]
    assert before == answer(await school.bare.get(f"/im/group/{number}"))
    assert 1 == answer(await school.bare.get("/im/groups"))["total_count"]
    return replies


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"7",
        b'"text"',
        b"null",
        b"nonsense",
        b'{"group_name":"x"} {}',
        b'{"group_name":"x","group_name":"y"}',
        b'{"group_name":"\\u0000"}',
        b'{"group_name":"\\ud800"}',
        b'{"group_name":"\xff"}',
        b'{"level":NaN}',
        b'{"x":' + b"[" * 70 + b"]" * 70 + b"}",
    ],
)
async def test_bodies_that_are_no_json(school: School, body: bytes) -> None:
    """1001 from every call that reads one."""
    for reply in await refused_everywhere(school, body, {"Content-Type": "application/json"}):
        assert (400, 1001) == refusal(reply)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"group_name=x&group_name=y", FORM),
        (b"group_name=%00", FORM),
        (b"group_name=%ff", FORM),
        (b"group_name=\xff", FORM),
        (b"&".join(b"a%d=1" % n for n in range(1_001)), FORM),
        (b"{broken", FORM),
        (b"no parts", MULTIPART),
        (b"--x\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n", MULTIPART),
        (b'--x\r\nContent-Disposition: form-data; name="role"\r\n\r\na\r\n' * 2 + b"--x--\r\n", MULTIPART),
        (b'--x\r\nContent-Disposition: form-data; name="role"\r\n\r\n\xff\r\n--x--\r\n', MULTIPART),
        (b"x", {"Content-Type": "multipart/form-data"}),
    ],
)
async def test_bodies_that_are_no_form(school: School, body: bytes, headers: dict[str, str]) -> None:
    """1001 from every call that reads one."""
    for reply in await refused_everywhere(school, body, headers):
        assert (400, 1001) == refusal(reply)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"group_name": 5}, "group_name"),
        ({"group_name": ["x"]}, "group_name"),
        ({"group_name": "x" * 65_537}, "group_name"),
        ({"member_client_ids": ["c1"]}, "member_client_ids"),
        ({"member_client_ids": {"c1": 1}}, "member_client_ids"),
        ({"member_client_ids": True}, "member_client_ids"),
        ({"member_client_ids": "c1:"}, "member_client_ids"),
        ({"member_client_ids": "c1, c2"}, "member_client_ids"),
        ({"member_client_ids": "x" * 65}, "member_client_ids"),
        ({"organization_id": "two"}, "organization_id"),
        ({"organization_id": -1}, "organization_id"),
        ({"organization_id": 1 << 60}, "organization_id"),
        ({"organization_id": 1.5}, "organization_id"),
        ({"level": "many"}, "level"),
        ({"level": 0}, "level"),
        ({"level": True}, "level"),
        ({"group_avatar": 1}, "group_avatar"),
        ({"group_avatar": "x" * 65_537}, "group_avatar"),
        ({"description": {}}, "description"),
        ({"conversation_id": 7}, "conversation_id"),
        ({"admin_uid": "o 12"}, "admin_uid"),
        ({"admin_uid": ["o12"]}, "admin_uid"),
        ({"admin_uid": "", "member_client_ids": ""}, "member_client_ids"),
    ],
)
async def test_wrong_fields_of_a_group(school: School, sent: dict[str, Any], field: str) -> None:
    """1001 naming the field, and no group is made."""
    reply = await school.bare.post("/im/group", {"admin_uid": "o12", "member_client_ids": "c1", **sent})
    assert (400, 1001) == refusal(reply)
    assert field in reply.body["message"]
    assert 0 == answer(await school.bare.get("/im/groups"))["total_count"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"organization_id": "two"}, "organization_id"),
        ({"organization_id": "1.5"}, "organization_id"),
        ({"organization_id": " 1"}, "organization_id"),
        ({"level": "0"}, "level"),
        ({"level": "9" * 30}, "level"),
        ({"member_client_ids": "c1::c2"}, "member_client_ids"),
    ],
)
async def test_wrong_fields_in_a_form(school: School, sent: dict[str, str], field: str) -> None:
    """As in JSON."""
    reply = await school.bare.post("/im/group", data={"admin_uid": "o12", **sent})
    assert (400, 1001) == refusal(reply)
    assert field in reply.body["message"]


async def test_refusals_say_which_field_and_why(school: School) -> None:
    """Not only 1001: whoever reads the answer knows what to send otherwise."""
    number, own = await school.group("o12", "c1"), await school.token("c1")
    await school.ban("c4")
    here = f"/im/group/{number}"
    for reply, code, word in (
        (await own.post("/im/group", {"admin_uid": "o12"}), 403, "admin_uid"),
        (await own.delete(f"/im/user/o12/group/{number}"), 403, "uid"),
        (await own.get("/im/user/o12/groups"), 403, "client_id"),
        (await school.bare.post("/im/group", {"member_client_ids": "c1:c4"}), 7000, "c4"),
        (await school.bare.post("/im/group", {"member_client_ids": "c1:c2", "level": 1}), 7004, "at most 1"),
        (await school.bare.post(f"{here}/member", {"member_client_ids": "c4"}), 7004, "c4"),
        (await school.bare.put(here, {"level": 1}), 7001, "at most 1"),
        (await school.bare.delete(f"{here}/member/c9"), 7005, "none of them"),
        (await school.bare.get("/im/groups", headers={"Authorization": "Bearer a.b.c", "app-id": "2"}), 401, "token"),
    ):
        assert code == refusal(reply)[1]
        assert word in reply.body["message"]


async def test_bodies_that_are_too_large(school: School) -> None:
    """413, whatever they are."""
    much = b"x" * (1024 * 1024 + 1)
    for body, headers in (
        (b'{"group_name":"' + much + b'"}', {"Content-Type": "application/json"}),
        (b"group_name=" + much, FORM),
        (b'--x\r\nContent-Disposition: form-data; name="role"\r\n\r\n' + much + b"\r\n--x--\r\n", MULTIPART),
    ):
        assert (413, 413) == refusal(await school.bare.post("/im/group", data=BytesIO(body), headers=headers))


async def test_unknown_addresses(school: School) -> None:
    """404 and 405 in this dialect's shape, wherever its addresses begin."""
    for path in ("/im/group/1/nothing", "/im/signature/nothing", "/signature", "/im/org/1/nothing", "/im/user/x"):
        assert (404, 404) == refusal(await school.bare.get(path))
    reply = await school.bare.call("PATCH", "/im/group/1")
    assert (405, 405) == refusal(reply)
    assert "DELETE, GET, HEAD, OPTIONS, PUT" == reply.headers["Allow"]


async def test_either_slash(school: School) -> None:
    """Every address works with a slash at its end."""
    number = answer(await school.bare.post("/im/group/", {"member_client_ids": "c1"}), 201)["group_id"]
    assert "X" == answer(await school.bare.put(f"/im/group/{number}/", {"group_name": "X"}))["group_name"]
    assert 1 == answer(await school.bare.get("/im/groups/"))["total_count"]
    assert 204 == (await school.bare.delete(f"/im/group/{number}/")).status


async def test_unknown_fields_are_ignored(school: School) -> None:
    """And a null is a field not sent."""
    asked = {"member_client_ids": "c1", "level": None, "organization_id": None, "colour": "red"}
    assert 1 == answer(await school.bare.post("/im/group", asked), 201)["group_id"]


def test_the_table_is_total() -> None:
    """Every fault of the core is in it, and no stranger."""
    assert set(FaultCode) == set(TABLE)


def test_the_contracts_codes() -> None:
    """With the statuses it gives them."""
    statuses = {int(how.code): how.status for how in TABLE.values() if int(how.code) > 999}
    assert {
        1001: 400,
        7000: 400,
        7003: 404,
        7004: 400,
        7005: 400,
        7008: 403,
        7009: 400,
        7010: 404,
        7011: 409,
    } == statuses
