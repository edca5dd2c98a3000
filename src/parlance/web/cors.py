"""Cross-origin requests: any web page may call the APIs, because nothing here goes by cookies."""

from collections.abc import Collection, Sequence

from aiohttp import web

EXPOSED = "X-Request-Id, Retry-After, Allow"
ONE_DAY = "86400"


def allow(request: web.Request, response: web.StreamResponse) -> None:
    """Let the page that asked read the answer."""
    if "Origin" in request.headers:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED


def preflight(methods: Sequence[str], headers: Collection[str]) -> web.Response:
    """Answer OPTIONS: what may be sent to this address."""
    allowed = ", ".join(methods)
    return web.Response(
        status=204,
        headers={
            "Allow": allowed,
            "Access-Control-Allow-Methods": allowed,
            "Access-Control-Allow-Headers": ", ".join(headers),
            "Access-Control-Max-Age": ONE_DAY,
        },
    )
