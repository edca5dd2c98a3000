"""The web application: every dialect's table, what else is served, and the reception in front of it all."""

from collections.abc import Callable, Iterable, Sequence

from aiohttp import hdrs, web

from parlance.kernel.clock import Clock
from parlance.kernel.ids import Ids
from parlance.web.reception import Exchange, Reception
from parlance.web.routes import Dialect, Handler
from parlance.web.sockets import is_handshake


def site(
    dialects: Sequence[Dialect],
    also: Iterable[web.RouteDef],
    *,
    clock: Clock,
    ids: Ids,
    largest_body: int,
    observe: Callable[[Exchange], None],
    stray_socket: Handler | None = None,
) -> web.Application:
    """Put the tables of `dialects` and the routes in `also` (sockets, stored files) on one application.

    One of the dialects is the house, which refuses what is nobody's. `observe` is told of each answer.
    `stray_socket` takes WebSocket handshakes at `/` and wherever else nothing is.
    """
    reception = Reception(dialects, clock, ids, observe)
    application = web.Application(client_max_size=largest_body)
    application.on_response_prepare.append(reception.sign)
    router = application.router
    # aiohttp's `add_route` puts two methods of one address together only if they come one after the other.
    addresses: dict[str, web.Resource] = {}
    owners: dict[web.AbstractResource, Dialect] = {}
    for dialect in dialects:
        # Addresses of one beginning are tried in this order, and the longest are the busiest.
        for route in sorted(dialect.routes, key=lambda route: -route.path.count("/")):
            plain = dialect.handler(route)
            if stray_socket is not None and (route.method, route.path) == (hdrs.METH_GET, "/"):
                plain = _or_socket(plain, stray_socket)
            handler = reception.around(plain, route.path, dialect)
            for path in _spellings(dialect, route.path):
                address = addresses.get(path) or addresses.setdefault(path, router.add_resource(path))
                owners.setdefault(address, dialect)
                address.add_route(route.method, handler)
                if route.method == hdrs.METH_GET and route.head:
                    address.add_route(hdrs.METH_HEAD, handler)
    for other in also:
        handler = reception.around(other.handler, other.path)
        application.add_routes([web.RouteDef(other.method, other.path, handler, other.kwargs)])
    for resource in router.resources():
        if isinstance(resource, web.Resource):
            refuse = reception.wrong_method({route.method for route in resource}, owners.get(resource))
            resource.add_route(hdrs.METH_ANY, reception.around(refuse, resource.canonical))
    nowhere = reception.nowhere if stray_socket is None else _or_socket(reception.nowhere, stray_socket)
    router.add_route(hdrs.METH_ANY, "/{path:.*}", reception.around(nowhere, ""))
    return application


def _or_socket(handler: Handler, socket: Handler) -> Handler:
    """Serves a socket to who asks for one, and to the others what is there."""

    async def serve(request: web.Request) -> web.StreamResponse:
        if request.method == hdrs.METH_GET and is_handshake(request):
            return await socket(request)
        return await handler(request)

    return serve


def _spellings(dialect: Dialect, path: str) -> tuple[str, ...]:
    """The address as the table writes it, and as its dialect takes it besides."""
    spellings = [path]
    if dialect.either_slash:
        spellings.append(path.removesuffix("/") if path.endswith("/") else f"{path}/")
    if dialect.doubled_slash:
        spellings += [f"/{each}" for each in spellings]
    return tuple(spellings)
