"""The road of every call: credentials, fields, one action, the answer."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from parlance.apis.campus.auth import shown
from parlance.apis.campus.envelope import answered, refused
from parlance.core.model.caller import Caller
from parlance.core.model.credentials import Credentials
from parlance.kernel.faults import Fault
from parlance.web.bodies import query_of, read
from parlance.web.calls import Call
from parlance.web.forms import read_fields
from parlance.web.reception import APP_ID
from parlance.web.routes import Handler, Route, Source


def desk(
    authenticate: Callable[[Credentials], Awaitable[Caller]], default_app: str, largest_body: int
) -> Callable[[Route[Any]], Handler]:
    """Make what turns a row of the table into what aiohttp calls."""

    def of(route: Route[Any]) -> Handler:
        async def sent(request: web.Request) -> dict[str, Any]:
            if route.source is Source.QUERY:
                return query_of(request, route.described)
            if route.source is Source.BODY_OR_FORM:
                return await read_fields(request, largest_body, route.described)
            return {}

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                caller = await authenticate(shown(request, default_app))
                request[APP_ID] = caller.app.app_id
                answer = await route.serve(Call(caller, read(await sent(request), route.reads), request))
            except Fault as fault:
                return refused(request, fault, route.otherwise)
            return answered(answer, route.status)

        return handle

    return of
