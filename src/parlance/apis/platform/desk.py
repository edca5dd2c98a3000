"""The road of every call: credentials, fields, one action, the envelope."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from parlance.apis.platform.auth import credentials
from parlance.apis.platform.envelope import answered
from parlance.core.model.caller import Caller
from parlance.core.model.credentials import Credentials
from parlance.web.bodies import query_of, read, read_object
from parlance.web.calls import Call
from parlance.web.reception import APP_ID
from parlance.web.routes import Handler, Nothing, Route, Source


def desk(
    authenticate: Callable[[Credentials], Awaitable[Caller]], largest_body: int
) -> Callable[[Route[Any]], Handler]:
    """Make what turns a row of the table into what aiohttp calls."""

    def of(route: Route[Any]) -> Handler:
        with_query = route.source is Source.QUERY_OR_BODY
        with_body = with_query or route.source is Source.BODY
        # A form's fields are read by who takes its file, as they arrive.
        reads = Nothing if route.source is Source.UPLOAD else route.reads

        async def handle(request: web.Request) -> web.StreamResponse:
            caller = await authenticate(credentials(request))
            request[APP_ID] = caller.app.app_id
            sent = query_of(request, route.described) if with_query else {}
            if with_body:
                sent.update(await read_object(request, largest_body))
            data = await route.serve(Call(caller, read(sent, reads), request))
            return answered(request, data)

        return handle

    return of
