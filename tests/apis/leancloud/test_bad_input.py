"""What nobody meant, and what is not here."""

from io import BytesIO

import pytest
from yarl import URL

from apis.leancloud.office import OBJECTS, RTM, Office, refusal

ORIGIN = {"Origin": "http://page.test"}
STORAGE = [
    "/1.1/classes/GameScore",
    "/1.1/users",
    "/1.1/login",
    "/1.1/installations",
    "/1.2/nothing",
    "/1.1/cloudQuery",
]
SENT = {
    "X-LC-Id",
    "X-LC-Key",
    "X-LC-Sign",
    "X-LC-Session",
    "X-LC-Prod",
    "X-LC-UA",
    "X-LC-IM-Session-Token",
    "Content-Type",
}


@pytest.mark.parametrize("path", STORAGE)
async def test_storage_is_not_here(office: Office, path: str) -> None:
    """Whoever asks is told so, a page of another origin too."""
    for method in ("GET", "POST", "PUT", "DELETE"):
        reply = await office.rest.call(method, path, headers=ORIGIN)
        assert (404, 404, "Not found.") == refusal(reply)
        assert "*" == reply.headers["Access-Control-Allow-Origin"]


@pytest.mark.parametrize("path", [f"{RTM}/conversations", "/1.1/rtm/sign", "/1.1/fileTokens", "/v1/route", *STORAGE])
async def test_pages_are_let_in(office: Office, path: str) -> None:
    """Everywhere, with every header that LeanCloud's clients send."""
    reply = await office.town.bare.call("OPTIONS", path, headers=ORIGIN)
    assert (204, "*") == (reply.status, reply.headers["Access-Control-Allow-Origin"])
    allowed = {name.strip().lower() for name in reply.headers["Access-Control-Allow-Headers"].split(",")}
    assert {name.lower() for name in SENT} <= allowed


async def test_one_slash_too_many(office: Office) -> None:
    """As clients ask whose server's name ends with one."""
    for path, status in ((f"{RTM}/stats", 200), ("/1.1/users", 404)):
        async with office.town.session.get(URL(f"{office.town.base}/{path}"), headers=office.rest.headers) as reply:
            assert (status, "error" in await reply.json()) == (reply.status, status == 404)


async def test_refusals_reach_pages(office: Office) -> None:
    """Whatever is wrong."""
    for reply in (
        await office.town.bare.get(f"{RTM}/conversations", headers=ORIGIN),
        await office.rest.post(f"{RTM}/conversations", data=b"{", headers=ORIGIN),
        await office.rest.call("PATCH", f"{RTM}/conversations", headers=ORIGIN),
    ):
        refusal(reply)
        assert "*" == reply.headers["Access-Control-Allow-Origin"]


async def test_a_wrong_method(office: Office) -> None:
    """Is told which are right."""
    reply = await office.rest.put(f"{RTM}/conversations", {})
    assert (405, 405, "Method not allowed.") == refusal(reply)
    assert "GET, HEAD, OPTIONS, POST" == reply.headers["Allow"]


@pytest.mark.parametrize("data", [b"{", b"\xff", b"[]", b'"x"', b"{'a': 1}"])
async def test_what_is_no_object(office: Office, data: bytes) -> None:
    """Has a code of its own."""
    for path in (f"{RTM}/conversations", OBJECTS, "/1.1/rtm/messages"):
        assert (400, 107) == refusal(await office.rest.post(path, data=data))[:2]


async def test_what_is_too_large(office: Office) -> None:
    """A body over the limit."""
    reply = await office.rest.post(OBJECTS, data=BytesIO(b'{"note": "' + b"x" * 1_100_000 + b'"}'))
    assert (413, 413) == refusal(reply)[:2]


@pytest.mark.parametrize("conv_id", ["%00", "x" * 200, "a%20b", "..%2F..", "%F0%9F%98%80"])
async def test_ids_that_nobody_has(office: Office, conv_id: str) -> None:
    """Are unknown, and no more than that."""
    for method, path in (
        ("GET", f"{RTM}/conversations/{conv_id}/members"),
        ("PUT", f"{RTM}/conversations/{conv_id}"),
        ("GET", f"{OBJECTS}/{conv_id}"),
    ):
        reply = await office.rest.call(method, path, {} if method == "PUT" else None)
        assert (404, 4303, "CONVERSATION_NOT_FOUND") == refusal(reply), path
