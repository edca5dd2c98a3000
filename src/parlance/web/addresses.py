"""Where the world reaches this server, for answers that say where something is."""

import re

from aiohttp import web

from parlance.core.model.stored_file import StoredFile
from parlance.kernel.faults import Fault, FaultCode

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)


def origin(request: web.Request, public_url: str) -> str:
    """The configured public address; "": the host that the caller asked. Raises MALFORMED if that is none."""
    if public_url:
        return public_url.rstrip("/")
    if not _HOST.fullmatch(request.host):
        raise Fault(FaultCode.MALFORMED, "the Host header names no host")
    return f"{request.scheme}://{request.host}"


def file_address(request: web.Request, public_url: str, file: StoredFile) -> str:
    """Where everybody who is told the address can fetch a file."""
    return f"{origin(request, public_url)}/storage/{file.key}"
