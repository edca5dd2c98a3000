"""The pages for people: where to begin, and what the APIs are. All from files we ship; nothing comes from elsewhere."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from parlance.kernel.faults import Fault, FaultCode
from parlance.web.routes import Handler, Nothing, Operation, Route

TAG = "Server"
CONTENT_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
SAFE = {
    # With Trusted Types asked for and none allowed, a browser lets no script make markup of a text.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class _File(msgspec.Struct, frozen=True):
    body: bytes
    content_type: str
    tag: str


def table(
    openapi: Callable[[], Mapping[str, Any]], asyncapi: Callable[[], Mapping[str, Any]]
) -> tuple[Route[Nothing], ...]:
    """The pages and what they are drawn from. Each document is asked for once, when somebody first wants it."""
    socket = cache(lambda: _described(asyncapi()))
    rest = cache(lambda: _described(openapi()))

    async def static(request: web.Request) -> web.Response:
        return shown(request, request.match_info["path"])

    async def docs(request: web.Request) -> web.Response:
        return shown(request, "docs/rest.html")

    async def docs_socket(request: web.Request) -> web.Response:
        return shown(request, "docs/socket.html")

    async def openapi_json(request: web.Request) -> web.Response:
        return _shown(request, rest())

    async def asyncapi_json(request: web.Request) -> web.Response:
        return _shown(request, socket())

    return (
        page("/docs", docs, "The REST API, for people"),
        page("/docs/socket", docs_socket, "The socket, for people"),
        page("/static/{path:.+}", static, "What the pages are made of"),
        Route("GET", "/openapi.json", openapi_json, _description("The REST API"), Nothing, dict[str, Any], public=True),
        Route("GET", "/asyncapi.json", asyncapi_json, _description("The socket"), Nothing, dict[str, Any], public=True),
    )


def front_page() -> tuple[Route[Nothing], ...]:
    """What stands at `/` where there is no demo."""

    async def index(request: web.Request) -> web.Response:
        return shown(request, "front/index.html")

    return (page("/", index, "Where to begin"),)


def console_page() -> tuple[Route[Nothing], ...]:
    """What operators look at; it asks the admin API for everything."""

    async def console(request: web.Request) -> web.Response:
        return shown(request, "console/index.html")

    return (page("/console", console, "For operators"),)


def shown(request: web.Request, path: str) -> web.Response:
    """One of the files in `static/`, by its path in there. Raises a fault if there is none."""
    file = _shipped().get(path)
    if file is None:
        raise Fault(FaultCode.UNKNOWN_ROUTE)
    return _shown(request, file)


@cache
def _shipped() -> dict[str, _File]:
    """Everything in `static/`, read once: nothing else can be asked for, whatever a path says."""
    return dict(_within(files(__package__).joinpath("static"), ""))


def _within(folder: Traversable, path: str) -> Iterator[tuple[str, _File]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _within(entry, f"{path}{entry.name}/")
        elif kind := CONTENT_TYPES.get(Path(entry.name).suffix):
            body = entry.read_bytes()
            yield path + entry.name, _File(body, kind, f'"{sha256(body).hexdigest()[:24]}"')


def _described(what: Mapping[str, Any]) -> _File:
    body = msgspec.json.encode(what)
    return _File(body, "application/json", f'"{sha256(body).hexdigest()[:24]}"')


def _shown(request: web.Request, file: _File) -> web.Response:
    headers = {**SAFE, "ETag": file.tag}
    if request.headers.get("If-None-Match") == file.tag:
        return web.Response(status=304, headers=headers)
    charset = None if file.content_type == "application/json" else "utf-8"
    return web.Response(body=file.body, content_type=file.content_type, charset=charset, headers=headers)


def page(path: str, serve: Handler, summary: str) -> Route[Nothing]:
    """An address with a page for people."""
    about = Operation(summary=summary, tag=TAG, content_type="text/html")
    return Route("GET", path, serve, about, Nothing, str, public=True, described_to_machines=False)


def _description(summary: str) -> Operation:
    return Operation(summary=f"{summary}, for machines", tag=TAG)
