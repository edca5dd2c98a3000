"""The road of every call: credentials, fields, one action, the answer."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from aiohttp import web

from parlance.apis.leancloud.auth import credentials_or_default, must_be_app, must_show_something
from parlance.apis.leancloud.envelope import answered
from parlance.core.model.caller import Caller
from parlance.core.model.credentials import Credentials
from parlance.web.bodies import query_of, read, read_object
from parlance.web.calls import Call
from parlance.web.reception import APP_ID
from parlance.web.routes import Handler, Route, Source


class Authenticate(Protocol):
    """Credentials become a caller."""

    def __call__(self, shown: Credentials, *, public: bool = False) -> Awaitable[Caller]:
        """Raises what the core raises."""


def desk(authenticate: Authenticate, default_app: str, largest_body: int) -> Callable[[Route[Any]], Handler]:
    """Make what turns a row of the table into what aiohttp calls.

    A row that is public takes the app's public key, and decides for itself what else it wants; every other takes
    the server key.
    """

    def of(route: Route[Any]) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            caller = await authenticate(credentials_or_default(request, default_app), public=route.public)
            request[APP_ID] = caller.app.app_id
            if route.public:
                must_show_something(request, caller)
            else:
                must_be_app(caller)
            sent: dict[str, Any] = {}
            if route.source in (Source.QUERY, Source.QUERY_OR_BODY):
                sent = query_of(request, route.described)
            if route.source in (Source.BODY, Source.QUERY_OR_BODY):
                sent = {**sent, **await read_object(request, largest_body)}
            fields = sent if route.either else read(sent, route.reads)
            return answered(await route.serve(Call(caller, fields, request)), route.status)

        return handle

    return of
