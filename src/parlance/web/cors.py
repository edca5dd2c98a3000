"""Cross-origin requests: any web page may call the APIs, because they do not go by cookies.

The one that does says so of its answers, and no page of another origin may read them.
"""

from collections.abc import Collection, Sequence

from aiohttp import web

OWN_PAGES_ONLY = ("Cross-Origin-Resource-Policy", "same-origin")
EXPOSED = "X-Request-Id, Retry-After, Allow"
ONE_DAY = "86400"


def allow(request: web.Request, response: web.StreamResponse) -> None:
    """Let the page that asked read the answer."""
    header, own = OWN_PAGES_ONLY
    if "Origin" in request.headers and response.headers.get(header) != own:
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
