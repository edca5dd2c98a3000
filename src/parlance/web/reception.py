"""What happens to every request, whatever it asks: an id, a place for its faults to go, a line in the log.

Nothing that goes wrong leaves this floor as anything but an answer in the shape of the dialect that was
addressed: a `Fault` is shown as it is, everything else as an internal error without a word about its cause,
which stands in the log under the request's id.

Every handler is wrapped once, when the table is laid out; aiohttp's middlewares would find out anew for each
request what is known from the start (measured: a fifth of a small request).
"""

from collections.abc import Callable, Collection, Sequence

import msgspec
import structlog
from aiohttp import web

from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import Ids
from parlance.web import cors
from parlance.web.request_ids import HEADER, REQUEST_ID, RequestIds
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
        self._request_ids = RequestIds(ids)
        self._observe = observe

    def around(self, handler: Handler, path: str, dialect: Dialect | None = None) -> Handler:
        """A handler that answers, come what may. `path` is how the table writes the address, "" if it does not.

        Without a `dialect` the path of each request decides whose shape its refusal takes.
        """
        monotonic, request_id, observe = self._clock.monotonic, self._request_ids.of, self._observe

        async def receive(request: web.Request) -> web.StreamResponse:
            began = monotonic()
            request[REQUEST_ID] = name = request_id(request)
            whose = dialect or self.dialect(request.path)
            try:
                response = await handler(request)
            except Exception as error:  # noqa: BLE001 - the one place where anything becomes an answer
                response = self._shown(request, whose, error)
            seconds = monotonic() - began
            app_id = request.get(APP_ID)
            observe(Exchange(whose.name, request.method, path, request.path, response.status, seconds, name, app_id))
            return response

        return receive

    async def sign(self, request: web.Request, response: web.StreamResponse) -> None:
        """Put on an answer what every answer carries (an aiohttp signal, so that streams have it too)."""
        headers = response.headers
        # What is no address at all ("*") is refused by aiohttp itself, before anybody has received it.
        headers[HEADER] = request.get(REQUEST_ID) or self._request_ids.of(request)
        headers["Server"] = SERVER
        cors.allow(request, response)

    def dialect(self, path: str) -> Dialect:
        """The dialect whose shape a refusal at this path takes."""
        everybodys = self._by_prefix[-1][1]
        return next((dialect for prefix, dialect in self._by_prefix if path.startswith(prefix)), everybodys)

    def wrong_method(self, methods: Collection[str], owner: Dialect | None = None) -> Handler:
        """What answers all other methods at an address that takes `methods`: OPTIONS with what they are.

        Without an `owner` the path of each request decides whose shape its refusal takes.
        """
        allowed = sorted({*methods, "OPTIONS"})

        async def refuse(request: web.Request) -> web.StreamResponse:
            dialect = owner or self.dialect(request.path)
            if request.method == "OPTIONS":
                return cors.preflight(allowed, dialect.headers)
            response = dialect.refuse(request, Fault(FaultCode.WRONG_METHOD))
            response.headers["Allow"] = ", ".join(allowed)
            return response

        return refuse

    async def nowhere(self, request: web.Request) -> web.StreamResponse:
        """What answers at every address that is in no table."""
        dialect = self.dialect(request.path)
        if dialect.invites and request.method == "OPTIONS":
            return cors.preflight(sorted({route.method for route in dialect.routes}), dialect.headers)
        raise Fault(FaultCode.UNKNOWN_ROUTE)

    def _shown(self, request: web.Request, dialect: Dialect, error: Exception) -> web.StreamResponse:
        """The answer that an error becomes."""
        if isinstance(error, web.HTTPException) and error.status < 400:
            return error
        return dialect.refuse(request, self._fault(request, error))

    def _fault(self, request: web.Request, error: Exception) -> Fault:
        if isinstance(error, Fault):
            return error
        if isinstance(error, web.HTTPRequestEntityTooLarge):
            return Fault(FaultCode.BODY_TOO_LARGE)
        if isinstance(error, web.HTTPException):
            return Fault(FaultCode.MALFORMED, error.reason)
        if isinstance(error, ConnectionError | web.RequestPayloadError):
            # The caller is gone, or what it sends is not HTTP: nobody may read this, but the log is told.
            return Fault(FaultCode.MALFORMED, "the body was cut short")
        _log.error(
            "request failed",
            request_id=request[REQUEST_ID],
            method=request.method,
            path=request.path,
            exc_info=error,
        )
        return Fault(FaultCode.INTERNAL)
