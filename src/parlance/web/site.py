"""The web application: every dialect's table, what else is served, and the reception in front of it all."""

from collections.abc import Callable, Iterable, Sequence

from aiohttp import web

from parlance.kernel.clock import Clock
from parlance.kernel.ids import Ids
from parlance.web.reception import Exchange, Reception
from parlance.web.routes import Dialect


def site(
    dialects: Sequence[Dialect],
    also: Iterable[web.AbstractRouteDef],
    *,
    clock: Clock,
    ids: Ids,
    largest_body: int,
    observe: Callable[[Exchange], None],
) -> web.Application:
    """Put the tables of `dialects` and the routes in `also` (sockets, stored files) on one application.

    One of the dialects is the house, which refuses what is nobody's. `observe` is told of each answer.
    """
    reception = Reception(dialects, clock, ids, observe)
    application = web.Application(middlewares=[reception.receive], client_max_size=largest_body)
    application.on_response_prepare.append(reception.sign)
    for dialect in dialects:
        for route in dialect.routes:
            handler = dialect.handler(route)
            application.router.add_route(route.method, route.path, handler)
            if route.method == "GET":
                application.router.add_route("HEAD", route.path, handler)
    application.add_routes(also)
    return application
