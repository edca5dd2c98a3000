"""The road of every call: credentials, fields, one action, the answer."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from parlance.apis.clinic.auth import credentials_or_default
from parlance.apis.clinic.envelope import answered
from parlance.core.model.caller import Caller
from parlance.core.model.credentials import Credentials
from parlance.web.bodies import read, read_object
from parlance.web.calls import Call
from parlance.web.reception import APP_ID
from parlance.web.routes import Handler, Route


def desk(
    authenticate: Callable[[Credentials], Awaitable[Caller]], default_app: str, largest_body: int
) -> Callable[[Route[Any]], Handler]:
    """Make what turns a row of the table into what aiohttp calls."""

    def of(route: Route[Any]) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            caller = await authenticate(credentials_or_default(request, default_app))
            request[APP_ID] = caller.app.app_id
            fields = read(await read_object(request, largest_body), route.reads)
            return answered(request, await route.serve(Call(caller, fields, request)))

        return handle

    return of
