"""Reading what may come as JSON or as a form."""

from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from parlance.kernel.faults import Fault, FaultCode
from parlance.web.forms import FORM, MULTIPART, read_fields

MOST = 1_000
IN_PARTS = {"Content-Type": f"{MULTIPART}; boundary=x"}


class Wanted(msgspec.Struct):
    """What a call may declare."""

    name: str = ""
    who: str | int = ""
    number: int | None = None


async def fields(body: bytes, headers: dict[str, str]) -> Any:
    """What is read of a body, or the fault that keeps it from being read."""

    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response(await read_fields(request, MOST, (Wanted,)))
        except Fault as fault:
            return web.json_response([fault.code.name, fault.field])

    application = web.Application()
    application.router.add_post("/", handle)
    async with TestClient(TestServer(application)) as client, client.post("/", data=body, headers=headers) as answer:
        return await answer.json()


def part(name: str, value: str) -> str:
    """A part of a multipart form."""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"name":"a b","who":"7","number":"12"}', {"Content-Type": "application/json"}),
        (b'{"name":"a b","who":"7","number":12}', {"Content-Type": FORM}),
        (b' {"name":"a b","who":"7","number":12}', {"Content-Type": FORM}),
        (b"name=a+b&who=7&number=12", {"Content-Type": FORM}),
        (b"name=a%20b&who=7&number=12", {"Content-Type": f"{FORM}; charset=utf-8"}),
        (f"{part('name', 'a b')}{part('who', '7')}{part('number', '12')}--x--\r\n".encode(), IN_PARTS),
    ],
)
async def test_all_ways_to_say_the_same(body: bytes, headers: dict[str, str]) -> None:
    """A whole number is one where one is wanted, and a text elsewhere."""
    assert {"name": "a b", "who": "7", "number": 12} == await fields(body, headers)


@pytest.mark.parametrize("headers", [{}, {"Content-Type": FORM}, {"Content-Type": "application/json"}])
async def test_nothing_at_all(headers: dict[str, str]) -> None:
    """Is no field."""
    assert {} == await fields(b"", headers)


async def test_an_empty_number_is_none() -> None:
    """An empty text is one; what is no number is left for the struct to refuse."""
    assert {"name": "", "number": None} == await fields(b"name=&number=", {"Content-Type": FORM})
    assert {"number": "1.5"} == await fields(b"number=1.5", {"Content-Type": FORM})


@pytest.mark.parametrize(
    ("body", "headers", "fault"),
    [
        (b"name=a&name=b", {"Content-Type": FORM}, ["BAD_FORMAT", "name"]),
        (b"name=%00", {"Content-Type": FORM}, ["BAD_FORMAT", "name"]),
        (b"%00=x", {"Content-Type": FORM}, ["BAD_FORMAT", "body"]),
        (b"name=%ff", {"Content-Type": FORM}, ["MALFORMED", None]),
        (b"name=\xff", {"Content-Type": FORM}, ["MALFORMED", None]),
        (b"&".join(b"a%d=1" % number for number in range(999)), {"Content-Type": FORM}, ["BODY_TOO_LARGE", None]),
        (b"{broken", {"Content-Type": FORM}, ["MALFORMED", None]),
        (b"a=1" + b"x" * MOST, {"Content-Type": FORM}, ["BODY_TOO_LARGE", None]),
        (b"a=1", {"Content-Type": "text/plain"}, ["MALFORMED", None]),
        (b"nothing", IN_PARTS, ["MALFORMED", None]),
        (f"{part('name', 'a') * 2}--x--\r\n".encode(), IN_PARTS, ["BAD_FORMAT", "name"]),
    ],
)
async def test_what_is_none(body: bytes, headers: dict[str, str], fault: list[str | None]) -> None:
    """Each names the field if it is one that is wrong."""
    assert fault == await fields(body, headers)
    assert fault[0] in FaultCode.__members__
