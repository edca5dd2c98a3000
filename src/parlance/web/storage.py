"""Serving uploaded files: `GET /storage/uploads/<32 hex>.<ext>`, in ranges if asked.

What strangers have uploaded must never run under this server's name: the type that is said is the one
that was found in the bytes, browsers are told to believe it, to run nothing, and to download whatever they
could run. A file never changes under its address, so that everybody may keep it for good.
"""

import re
from contextlib import suppress
from urllib.parse import quote

from aiohttp import web

from parlance.core.actions.files.open_file import OpenedFile, OpenFile
from parlance.core.model.file_types import shown_in_browser
from parlance.core.model.stored_file import StoredFile
from parlance.kernel.faults import Fault
from parlance.web.routes import Handler

PATH = "/storage/"

_CACHED = "public, max-age=31536000, immutable"
# No scripts, no forms, no origin of its own; but a picture or a film that is opened by itself may show.
_POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_TAG = re.compile(r'(?:W/)?("[^"]*")')


def routes(open_file: OpenFile) -> list[web.RouteDef]:
    """The addresses of uploaded files, for GET and HEAD."""
    handler = serve(open_file)
    return [web.get(PATH + "{key:.+}", handler, allow_head=True)]


def serve(open_file: OpenFile) -> Handler:
    """What answers a request for a file. Raises UNKNOWN_FILE as a fault."""

    async def answer(request: web.Request) -> web.StreamResponse:
        opened = await open_file(request.match_info["key"])
        file = opened.file
        headers = _headers(file)
        if _is_at_hand(request, headers["ETag"]):
            return web.Response(status=304, headers=headers)
        asked = _range(request, file.size, headers["ETag"])
        if asked is None:
            return await _send(request, opened, web.StreamResponse(headers=headers), 0, file.size)
        start, end = asked
        if start >= end:
            headers["Content-Range"] = f"bytes */{file.size}"
            return web.Response(status=416, headers=headers)
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
        return await _send(request, opened, web.StreamResponse(status=206, headers=headers), start, end)

    return answer


async def _send(
    request: web.Request, opened: OpenedFile, response: web.StreamResponse, start: int, end: int
) -> web.StreamResponse:
    response.content_length = end - start
    response.headers["Content-Type"] = opened.file.content_type
    if request.method == "HEAD":
        await response.prepare(request)
        return response
    # Opened before anything is sent: a file that is gone can still be answered with a fault.
    chunks = await opened.read(start, end)
    await response.prepare(request)
    missing = end - start
    with suppress(Fault):
        async for chunk in chunks:
            await response.write(chunk)
            missing -= len(chunk)
    if missing and request.transport is not None:
        # Too late for a refusal: whoever reads must see that the answer was cut short.
        request.transport.abort()
    return response


def _headers(file: StoredFile) -> dict[str, str]:
    return {
        "ETag": f'"{file.key.rpartition("/")[2]}"',
        "Cache-Control": _CACHED,
        "Accept-Ranges": "bytes",
        "Content-Disposition": _disposition(file),
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin",
        # Whether or not this request names an origin: its answer may be kept for one that does.
        "Access-Control-Allow-Origin": "*",
    }


def _disposition(file: StoredFile) -> str:
    """Show it or download it, and under which name (RFC 6266: plain for old clients, then as it is)."""
    how = "inline" if shown_in_browser(file.content_type) else "attachment"
    plain = re.sub(r"[^ !#$&-\[\]-~]", "_", file.name)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"


def _is_at_hand(request: web.Request, tag: str) -> bool:
    """Whether the client has the file already, and only asks if it still holds."""
    known = request.headers.get("If-None-Match", "")
    return known.strip() == "*" or tag in _TAG.findall(known)


def _range(request: web.Request, size: int, tag: str) -> tuple[int, int] | None:
    """The first byte asked for, and the one after the last; nothing in between if there are none there.

    None: all of it, as for ranges that are no ranges, for several at once, and for those of another file.
    """
    if request.method != "GET":
        return None
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or request.headers.get("If-Range", tag) != tag:
        return None
    first, last = found.groups()
    if not first:
        return None if not last else (max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1 if last else size, size)
