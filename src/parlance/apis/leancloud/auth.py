"""What a request of this dialect shows; how it is read is the same everywhere (`web/credentials.py`).

An app's public key says only which app is meant; what takes the server key says so in its row of the table.
"""

from aiohttp import web

from parlance.core.model.caller import Caller
from parlance.kernel.faults import Fault, FaultCode
from parlance.web.credentials import HEADERS, KEY_HEADERS, SCHEMES, SIGNATURE_HEADERS, credentials_or_default

__all__ = [
    "CLIENT_HEADERS",
    "HEADERS",
    "SCHEMES",
    "SECURITY",
    "SESSION_HEADER",
    "credentials_or_default",
    "may_act_for_app",
    "must_act_for_app",
    "must_be_app",
    "must_show_something",
]

SESSION_HEADER = "X-LC-IM-Session-Token"
"""With which a client asks for what is its own: the token of its session on the socket."""
CLIENT_HEADERS = ("X-LC-Session", "X-LC-Prod", "X-LC-UA", SESSION_HEADER)
"""What LeanCloud's clients send besides; all but the last say nothing to us."""

SECURITY: tuple[dict[str, list[str]], ...] = ({"app-id": [], "app-key": []}, {})
"""The last one, nothing but the app, is enough where the app's policy is `open`, and for what the public key does."""


def must_be_app(caller: Caller) -> None:
    """Refuse who does not act for the whole app: KEY_REQUIRED."""
    if not caller.is_backend:
        raise Fault(FaultCode.KEY_REQUIRED)


def must_show_something(request: web.Request, caller: Caller) -> None:
    """Refuse who shows not even the app's public key, where the app asks for anything: BAD_CREDENTIAL."""
    shown = (*KEY_HEADERS, *SIGNATURE_HEADERS, SESSION_HEADER)
    if not caller.keyed and caller.app.policy.asks_for_credential and not any(map(request.headers.get, shown)):
        raise Fault(FaultCode.BAD_CREDENTIAL)


def may_act_for_app(caller: Caller) -> bool:
    """Whether somebody who makes a public call is, for all that, the app's backend."""
    return caller.is_backend and (caller.keyed or not caller.app.policy.asks_for_credential)


def must_act_for_app(caller: Caller) -> None:
    """Refuse who shows only the public key: BAD_CREDENTIAL. A client with a token of its own is left to the action."""
    if caller.is_backend and not may_act_for_app(caller):
        raise Fault(FaultCode.BAD_CREDENTIAL)
