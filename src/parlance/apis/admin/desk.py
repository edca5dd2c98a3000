"""The road of every call: who asks, a line in the log, fields, one action, the answer, and what came of it."""

import hmac
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any, Generic, TypeVar

import msgspec
from aiohttp import web

from parlance.apis.admin.auth import (
    CSRF_HEADER,
    SAFE_METHODS,
    address_of,
    must_be_secure,
    must_come_from_here,
    shown_token,
)
from parlance.apis.admin.envelope import answered
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.operating.sign_in import SignedIn
from parlance.core.model.app import App
from parlance.core.model.audit import BEGUN, DONE
from parlance.core.model.caller import Caller
from parlance.core.model.user import client_id
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId
from parlance.web.bodies import query_of, read, read_object
from parlance.web.reception import APP_ID
from parlance.web.routes import Handler, Route, Source

Fields = TypeVar("Fields")
_DOTS = (" .", " ..")
"""How ids are written that browsers would take for ways through the path."""


class Call(msgspec.Struct, Generic[Fields]):
    """A call of an operator, to an app if its address names one."""

    signed: SignedIn | None
    """None: nobody is logged in, and need not be."""
    app: App | None
    fields: Fields
    request: web.Request
    address: str
    """Where it comes from."""
    note: str = ""
    """What the log is to say besides: set by who serves the call."""

    def path(self, name: str) -> str:
        """A part of the address."""
        return self.request.match_info[name]

    @property
    def operator(self) -> SignedIn:
        """Who asks."""
        if self.signed is None:
            raise Fault(FaultCode.NOT_LOGGED_IN)
        return self.signed

    @property
    def caller(self) -> Caller:
        """The backend of the app that the address names: operators may do what it may."""
        if self.app is None:
            raise Fault(FaultCode.UNKNOWN_APP)
        return Caller(self.app)

    @property
    def client(self) -> ClientId:
        """The client that the address names. Raises UNKNOWN_CLIENT for what can be nobody."""
        named = self.path("client_id")
        try:
            return client_id(named[1:] if named in _DOTS else named)
        except Fault:
            raise Fault(FaultCode.UNKNOWN_CLIENT) from None

    @property
    def conv_id(self) -> ConvId:
        """The conversation that the address names."""
        return ConvId(self.path("conv_id"))


class Desk:
    """`logged` are the names that calls have in the log, by method and address: what stands in it is written down.

    `plain`: what others on the way can read is served all the same. `proxies` are believed about where calls come from.
    """

    def __init__(
        self,
        actions: Actions,
        logged: Mapping[tuple[str, str], str],
        largest_body: int,
        *,
        plain: bool,
        proxies: Collection[str],
    ) -> None:
        self._actions = actions
        self._logged = logged
        self._largest_body = largest_body
        self._plain = plain
        self._proxies = proxies

    def of(self, route: Route[Any]) -> Handler:
        """Make what turns a row of the table into what aiohttp calls."""
        action = self._logged.get((route.method, route.path))
        writes = route.method not in SAFE_METHODS

        async def handle(request: web.Request) -> web.StreamResponse:
            must_be_secure(request, plain=self._plain)
            if writes or action is not None:
                must_come_from_here(request)
            signed = None if route.public else await self._known(request, writes=writes)
            sent = await self._sent(route, request)
            if action is None or signed is None:
                return answered(await route.serve(await self._call(route, request, signed, sent)), route.status)
            app_id, subject = request.match_info.get("app_id", ""), _subject(request)
            address = address_of(request, self._proxies)
            entry = await self._actions.audit.begin(signed.operator, address, action, app_id, subject)
            return await self._written_down(route, request, signed, sent, entry)

        return handle

    async def _written_down(
        self, route: Route[Any], request: web.Request, signed: SignedIn, sent: dict[str, Any], entry: int
    ) -> web.StreamResponse:
        outcome, note = BEGUN, ""
        try:
            call = await self._call(route, request, signed, sent)
            answer = await route.serve(call)
            outcome, note = DONE, call.note
        except Fault as fault:
            outcome, note = fault.code.name.lower(), fault.sentence
            raise
        except Exception:
            outcome = FaultCode.INTERNAL.name.lower()
            raise
        finally:
            # Who hangs up before the answer leaves it open. What was done stays done, whether or not that can be said.
            if outcome != BEGUN:
                with suppress(Fault):
                    await self._actions.audit.settle(entry, outcome, note)
        return answered(answer, route.status)

    async def _known(self, request: web.Request, *, writes: bool) -> SignedIn:
        signed = await self._actions.sign_in.known(shown_token(request))
        said = request.headers.get(CSRF_HEADER, "")
        if writes and not hmac.compare_digest(said.encode(errors="replace"), signed.csrf.encode()):
            raise Fault(FaultCode.NOT_PERMITTED, f"the header {CSRF_HEADER} is not the session's")
        return signed

    async def _call(
        self, route: Route[Any], request: web.Request, signed: SignedIn | None, sent: dict[str, Any]
    ) -> Call[Any]:
        app = None
        if "app_id" in request.match_info:
            request[APP_ID] = request.match_info["app_id"]
            try:
                app = await self._actions.find_apps.one(request.match_info["app_id"])
            except Fault as fault:
                raise (Fault(FaultCode.UNKNOWN_APP) if fault.field == "app_id" else fault) from None
        return Call(signed, app, read(sent, route.reads), request, address_of(request, self._proxies))

    async def _sent(self, route: Route[Any], request: web.Request) -> dict[str, Any]:
        if route.source is Source.QUERY:
            return query_of(request, route.described)
        if route.source is Source.BODY:
            return await read_object(request, self._largest_body)
        return {}


def desk(
    actions: Actions,
    logged: Mapping[tuple[str, str], str],
    largest_body: int,
    *,
    plain: bool,
    proxies: Collection[str],
) -> Callable[[Route[Any]], Handler]:
    """Make what turns a row of the table into what aiohttp calls."""
    return Desk(actions, logged, largest_body, plain=plain, proxies=proxies).of


def _subject(request: web.Request) -> str:
    """What of the app a call is about: the last that the address names."""
    named = [value for name, value in request.match_info.items() if name != "app_id"]
    return named[-1] if named else ""
