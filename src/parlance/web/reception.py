"""What happens to every request, whatever it asks: an id, a place for its faults to go, a line in the log.

Nothing that goes wrong leaves this floor as anything but an answer in the shape of the dialect that was
addressed: a `Fault` is shown as it is, everything else as an internal error without a word about its cause,
which stands in the log under the request's id.
"""

from collections.abc import Callable, Sequence

import msgspec
import structlog
from aiohttp import web

from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import Ids
from parlance.web import cors
from parlance.web.request_ids import HEADER, REQUEST_ID, request_id
from parlance.web.routes import Dialect, Handler

SERVER = "Parlance"
"""All that answers say of what made them: versions are for operators, not for strangers."""
APP_ID = web.RequestKey("app_id", str)
"""The app a request turned out to be about, for its log line."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Exchange(msgspec.Struct, frozen=True):
    """A request and its answer, for the access log and the metrics."""

    dialect: str
    method: str
    route: str
    """The address as the table writes it (`/im/users/{client_id}`), "" for one that is not in it."""
    path: str
    status: int
    seconds: float
    request_id: str
    app_id: str | None


class Reception:
    """Receives every request. `observe` is told of each answer, and must not raise.

    One of the dialects has the prefix "/": it refuses what is nobody's.
    """

    def __init__(
        self,
        dialects: Sequence[Dialect],
        clock: Clock,
        ids: Ids,
        observe: Callable[[Exchange], None],
    ) -> None:
        by_prefix = [(prefix, dialect) for dialect in dialects for prefix in dialect.prefixes]
        self._by_prefix = sorted(by_prefix, key=lambda pair: -len(pair[0]))
        self._clock = clock
        self._ids = ids
        self._observe = observe

    @web.middleware
    async def receive(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request, come what may (an aiohttp middleware)."""
        began = self._clock.monotonic()
        request[REQUEST_ID] = request_id(request, self._ids)
        try:
            response = await handler(request)
        except Fault as fault:
            response = self._refused(request, fault)
        except web.HTTPException as exception:
            response = self._translated(request, exception)
        except (ConnectionError, web.RequestPayloadError):
            # The caller is gone, or what it sends is not HTTP: nobody may read this, but the log is told.
            response = self._refused(request, Fault(FaultCode.MALFORMED, "the body was cut short"))
        except Exception:  # noqa: BLE001 - the one place where a bug of ours becomes an answer
            _log.exception("request failed", request_id=request[REQUEST_ID], method=request.method, path=request.path)
            response = self._refused(request, Fault(FaultCode.INTERNAL))
        resource = request.match_info.route.resource
        self._observe(
            Exchange(
                dialect=self.dialect(request.path).name,
                method=request.method,
                route="" if resource is None else resource.canonical,
                path=request.path,
                status=response.status,
                seconds=self._clock.monotonic() - began,
                request_id=request[REQUEST_ID],
                app_id=request.get(APP_ID),
            )
        )
        return response

    async def sign(self, request: web.Request, response: web.StreamResponse) -> None:
        """Put on an answer what every answer carries (an aiohttp signal, so that streams have it too)."""
        response.headers[HEADER] = request[REQUEST_ID]
        response.headers["Server"] = SERVER
        cors.allow(request, response)

    def dialect(self, path: str) -> Dialect:
        """The dialect whose shape a refusal at this path takes."""
        everybodys = self._by_prefix[-1][1]
        return next((dialect for prefix, dialect in self._by_prefix if path.startswith(prefix)), everybodys)

    def _refused(self, request: web.Request, fault: Fault) -> web.Response:
        return self.dialect(request.path).refuse(request, fault)

    def _translated(self, request: web.Request, exception: web.HTTPException) -> web.StreamResponse:
        if isinstance(exception, web.HTTPMethodNotAllowed):
            return self._wrong_method(request, exception)
        if isinstance(exception, web.HTTPNotFound):
            return self._refused(request, Fault(FaultCode.UNKNOWN_ROUTE))
        if isinstance(exception, web.HTTPRequestEntityTooLarge):
            return self._refused(request, Fault(FaultCode.BODY_TOO_LARGE))
        if exception.status < 400:
            return exception
        return self._refused(request, Fault(FaultCode.MALFORMED, exception.reason))

    def _wrong_method(self, request: web.Request, exception: web.HTTPMethodNotAllowed) -> web.StreamResponse:
        methods = exception.allowed_methods
        if request.method == "OPTIONS":
            return cors.preflight(methods, self.dialect(request.path).headers)
        response = self._refused(request, Fault(FaultCode.WRONG_METHOD))
        response.headers["Allow"] = ", ".join(sorted({*methods, "OPTIONS"}))
        return response
