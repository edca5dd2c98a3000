"""What nobody should send: each gets the dialect's own error, changes nothing, and hurts nobody else."""

import asyncio
from io import BytesIO

import pytest

from apis.clinic.ward import DOCTOR, PATIENT, Ward, answer, refusal

PATHS = [
    "/im/conv/list",
    "/im/conv/x",
    "/im/from/to",
    "/im/send/msg",
    "/im/creat/group",
    "/im/create/group",
    "/im/add/group/merber",
    "/im/add/group/member",
    "/im/group/x/list",
    "/im/group/x/alias",
]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b"[]",
        b'"text"',
        b"null",
        b"from_id=1&to_id=2",
        b'{"from_id":"1",}',
        b'{"from_id":NaN}',
        b'{"from_id":"\xff"}',
        "{}".encode("utf-16"),
        b"\x00",
    ],
)
async def test_malformed_json(ward: Ward, body: bytes) -> None:
    """40003 everywhere, whatever the body is said to be."""
    for path in PATHS:
        for headers in ({"Content-Type": "application/json"}, {"Content-Type": "application/x-www-form-urlencoded"}):
            assert (400, 40003) == refusal(await ward.bare.post(path, data=body, headers=headers))


@pytest.mark.parametrize("body", [b'{"msg":"a","msg":"b"}', b'{"msg":"a\\u0000"}', b'{"msg":"\\ud800"}'])
async def test_what_is_no_text_or_said_twice(ward: Ward, body: bytes) -> None:
    """40002 naming the field."""
    for path in PATHS:
        reply = await ward.bare.post(path, data=body)
        assert (400, 40002) == refusal(reply)
        assert "msg" in reply.body["message"]


async def test_a_body_over_the_limit(ward: Ward) -> None:
    """413, and the connection's next call is served."""
    large = b'{"msg":"' + b"x" * 1_048_576 + b'"}'
    assert (413, 41300) == refusal(await ward.bare.post("/im/send/msg", data=BytesIO(large)))
    assert [] == await ward.conversations(PATIENT)


async def test_deep_nesting(ward: Ward) -> None:
    """Is no more than a refusal."""
    body = b'{"msg":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert refusal(await ward.bare.post("/im/send/msg", data=body)) in {(400, 40002), (400, 40003)}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_everything_is_post(ward: Ward, method: str) -> None:
    """405 for any other method, in this dialect's shape, saying what is allowed."""
    for path in PATHS:
        reply = await ward.bare.call(method, path)
        assert (405, 40500) == refusal(reply), path
        assert "OPTIONS, POST" == reply.headers["Allow"]


@pytest.mark.parametrize(
    "path", ["/im/conv/", "/im/conv/a/b", "/im/from/x", "/im/send/x", "/im/creat/", "/im/add/group"]
)
async def test_addresses_there_are_not(ward: Ward, path: str) -> None:
    """404 in this dialect's shape."""
    assert (404, 40400) == refusal(await ward.bare.post(path, {}))


async def test_no_body_at_all(ward: Ward) -> None:
    """Is an empty one: what is required is missed."""
    assert (400, 40001) == refusal(await ward.bare.post("/im/conv/list"))
    assert (400, 40001) == refusal(await ward.bare.post("/im/send/msg", data=b""))


async def test_unknown_fields_are_ignored(ward: Ward) -> None:
    """A newer client may say more."""
    sent = {"from_id": PATIENT, "to_id": DOCTOR, "msg": "x", "colour": {"red": [1]}}
    assert {} == answer(await ward.bare.post("/im/send/msg", sent))


async def test_a_web_page_may_ask(ward: Ward) -> None:
    """It is told which headers it may send, the preference among them."""
    origin = {"Origin": "https://clinic.example", "Access-Control-Request-Method": "POST"}
    reply = await ward.bare.call("OPTIONS", "/im/send/msg", headers=origin)
    assert 204 == reply.status
    assert {"Prefer", "Authorization"} <= {*reply.headers["Access-Control-Allow-Headers"].split(", ")}


async def test_every_answer_has_a_request_id(ward: Ward) -> None:
    """The caller's own if it sent one."""
    reply = await ward.bare.post("/im/conv/list", {}, headers={"Request-Id": "abc-1"})
    assert "abc-1" == reply.headers["X-Request-Id"]
    assert (await ward.bare.post("/im/conv/list", {})).headers["X-Request-Id"]


async def test_everybody_else_is_served(ward: Ward) -> None:
    """While fifty send garbage."""
    garbage = [ward.bare.post("/im/send/msg", data=b"[" * 100_000) for _ in range(50)]
    wanted = [ward.bare.post("/im/conv/list", {"from_id": PATIENT}) for _ in range(20)]
    replies = await asyncio.gather(*garbage, *wanted)
    assert {400} == {reply.status for reply in replies[:50]}
    assert {200} == {reply.status for reply in replies[50:]}
