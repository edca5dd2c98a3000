"""The road of every call: credentials, fields, one action, the answer."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from aiohttp import web

from parlance.apis.rong.auth import credentials
from parlance.apis.rong.envelope import answered
from parlance.core.actions.tenancy.authenticate import Authenticate
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId
from parlance.web import calls
from parlance.web.bodies import query_of
from parlance.web.forms import read_fields
from parlance.web.reception import APP_ID
from parlance.web.routes import Handler, Route, Source

Fields = TypeVar("Fields")


class Call(calls.Call[Fields], Generic[Fields]):
    """A call whose fields are as they were sent."""

    @property
    def user(self) -> ClientId:
        """The login user. Raises NOT_LOGGED_IN for who speaks for no one client."""
        if self.caller.client_id is None:
            raise Fault(FaultCode.NOT_LOGGED_IN)
        return self.caller.client_id


def desk(authenticate: Authenticate, default_app: str, largest_body: int) -> Callable[[Route[Any]], Handler]:
    """Make what turns a row of the table into what aiohttp calls."""

    def of(route: Route[Any]) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            # Who shows nothing is told so below, in the same words whatever the app's policy.
            caller = await authenticate(credentials(request, default_app), public=True)
            request[APP_ID] = caller.app.app_id
            call: Call[dict[str, Any]] = Call(caller, {}, request)
            if not route.public and caller.client_id is None:
                raise Fault(FaultCode.NOT_LOGGED_IN)
            call.fields = await _sent(request)
            return answered(await route.serve(call), route.status)

        async def _sent(request: web.Request) -> dict[str, Any]:
            if route.source is Source.QUERY:
                return query_of(request, ())
            # A form that may have a file in it is read by who takes the file, as it arrives.
            if route.source is Source.BODY_OR_FORM and not route.files:
                return await read_fields(request, largest_body, ())
            return {}

        return handle

    return of
