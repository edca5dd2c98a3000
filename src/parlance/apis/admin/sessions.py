"""Coming in, staying, going."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from parlance import __version__
from parlance.apis.admin import examples
from parlance.apis.admin.auth import forget, keep, shown_token
from parlance.apis.admin.desk import Call
from parlance.apis.admin.envelope import CONTENT_TYPE, SAFE, Done
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.operating.sign_in import SignedIn
from parlance.core.model.audit import DONE
from parlance.core.model.operator import SESSION_LIFETIME
from parlance.kernel.faults import Fault, FaultCode
from parlance.web.routes import Nothing, Operation

TAG = "Admin: sessions"
LOGIN, LINK = "login", "login.link"
_NOBODY = frozenset({FaultCode.NOT_LOGGED_IN, FaultCode.SESSION_EXPIRED})
_encode = msgspec.json.Encoder().encode

ComeIn = Callable[[str], Awaitable[SignedIn]]
"""From an address."""


class Login(msgspec.Struct, frozen=True):
    """Who comes in."""

    name: str
    password: str


class Link(msgspec.Struct, frozen=True):
    """With a link that the command line gave out."""

    key: str


class NewPassword(msgspec.Struct, frozen=True):
    """The password that is, and the one that is to be."""

    old: str
    new: str


class Session(msgspec.Struct):
    """An operator's session; "" and 0 where nobody is logged in."""

    operator: str
    csrf: str
    """To be said in the header `X-CSRF-Token` with whatever changes something."""
    expires_at: int
    version: str
    """Of the server."""


class Sessions:
    """The calls about them."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def log_in(self, call: Call[Login]) -> web.Response:
        """POST /admin/login."""
        fields = call.fields

        async def come_in(address: str) -> SignedIn:
            return await self._actions.sign_in(fields.name, fields.password, address)

        return await self._opened(call, LOGIN, fields.name, come_in)

    async def follow_link(self, call: Call[Link]) -> web.Response:
        """POST /admin/login/link."""

        async def come_in(address: str) -> SignedIn:
            return await self._actions.sign_in.by_link(call.fields.key, address)

        return await self._opened(call, LINK, "", come_in)

    async def show(self, call: Call[Nothing]) -> Session:
        """GET /admin/session: a page that asks who is there has done nothing wrong if nobody is."""
        try:
            return _session(await self._actions.sign_in.known(shown_token(call.request)))
        except Fault as fault:
            if fault.code not in _NOBODY:
                raise
            return Session("", "", 0, __version__)

    async def log_out(self, call: Call[Nothing]) -> web.Response:
        """POST /admin/logout."""
        await self._actions.sign_in.out(call.operator.token)
        return _left(call.request)

    async def change_password(self, call: Call[NewPassword]) -> web.Response:
        """POST /admin/password."""
        await self._actions.operators.change_password(call.operator.operator, call.fields.old, call.fields.new)
        return _left(call.request)

    async def _opened(self, call: Call[Any], how: str, name: str, come_in: ComeIn) -> web.Response:
        """Written down when it is known what came of it: attempts that nobody listens to are not."""
        address = call.address
        try:
            signed = await come_in(address)
        except Fault as fault:
            if fault.retry_after is None:
                await self._actions.audit.refused(name, address, how, fault.code.name.lower())
            raise
        await self._actions.audit.begin(signed.operator, address, how, outcome=DONE)
        response = web.Response(body=_encode(_session(signed)), content_type=CONTENT_TYPE, headers=SAFE)
        keep(call.request, response, signed.token, SESSION_LIFETIME)
        return response


def _session(signed: SignedIn) -> Session:
    return Session(signed.operator, signed.csrf, signed.expires_at, __version__)


def _left(request: web.Request) -> web.Response:
    response = web.Response(body=_encode(Done()), content_type=CONTENT_TYPE, headers=SAFE)
    forget(request, response)
    return response


LOG_IN = Operation(
    answer_example=examples.SESSION,
    summary="Log in",
    tag=TAG,
    description="Sets the session's cookie, for twelve hours. After three wrong passwords in a row each costs a pause, "
    "for the name and for the address.",
    example={"name": "admin", "password": "k7Qd2-aX9fB-w3Lmz-0pTr8"},
)
FOLLOW = Operation(
    answer_example=examples.SESSION,
    summary="Log in with a link",
    tag=TAG,
    description="As `parlance console link` gives out: once, for 15 minutes.",
)
SHOW = Operation(
    answer_example=examples.SESSION,
    summary="Who is logged in",
    tag=TAG,
    description="`operator` is empty if nobody is.",
)
LOG_OUT = Operation(answer_example=examples.DONE, summary="Log out", tag=TAG)
CHANGE = Operation(
    answer_example=examples.DONE,
    summary="Change one's password",
    tag=TAG,
    description="All sessions of the operator end.",
)
