"""What every request gets, whatever it asks: an id, its faults shown, headers for web pages, a line in the log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from parlance.kernel.clock import StoppedClock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import CountingIds
from parlance.web import health
from parlance.web.house import house, shown
from parlance.web.reception import Exchange
from parlance.web.routes import Dialect, Nothing, Operation, Route
from parlance.web.site import site


async def fails(request: web.Request) -> web.Response:
    """A bug of ours."""
    raise RuntimeError("the password is swordfish")


async def refuses(request: web.Request) -> web.Response:
    """A refusal."""
    raise Fault(FaultCode.RATE_LIMITED, retry_after=3)


async def unavailable(request: web.Request) -> web.Response:
    """What aiohttp itself would refuse."""
    raise web.HTTPExpectationFailed


async def streams(request: web.Request) -> web.StreamResponse:
    """An answer that has begun before it is returned."""
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"piece")
    return response


async def echoes(request: web.Request) -> web.Response:
    """What was sent."""
    return web.Response(body=await request.read())


def row(method: str, path: str, serve: Any) -> Route[Nothing]:
    """A row of a table."""
    return Route(method, path, serve, Operation("Something", "Things"), Nothing, str, public=True)


def rude(request: web.Request, fault: Fault) -> web.Response:
    """Another dialect's refusals."""
    return web.Response(status=418, text=f"no: {fault.code.name}")


RUDE = Dialect(
    name="rude",
    title="Rude",
    description="",
    prefixes=("/rude",),
    routes=[row("GET", "/rude/refuses", refuses), row("POST", "/rude/refuses", refuses)],
    handler=lambda route: route.serve,
    refuse=rude,
    shown=shown,
    refusal=Nothing,
    headers=("app-id", "Content-Type"),
)
HOUSE = house(
    [
        row("GET", "/fails", fails),
        row("GET", "/refuses", refuses),
        row("GET", "/unavailable", unavailable),
        row("GET", "/streams", streams),
        row("POST", "/echoes", echoes),
    ],
    health.table(lambda: None, lambda: b"parlance_up 1\n", "text/plain; version=0.0.4"),
)


class Asker:
    """A client of the site, and what the site said of its exchanges."""

    def __init__(self, session: aiohttp.ClientSession, exchanges: list[Exchange]) -> None:
        self._session = session
        self.exchanges = exchanges

    async def asks(self, method: str, path: str, **more: Any) -> tuple[aiohttp.ClientResponse, str]:
        """One request."""
        async with self._session.request(method, path, **more) as answer:
            return answer, await answer.text()


@asynccontextmanager
async def serving(*dialects: Dialect) -> AsyncIterator[Asker]:
    """A site on a free port."""
    exchanges: list[Exchange] = []
    clock = StoppedClock()
    application = site(dialects, [], clock=clock, ids=CountingIds(clock), largest_body=1_000, observe=exchanges.append)
    async with TestServer(application) as server, aiohttp.ClientSession(server.make_url("/")) as session:
        yield Asker(session, exchanges)


@pytest.fixture
async def asker() -> AsyncIterator[Asker]:
    """The house and the rude dialect."""
    async with serving(RUDE, HOUSE) as asker:
        yield asker


@pytest.mark.parametrize("header", ["Request-Id", "X-Request-Id"])
async def test_the_callers_id_is_kept(asker: Asker, header: str) -> None:
    """On success and on refusals, and in what is observed."""
    for path in ("/healthz", "/nowhere", "/fails", "/streams", "/refuses"):
        answer, _ = await asker.asks("GET", path, headers={header: "abc-1"})
        assert "abc-1" == answer.headers["X-Request-Id"]
    assert ["abc-1"] * 5 == [exchange.request_id for exchange in asker.exchanges]


@pytest.mark.parametrize("unfit", ["", "a b", "é", "x" * 129, "<script>", '"'])
async def test_an_unfit_id_is_replaced(asker: Asker, unfit: str) -> None:
    """What does not belong in a log is not repeated."""
    answer, _ = await asker.asks("GET", "/healthz", headers={"Request-Id": unfit})
    assert 32 == len(answer.headers["X-Request-Id"])


async def test_an_id_is_made(asker: Asker) -> None:
    """A different one for each request."""
    ids = [(await asker.asks("GET", "/healthz"))[0].headers["X-Request-Id"] for _ in range(3)]
    assert 3 == len(set(ids))


async def test_a_bug_is_no_stack_trace(asker: Asker) -> None:
    """The caller learns that there was one, the log what it was, under the same id."""
    with capture_logs(processors=[structlog.processors.format_exc_info]) as logged:
        answer, text = await asker.asks("GET", "/fails", headers={"Request-Id": "abc-2"})
    assert (500, '{"code":"internal","message":"internal error"}') == (answer.status, text)
    assert [("abc-2", True)] == [(line["request_id"], "swordfish" in line["exception"]) for line in logged]


async def test_refusals_take_the_addressed_dialects_shape(asker: Asker) -> None:
    """By the path's beginning; what is nobody's is the house's."""
    answer, text = await asker.asks("GET", "/rude/refuses")
    assert (418, "no: RATE_LIMITED") == (answer.status, text)
    answer, text = await asker.asks("GET", "/rude/nowhere")
    assert (418, "no: UNKNOWN_ROUTE") == (answer.status, text)
    answer, _ = await asker.asks("GET", "/refuses")
    assert (429, "3") == (answer.status, answer.headers["Retry-After"])
    answer, _ = await asker.asks("GET", "/nowhere")
    assert 404 == answer.status


async def test_aiohttps_own_refusals_are_shown_as_ours(asker: Asker) -> None:
    """Nothing leaves in any other shape."""
    answer, text = await asker.asks("GET", "/unavailable")
    assert (400, '{"code":"malformed","message":"Expectation Failed"}') == (answer.status, text)
    answer, _ = await asker.asks("POST", "/echoes", data=b"x" * 1_001)
    assert 413 == answer.status
    answer, text = await asker.asks("POST", "/echoes", data=b"x" * 1_000)
    assert (200, 1_000) == (answer.status, len(text))


async def test_a_wrong_method(asker: Asker) -> None:
    """405, and what would be right."""
    answer, _ = await asker.asks("DELETE", "/rude/refuses")
    assert "GET, HEAD, OPTIONS, POST" == answer.headers["Allow"]
    answer, _ = await asker.asks("POST", "/healthz")
    assert (405, "GET, HEAD, OPTIONS") == (answer.status, answer.headers["Allow"])


async def test_head_is_get_without_a_body(asker: Asker) -> None:
    """Wherever there is GET."""
    answer, text = await asker.asks("HEAD", "/healthz")
    assert (200, "", "15") == (answer.status, text, answer.headers["Content-Length"])


async def test_a_page_of_another_origin_may_ask(asker: Asker) -> None:
    """The preflight names what may be sent, and answers may be read."""
    headers = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    answer, _ = await asker.asks("OPTIONS", "/rude/refuses", headers=headers)
    assert 204 == answer.status
    assert "*" == answer.headers["Access-Control-Allow-Origin"]
    assert "GET, HEAD, OPTIONS, POST" == answer.headers["Access-Control-Allow-Methods"]
    assert "app-id, Content-Type" == answer.headers["Access-Control-Allow-Headers"]
    answer, _ = await asker.asks("GET", "/rude/refuses", headers=headers)
    assert "*" == answer.headers["Access-Control-Allow-Origin"]
    assert "X-Request-Id" in answer.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    answer, _ = await asker.asks("OPTIONS", "/nowhere", headers=headers)
    assert 404 == answer.status


async def test_what_is_observed(asker: Asker) -> None:
    """The route as the table writes it, so that metrics do not grow with the addresses asked."""
    await asker.asks("GET", "/rude/refuses?x=1")
    await asker.asks("GET", "/nowhere")
    first, second = asker.exchanges
    assert ("rude", "GET", "/rude/refuses", "/rude/refuses", 418) == (
        first.dialect,
        first.method,
        first.route,
        first.path,
        first.status,
    )
    assert ("server", "", "/nowhere", 404) == (second.dialect, second.route, second.path, second.status)


async def test_answers_say_little_of_what_made_them(asker: Asker) -> None:
    """A name and no version."""
    answer, _ = await asker.asks("GET", "/healthz")
    assert "Parlance" == answer.headers["Server"]


async def test_health(asker: Asker) -> None:
    """Alive, ready, and counted."""
    assert '{"status":"ok"}' == (await asker.asks("GET", "/healthz"))[1]
    assert '{"status":"ready"}' == (await asker.asks("GET", "/readyz"))[1]
    answer, text = await asker.asks("GET", "/metrics")
    assert ("text/plain; version=0.0.4", "parlance_up 1\n") == (answer.headers["Content-Type"], text)


async def test_not_ready() -> None:
    """503 with the reason, while the process is alive."""
    async with serving(house(health.table(lambda: "the server is stopping", lambda: b"", "text/plain"))) as asker:
        answer, text = await asker.asks("GET", "/readyz")
        assert 503 == answer.status
        assert "the server is stopping" in text
        assert 200 == (await asker.asks("GET", "/healthz"))[0].status


def test_the_houses_table_is_total() -> None:
    """Every fault has a status of its own there."""
    for code in FaultCode:
        assert 400 <= shown(code).status < 600
