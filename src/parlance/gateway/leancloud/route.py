"""Where LeanCloud's clients learn the socket's address (wire: leancloud#route)."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import msgspec
from aiohttp import hdrs, web

from parlance.core.model.app import App
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import Fault
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.web import cors
from parlance.web.addresses import forwarded_origin

ROUTE = "/v1/route"
APP_ROUTE = "/2/route"
HEADERS = (
    "X-LC-Id",
    "X-LC-Key",
    "X-LC-Sign",
    "X-LC-Session",
    "X-LC-Prod",
    "X-LC-UA",
    "X-LC-IM-Session-Token",
    "Content-Type",
)
"""What web pages send with requests to LeanCloud."""


class RouteAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """Complete addresses of the socket; `secondary` is tried when `server` does not answer."""

    server: str
    secondary: str
    group_url: str
    ttl: int
    """Seconds for which clients keep it."""
    group_id: str = "g0"


class AppRouteAnswer(msgspec.Struct, frozen=True):
    """Hosts without a scheme: here one serves everything."""

    rtm_router_server: str
    api_server: str
    stats_server: str
    push_server: str
    engine_server: str
    ttl: int


class RouteRefusal(msgspec.Struct, frozen=True):
    """What was wrong, as LeanCloud's addresses say it."""

    code: int
    error: str


class LeanCloudRoute:
    """Answers `/v1/route`, and `/2/route` for who has the app router's name in its own hands."""

    def __init__(self, find_app: Callable[[str], Awaitable[App | None]], public_url: str) -> None:
        self._find_app = find_app
        self._public_url = public_url

    def routes(self) -> list[web.RouteDef]:
        """Where it is served."""
        table = []
        for path, serve in ((ROUTE, self.route), (APP_ROUTE, self.app_route)):
            for spelling in (path, f"/{{_:/+}}{path[1:]}"):
                table += [web.get(spelling, serve), web.options(spelling, self.preflight)]
        return table

    async def route(self, request: web.Request) -> web.StreamResponse:
        """Say where the socket is."""
        return await self._about_an_app(request, self._answer)

    async def app_route(self, request: web.Request) -> web.StreamResponse:
        """Say which host serves what: this one, everything."""
        return await self._about_an_app(request, self._app_answer)

    async def preflight(self, _request: web.Request) -> web.StreamResponse:
        """Let web pages of any origin ask."""
        return cors.preflight((hdrs.METH_GET, hdrs.METH_OPTIONS), HEADERS)

    async def _about_an_app(
        self, request: web.Request, answer: Callable[[str, int], msgspec.Struct]
    ) -> web.StreamResponse:
        app_id = request.query.get("appId")
        if not app_id:
            return _refused(400, "appId is missing")
        app = await self._find_app(app_id)
        if app is None:
            return _refused(404, "unknown appId")
        try:
            origin = forwarded_origin(request, self._public_url)
            return _json(200, answer(origin, app.settings.route_lifetime // SECOND))
        except Fault as fault:
            return _refused(400, fault.sentence)

    def _answer(self, origin: str, ttl: int) -> RouteAnswer:
        # As the client reaches us and no other way: what it would like (`secure`) does not count.
        address = "ws" + origin.removeprefix("http")
        return RouteAnswer(address, address, address, ttl)

    def _app_answer(self, origin: str, ttl: int) -> AppRouteAnswer:
        host = urlsplit(origin).netloc
        return AppRouteAnswer(host, host, host, host, host, ttl)


def _refused(status: int, detail: str) -> web.Response:
    code = ErrorCode.APP_NOT_AVAILABLE
    return _json(status, RouteRefusal(code, f"{code.name}: {detail}"))


def _json(status: int, answer: msgspec.Struct) -> web.Response:
    response = web.Response(body=msgspec.json.encode(answer), content_type="application/json", status=status)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-store"
    return response
