"""What nobody should send: each gets the dialect's own error, changes nothing, and hurts nobody else."""

import asyncio
from io import BytesIO

import pytest

from cast import Town

PATH = "/im/conversations"
JSON = {"Content-Type": "application/json"}


def message(town: Town) -> str:
    """Where a message is sent."""
    return f"{PATH}/{town.group}/message"


MALFORMED = [
    b"{",
    b"}",
    b"nonsense",
    b"[]",
    b'"text"',
    b"7",
    b"null",
    b"true",
    b'{"from_client":"ada",}',
    b"{'from_client':'ada'}",
    b'{"from_client":"ada" "type":-1}',
    b'{"from_client":"ada","type":-1,"text":"a\nb"}',
    b'{"from_client":"ada","type":-1,"text":"\\x"}',
    b'{"from_client":"ada","type":NaN}',
    b'{"from_client":"ada","type":-1,"text":"x","attr":Infinity}',
    b'{"from_client":"ada","type":-1,"text":"x","attr":1e999}',
    b'{"from_client":"ada","type":-1,"text":"x","attr":' + b"9" * 5000 + b"}",
    b'{"from_client":"ada","type":-1,"text":"\xff\xfe"}',
    "\ufeff{}".encode(),
    '{"from_client":"ada"}'.encode("utf-16"),
    b"\x00",
    b"\x1f\x8b\x08\x00",
]


@pytest.mark.parametrize("body", MALFORMED)
async def test_malformed_json(town: Town, body: bytes) -> None:
    """4406, in every place where JSON is read."""
    for reply in (
        await town.backend.post(message(town), data=body, headers=JSON),
        await town.backend.post(message(town), data=body),
        await town.backend.put(PATH, data=body, headers=JSON),
        await town.backend.call("GET", message(town), data=body, headers=JSON),
    ):
        assert (200, 4406) == reply.refusal
    assert 0 == (await town.backend.get(message(town))).data["total"]


async def test_a_name_sent_twice(town: Town) -> None:
    """4406 naming it, on the outside and within: two readers could take different ones."""
    for body in (
        b'{"from_client":"ada","type":-1,"text":"one","text":"two"}',
        b'{"from_client":"ada","type":-1,"\\u0074ext":"one","text":"two"}',
        b'{"from_client":"ada","type":-1,"text":"x","attr":{"text":1,"text":2}}',
    ):
        reply = await town.backend.post(message(town), data=body)
        assert (200, 4406) == reply.refusal
        assert "text" in reply.body["message"]


@pytest.mark.parametrize("field", ["text", "url", "ref", "from_client", "attr"])
@pytest.mark.parametrize("what", ["\\u0000", "\\ud800", "\\udfff", "\\ud800\\u0041"])
async def test_what_is_no_text(town: Town, field: str, what: str) -> None:
    """NUL and lone surrogates are refused with 4406 naming the field."""
    fields = {"from_client": '"ada"', "type": "-1", "text": '"x"', field: f'"a{what}b"'}
    body = "{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}"
    reply = await town.backend.post(message(town), data=body.encode())
    assert (200, 4406) == reply.refusal
    assert field in reply.body["message"]


async def test_what_is_no_text_as_a_name(town: Town) -> None:
    """Names are text too."""
    for body in ('{"\\u0000":1}', '{"attr":{"\\ud800":1}}'):
        assert (200, 4406) == (await town.backend.post(message(town), data=body.encode())).refusal


async def test_a_pair_of_surrogates_is_text(town: Town) -> None:
    """As JSON writes what lies beyond the first plane."""
    body = b'{"from_client":"ada","type":-1,"text":"\\ud83d\\ude00"}'
    assert 0 == (await town.backend.post(message(town), data=body)).code
    assert "😀" == (await town.backend.get(message(town))).data["data"][0]["text"]


@pytest.mark.parametrize("depth", [65, 500, 5_000, 200_000])
@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"a":', "}")])
async def test_deep_nesting(town: Town, depth: int, opens: str, closes: str) -> None:
    """4406; 1 MiB of brackets is no more than a refusal."""
    nested = opens * depth + "1" + closes * depth
    for body in (f'{{"from_client":"ada","type":-1,"text":"x","attr":{nested}}}', nested):
        if len(body) < 1_000_000:
            assert (200, 4406) == (await town.backend.post(message(town), data=body.encode())).refusal


async def test_nesting_that_is_not_too_deep(town: Town) -> None:
    """60 deep is taken."""
    body = '{"from_client":"ada","type":-1,"text":"x","attr":' + "[" * 60 + "]" * 60 + "}"
    assert 0 == (await town.backend.post(message(town), data=body.encode())).code


async def test_a_body_over_the_limit(town: Town) -> None:
    """413, whether its length was announced or not; and the connection's next call is served."""

    async def pieces() -> object:
        for _ in range(40):
            yield b"x" * 65_536

    large = b'{"text":"' + b"x" * 1_048_576 + b'"}'
    for reply in (
        await town.backend.post(message(town), data=BytesIO(large)),
        await town.backend.post(message(town), data=pieces()),
        await town.backend.call("GET", message(town), data=BytesIO(large)),
    ):
        assert (413, 1) == reply.refusal
    assert 0 == (await town.backend.get(message(town))).data["total"]


async def test_a_body_just_within_the_limit(town: Town) -> None:
    """It is read, and judged by what is in it."""
    body = b'{"from_client":"ada","type":-1,"text":"x","more":"' + b"x" * 1_000_000 + b'"}'
    assert 0 == (await town.backend.post(message(town), data=body)).code


async def test_unknown_fields_are_ignored(town: Town) -> None:
    """A newer client may say more."""
    said = {"from_client": "ada", "type": -1, "text": "x", "colour": "red"}
    assert 0 == (await town.backend.post(message(town), said)).code


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/im", 404),
        ("GET", "/im/", 404),
        ("GET", "/im/nothing", 404),
        ("POST", "/im/conversations/", 404),
        ("GET", "/im/conversations/x", 405),
        ("PATCH", "/im/conversations", 405),
        ("DELETE", "/im/conversations", 405),
        ("GET", "/im/tokens", 405),
        ("GET", "/im/file/upload", 405),
        ("PUT", "/im/users", 405),
        ("TRACE", "/im/users", 405),
    ],
)
async def test_routes_there_are_not(town: Town, method: str, path: str, status: int) -> None:
    """404 and 405 in the envelope, with code 1; 405 says what is allowed."""
    reply = await town.backend.call(method, path)
    assert (status, 1) == reply.refusal
    assert (status == 405) == ("Allow" in reply.headers)
    assert reply.headers["X-Request-Id"]


async def test_everybody_else_is_served(town: Town) -> None:
    """While a hundred send garbage."""
    garbage = [town.backend.post(message(town), data=b"[" * 100_000) for _ in range(100)]
    wanted = [town.backend.get(message(town)) for _ in range(20)]
    replies = await asyncio.gather(*garbage, *wanted)
    assert {(200, 4406)} == {reply.refusal for reply in replies[:100]}
    assert {0} == {reply.code for reply in replies[100:]}
