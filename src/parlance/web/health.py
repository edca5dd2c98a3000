"""What an operator's machines ask: is it alive, should it get traffic, what has it counted."""

from collections.abc import Callable

import msgspec
from aiohttp import web

from parlance.kernel.faults import Fault, FaultCode
from parlance.web.routes import Nothing, Operation, Route

TAG = "Server"

Ready = Callable[[], str | None]
"""Why the server should get no traffic; None: it should."""


class Health(msgspec.Struct, omit_defaults=True):
    """How the server is. `notes`: what it does without, just now."""

    status: str
    notes: tuple[str, ...] = ()


Notes = Callable[[], tuple[str, ...]]
"""What a server that should get traffic does without."""


def table(
    ready: Ready, metrics: Callable[[], bytes], metrics_type: str, notes: Notes = tuple
) -> tuple[Route[Nothing], ...]:
    """The addresses that operators' machines ask."""

    async def healthz(request: web.Request) -> web.Response:
        return _health("ok")

    async def readyz(request: web.Request) -> web.Response:
        reason = ready()
        if reason is not None:
            raise Fault(FaultCode.UNAVAILABLE, reason)
        return _health("ready", notes())

    async def measured(request: web.Request) -> web.Response:
        return web.Response(body=metrics(), headers={"Content-Type": metrics_type})

    return (
        Route("GET", "/healthz", healthz, _HEALTHZ, Nothing, Health, public=True),
        Route("GET", "/readyz", readyz, _READYZ, Nothing, Health, faults=(FaultCode.UNAVAILABLE,), public=True),
        Route("GET", "/metrics", measured, _METRICS, Nothing, str, public=True),
    )


def _health(status: str, notes: tuple[str, ...] = ()) -> web.Response:
    return web.Response(body=msgspec.json.encode(Health(status, notes)), content_type="application/json")


_HEALTHZ = Operation(summary="Is the process alive?", tag=TAG, answer_example={"status": "ok"})
_READYZ = Operation(
    summary="Should this server get traffic?",
    tag=TAG,
    description="503 while it starts, and from the moment it begins to stop; `notes` are no reason to send traffic"
    " elsewhere.",
    answer_example={"status": "ready"},
)
_METRICS = Operation(
    summary="What the server has counted",
    tag=TAG,
    description="Prometheus's text format; every name begins with `parlance_`.",
    content_type="text/plain",
)
