"""What nobody meant: refused in this dialect's shape, in Chinese, and nothing is changed."""

import json
from pathlib import Path
from typing import Any

import pytest

from apis.rong.parts import GROUP, NOT_FOUND, answer, made, shown
from cast import Reply, Town, running
from parlance.core.model.limits import Limits

MALFORMED = "错误的请求。"


def detail(reply: Reply) -> str:
    """What a refusal says."""
    assert ["detail"] == [*reply.body]
    words: str = reply.body["detail"]
    return words


@pytest.mark.parametrize(
    "body",
    [b"{", b"[1]", b'"a"', b"1", b"null", b'{"name": NaN}', b'{"name": "\xff"}', b"\xff\xfe", b"{'name': 'a'}"],
)
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/octet-stream"])
async def test_a_body_that_is_no_json_object(town: Town, body: bytes, content_type: str) -> None:
    """400, in a `detail`."""
    reply = await shown(town, town.ada).post(GROUP, data=body, headers={"Content-Type": content_type})
    assert (400, True) == (reply.status, detail(reply).startswith(MALFORMED))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"no form"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=name\r\n\r\na"),
        ("application/x-www-form-urlencoded", b"name=%ff"),
        ("application/x-www-form-urlencoded", b"name=\xff\xfe"),
    ],
)
async def test_a_form_that_is_none(town: Town, content_type: str, body: bytes) -> None:
    """400, wherever a form is read."""
    ada = shown(town, town.ada)
    group = await made(ada)
    for address in (GROUP, f"{GROUP}{group['id']}/join/"):
        reply = await ada.post(address, data=body, headers={"Content-Type": content_type})
        assert 400 == reply.status, address


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        (b'{"name": "a", "name": "b"}', "name"),
        (b'{"name": "a\\u0000b"}', "name"),
        (b'{"name": "a\\ud800b"}', "name"),
        (b'{"name": "a", "code": "1\\u0000"}', "code"),
    ],
)
async def test_what_is_no_text(town: Town, fields: bytes, field: str) -> None:
    """NUL, half a surrogate pair, a name sent twice: 400 under the field."""
    reply = await shown(town, town.ada).post(GROUP, data=fields)
    assert (400, [field]) == (reply.status, [*reply.body])


async def test_a_form_with_what_is_no_text(town: Town) -> None:
    """The same in forms of both kinds."""
    ada = shown(town, town.ada)
    for body, content_type in (
        (b"name=a%00b", "application/x-www-form-urlencoded"),
        (b"name=a&name=b", "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\na\x00b\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ):
        reply = await ada.post(GROUP, data=body, headers={"Content-Type": content_type})
        assert (400, ["name"]) == (reply.status, [*reply.body])


async def test_json_that_says_it_is_a_form(town: Town) -> None:
    """Is JSON: curl's `-d` sends it so."""
    reply = await shown(town, town.ada).post(
        GROUP, data=b' {"name": "a"}', headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert 201 == reply.status


async def test_a_body_that_is_too_large(tmp_path: Path) -> None:
    """413, for JSON and for forms."""
    async with running(tmp_path, Limits(body=1_000)) as town:
        ada = shown(town, town.ada)
        for body in (json.dumps({"name": "a" * 2_000}).encode(), {"name": "a" * 2_000}):
            reply = await ada.post(GROUP, data=body)
            assert (413, True) == (reply.status, detail(reply).startswith("请求体过大。"))


@pytest.mark.parametrize(
    "path", ["/api/im/", "/api/im/groups/", "/api/im/group/1/", "/api/im/group//users/", "/api/im/x"]
)
async def test_no_such_address(town: Town, path: str) -> None:
    """404, whoever asks."""
    assert (404, NOT_FOUND) == answer(await town.bare.get(path))
    assert (404, NOT_FOUND) == answer(await shown(town, town.ada).post(path))


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", GROUP, "GET, HEAD, OPTIONS, POST"),
        ("DELETE", GROUP.removesuffix("/"), "GET, HEAD, OPTIONS, POST"),
        ("GET", f"{GROUP}1/join/", "OPTIONS, POST"),
        ("PUT", f"{GROUP}1/quit/", "GET, OPTIONS, POST"),
        ("POST", f"{GROUP}1/users/", "GET, HEAD, OPTIONS"),
        ("POST", "/api/im/token/", "GET, HEAD, OPTIONS"),
        ("PATCH", "/api/im/retrieve/1", "GET, HEAD, OPTIONS"),
    ],
)
async def test_no_such_method(town: Town, method: str, path: str, allowed: str) -> None:
    """405, and which there are."""
    reply = await shown(town, town.ada).call(method, path)
    assert (405, {"detail": f"方法 “{method}” 不被允许。"}) == answer(reply)
    assert allowed == reply.headers["Allow"]


@pytest.mark.parametrize("value", ["1", "true", "True", "yes", "on", "0", "false", "no", ""])
async def test_flags(town: Town, value: str) -> None:
    """A flag is said in many ways."""
    assert 200 == (await shown(town, town.ada).get(f"/api/im/token/?refresh={value}")).status


@pytest.mark.parametrize("value", ["2", "maybe", "是", "None"])
async def test_flags_that_are_none(town: Town, value: str) -> None:
    """400 under the field."""
    reply = await shown(town, town.ada).get("/api/im/token/", params={"refresh": value})
    assert (400, {"refresh": ["必须是有效的布尔值。"]}) == answer(reply)


@pytest.mark.parametrize("deep", [{"name": "a", "more": "[" * 3}, {"name": "a", "more": None}])
async def test_what_nobody_reads(town: Town, deep: Any) -> None:
    """Is passed over."""
    assert 201 == (await shown(town, town.ada).post(GROUP, deep)).status


async def test_answers_carry_the_request_s_id(town: Town) -> None:
    """Refusals, too."""
    reply = await town.bare.get(GROUP, headers={"X-Request-Id": "abc-1"})
    assert "abc-1" == reply.headers["X-Request-Id"]
