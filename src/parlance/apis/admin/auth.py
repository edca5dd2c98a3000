"""Who asks, by which way, and whether a page of somebody else's made the browser do it.

Three things keep other pages out: the cookie is not sent along with what they ask, what changes something says a
token that they cannot know, and browsers say of each request where it comes from.
"""

import ipaddress
from collections.abc import Collection
from types import MappingProxyType
from urllib.parse import urlsplit

from aiohttp import web

from parlance.kernel.clock import SECOND
from parlance.kernel.faults import Fault, FaultCode

CSRF_HEADER = "X-CSRF-Token"
HEADERS = ("Content-Type", "X-Request-Id")
SCHEMES = MappingProxyType(
    {
        "operator": {
            "type": "apiKey",
            "in": "cookie",
            "name": "parlance-console",
            "description": "A session of an operator, made by `POST /admin/login`. What changes something says the "
            f"session's `csrf` in the header `{CSRF_HEADER}`, too. Where the address names a port, the cookie's name "
            "ends in `-` and that port.",
        }
    }
)
SECURITY: tuple[dict[str, list[str]], ...] = ({"operator": []},)
PATH = "/admin"
SAFE_METHODS = frozenset({"GET", "HEAD"})
_COOKIE = "parlance-console"
_OWN = frozenset({"same-origin", "none"})
_NOT_SECURE = (
    "the console takes https, or this machine's own address (an ssh tunnel will do); to open it otherwise, set "
    "PARLANCE_CONSOLE=plain"
)


def cookie_name(request: web.Request) -> str:
    """One for each port: browsers send a machine's cookies to all of its servers."""
    _, _, port = request.host.rpartition(":")
    return f"{_COOKIE}-{port}" if port.isascii() and port.isdigit() else _COOKIE


def shown_token(request: web.Request) -> str | None:
    """What a request shows of a session."""
    return request.cookies.get(cookie_name(request))


def keep(request: web.Request, response: web.StreamResponse, token: str, lifetime: int) -> None:
    """Have the browser show it from now on, for so many milliseconds."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=lifetime // SECOND,
        path=PATH,
        httponly=True,
        samesite="Strict",
        secure=_encrypted(request),
    )


def forget(request: web.Request, response: web.StreamResponse) -> None:
    """Have the browser show it no more."""
    response.del_cookie(cookie_name(request), path=PATH, httponly=True, samesite="Strict", secure=_encrypted(request))


def must_be_secure(request: web.Request, *, plain: bool) -> None:
    """Refuse what others on the way could read: NOT_PERMITTED. `plain`: the operator said that nobody does."""
    if not plain and not _encrypted(request) and not _on_loopback(request.host):
        raise Fault(FaultCode.NOT_PERMITTED, _NOT_SECURE)


def must_come_from_here(request: web.Request) -> None:
    """Refuse what a page of another origin had the browser do: NOT_PERMITTED."""
    site, origin = request.headers.get("Sec-Fetch-Site", "none"), request.headers.get("Origin")
    if site not in _OWN or (origin is not None and _host_in(origin) != _asked_host(request)):
        raise Fault(FaultCode.NOT_PERMITTED, "this was asked by a page of another origin")


def address_of(request: web.Request, proxies: Collection[str]) -> str:
    """Where a request comes from: what one of the proxies (addresses, networks) says, else who is at the other end."""
    peer = request.remote or ""
    said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return said if said and _is_address(said) and _is_among(peer, proxies) else peer


def _encrypted(request: web.Request) -> bool:
    said = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip().lower()
    return request.scheme == "https" or said == "https"


def _host_in(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _asked_host(request: web.Request) -> str:
    return request.headers.get("X-Forwarded-Host", "").partition(",")[0].strip() or request.host


def _on_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return _is_address(name) and ipaddress.ip_address(name).is_loopback


def _is_among(peer: str, networks: Collection[str]) -> bool:
    if not _is_address(peer):
        return False
    address = ipaddress.ip_address(peer)
    # So is an address of IPv4 called by who listens for both kinds.
    plain = (isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped) or address
    return any(plain in ipaddress.ip_network(network, strict=False) for network in networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
