"""Where the world reaches this server, for answers that say where something is."""

import re

from aiohttp import web

from parlance.core.model.stored_file import StoredFile
from parlance.kernel.faults import Fault, FaultCode

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)

_SECURE = frozenset({"https", "wss"})


def origin(request: web.Request, public_url: str) -> str:
    """The configured public address; "": the host that the caller asked. Raises MALFORMED if that is none."""
    if public_url:
        return public_url.rstrip("/")
    if not _HOST.fullmatch(request.host):
        raise Fault(FaultCode.MALFORMED, "the Host header names no host")
    return f"{request.scheme}://{request.host}"


def forwarded_origin(request: web.Request, public_url: str) -> str:
    """The same, for who stands behind a proxy that says how it was asked itself: `X-Forwarded-Proto` and `-Host`."""
    if public_url:
        return public_url.rstrip("/")
    proto = _first(request.headers.get("X-Forwarded-Proto")) or request.scheme
    host = _first(request.headers.get("X-Forwarded-Host")) or request.host
    if not _HOST.fullmatch(host):
        raise Fault(FaultCode.MALFORMED, "the Host header names no host")
    return f"{'https' if proto.lower() in _SECURE else 'http'}://{host}"


def _first(value: str | None) -> str:
    """What the proxy next to the client said."""
    return "" if value is None else value.partition(",")[0].strip()


def file_address(request: web.Request, public_url: str, file: StoredFile) -> str:
    """Where everybody who is told the address can fetch a file."""
    return f"{forwarded_origin(request, public_url)}/storage/{file.key}"
