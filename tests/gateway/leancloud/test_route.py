"""Where LeanCloud's clients learn the socket's address (wire: leancloud#route)."""

from pathlib import Path

import aiohttp
import pytest

from cast import Town, running
from core.world import refusal
from gateway.leancloud.clients import Client, Hall
from parlance.core.model.app import AppSettings, Policy
from parlance.kernel.faults import FaultCode
from parlance.protocols.leancloud.generated import messages_pb2 as pb


def socket_of(town: Town) -> str:
    """The address of a socket on the port of a town."""
    return "ws" + town.base.removeprefix("http")


async def test_the_socket_is_where_the_question_came_to(hall: Hall) -> None:
    """Complete addresses, twice, and for how many seconds they hold; as JSON, which clients insist on."""
    reply = await hall.town.bare.get("/v1/route?appId=lobby&secure=true&_t=1767225600000")
    socket = socket_of(hall.town)
    assert {"server": socket, "secondary": socket, "groupUrl": socket, "ttl": 3600, "groupId": "g0"} == reply.body
    assert (200, "application/json", "*", "no-store") == (
        reply.status,
        reply.headers["Content-Type"].partition(";")[0],
        reply.headers["Access-Control-Allow-Origin"],
        reply.headers["Cache-Control"],
    )


async def test_an_app_says_for_how_long(hall: Hall) -> None:
    """Before clients are moved it is short, so that they ask again soon."""
    change = hall.town.application.actions.change_app
    await change("lobby", settings=AppSettings(route_lifetime=60_000))
    for path in ("/v1/route", "/2/route"):
        assert 60 == (await hall.town.bare.get(f"{path}?appId=lobby")).body["ttl"]
    for unreasonable in (999, 86_400_001):
        asked = change("lobby", settings=AppSettings(route_lifetime=unreasonable))
        assert FaultCode.BAD_FORMAT is await refusal(asked)
    await change("lobby", settings=AppSettings())


async def test_what_is_answered_works(hall: Hall) -> None:
    """A socket at that very address lets a client in."""
    reply = await hall.town.bare.get("/v1/route?appId=lobby")
    ws = await hall.town.session.ws_connect(reply.body["server"], protocols=("lc.protobuf2.3",))
    assert "lc.protobuf2.3" == ws.protocol
    await ws.close()


@pytest.mark.parametrize("path", ["//v1/route", "///v1/route", "//2/route"])
async def test_slashes_before_it_do_not_matter(hall: Hall, path: str) -> None:
    """Some apps write a slash at the end of the server's address."""
    assert 200 == (await hall.town.bare.get(f"{path}?appId=lobby")).status


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({"Host": "chat.example.com"}, "ws://chat.example.com"),
        ({"Host": "chat.example.com:8443", "X-Forwarded-Proto": "https"}, "wss://chat.example.com:8443"),
        ({"X-Forwarded-Proto": "https, http", "X-Forwarded-Host": "im.example.com, inner"}, "wss://im.example.com"),
        ({"X-Forwarded-Proto": "wss", "X-Forwarded-Host": "[::1]:99"}, "wss://[::1]:99"),
        ({"X-Forwarded-Proto": "gopher", "X-Forwarded-Host": "im.example.com"}, "ws://im.example.com"),
    ],
)
async def test_a_proxy_says_how_it_was_asked(hall: Hall, headers: dict[str, str], address: str) -> None:
    """Behind TLS the socket is reached by TLS, under the name that the world knows."""
    reply = await hall.town.bare.get("/v1/route?appId=lobby", headers=headers)
    assert (address, address) == (reply.body["server"], reply.body["secondary"])


async def test_what_is_configured_counts_most(tmp_path: Path) -> None:
    """A public address overrules whatever the question came by."""
    async with running(tmp_path / "data", public_url="https://chat.example.com/im/") as town:
        await town.app("lobby", Policy.OPEN)
        reply = await town.bare.get("/v1/route?appId=lobby", headers={"X-Forwarded-Host": "evil.example.com"})
        hosts = await town.bare.get("/2/route?appId=lobby")
    assert ("wss://chat.example.com/im", "chat.example.com") == (reply.body["server"], hosts.body["api_server"])


async def test_one_host_serves_everything(hall: Hall) -> None:
    """Who answers for the app router names hosts without a scheme."""
    reply = await hall.town.bare.get("/2/route?appId=lobby")
    host = hall.town.base.removeprefix("http://")
    names = ("rtm_router_server", "api_server", "stats_server", "push_server", "engine_server")
    assert dict.fromkeys(names, host) | {"ttl": 3600} == reply.body


@pytest.mark.parametrize("path", ["/v1/route", "/2/route"])
async def test_pages_of_any_origin_may_ask(hall: Hall, path: str) -> None:
    """Before they ask, and when they do."""
    asking = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "GET"}
    reply = await hall.town.bare.call("OPTIONS", path, headers=asking)
    assert (204, "*") == (reply.status, reply.headers["Access-Control-Allow-Origin"])
    assert {"X-LC-Id", "X-LC-UA", "Content-Type"} <= set(reply.headers["Access-Control-Allow-Headers"].split(", "))


@pytest.mark.parametrize(
    ("question", "status"),
    [("?appId=nowhere", 404), ("", 400), ("?appId=", 400), ("?appId=%00%EF%BF%BF", 404)],
)
async def test_an_unknown_app_is_refused(hall: Hall, question: str, status: int) -> None:
    """In LeanCloud's shape."""
    reply = await hall.town.bare.get(f"/v1/route{question}", headers={"Origin": "https://app.example.com"})
    assert (status, 4100, "*") == (reply.status, reply.body["code"], reply.headers["Access-Control-Allow-Origin"])
    assert isinstance(reply.body["error"], str)


async def test_a_host_that_is_none_is_not_repeated(hall: Hall) -> None:
    """Whatever somebody writes in a header, no client is sent to it."""
    headers = {"X-Forwarded-Host": 'evil.example.com/"><script>'}
    reply = await hall.town.bare.get("/v1/route?appId=lobby", headers=headers)
    assert (400, 4100) == (reply.status, reply.body["code"])


@pytest.mark.parametrize("path", ["/", "/im", "/anything/at/all", "/?x=1"])
async def test_a_socket_is_wherever_nothing_else_is(hall: Hall, path: str) -> None:
    """Addresses that were configured by hand have all kinds of paths."""
    line = await hall.connect(path=path)
    await hall.log_in("tom", line=line)


async def test_who_wants_no_socket_gets_what_there_was(hall: Hall, tom: Client) -> None:
    """The page at the root, and nothing where nothing is."""
    page, nothing = await hall.town.bare.get("/"), await hall.town.bare.get("/anything/at/all")
    assert (200, True, 404) == (page.status, b"<html" in page.raw, nothing.status)
    assert pb.opened == tom.opened.op


async def test_a_dialect_that_is_off_is_not_there(tmp_path: Path) -> None:
    """Neither the address nor the socket."""
    async with running(tmp_path / "data", dialects=("platform",)) as town:
        assert 404 == (await town.bare.get("/v1/route?appId=hall")).status
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await town.session.ws_connect(f"{town.base}/nowhere", protocols=("lc.protobuf2.3",))
