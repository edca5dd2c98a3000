"""What stands on the one port: the dialects, the sockets, the files, and the server's own pages."""

from collections.abc import Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager
from functools import partial
from http import HTTPStatus
from typing import Any

from aiohttp import web

from parlance import __version__
from parlance.apis.admin.dialect import admin
from parlance.apis.campus.dialect import campus
from parlance.apis.clinic.dialect import clinic
from parlance.apis.leancloud.dialect import leancloud
from parlance.apis.leancloud.files import Receive, uploads
from parlance.apis.platform.dialect import platform
from parlance.apis.rong.dialect import rong
from parlance.app.assemble import Application
from parlance.app.config import ConsoleAccess
from parlance.app.logs import Access, AccessLog
from parlance.app.metrics import CONTENT_TYPE, Metrics
from parlance.buses.local import LocalBus
from parlance.buses.nats import NatsBus
from parlance.gateway.leancloud.desk import Desk
from parlance.gateway.leancloud.front import LeanCloudGateway
from parlance.gateway.leancloud.route import LeanCloudRoute
from parlance.gateway.leancloud.wire import LeanCloudWire
from parlance.gateway.platform import PlatformGateway
from parlance.gateway.visits import Visits
from parlance.kernel.clock import SECOND
from parlance.kernel.ids import AppId
from parlance.protocols.platform.asyncapi import asyncapi
from parlance.web import demo, events, health, pages, rongcloud, storage
from parlance.web.house import house
from parlance.web.openapi import describe
from parlance.web.reception import Exchange
from parlance.web.routes import Dialect
from parlance.web.site import site
from parlance.web.uploads import ReadForm, ReadUpload, read_bytes, read_form, read_upload

TITLE = "Parlance"
DESCRIPTION = "One chat server that speaks the chat APIs apps already use."


def front(
    application: Application,
    visits: Visits,
    start: Callable[[Coroutine[Any, Any, None]], None],
    ready: health.Ready,
    notes: health.Notes = tuple,
    demo_of: AppId | None = None,
) -> web.Application:
    """Put it all on one web application.

    `visits` keeps the sockets, `start` runs something beside the requests, `ready` says why there should be no traffic,
    `notes` what is amiss and no reason for that. `demo_of`: the app whose keys the demo at `/` may give out.
    """
    config = application.config
    everything: list[Dialect] = []

    def openapi() -> dict[str, Any]:
        return describe(everything, title=TITLE, description=DESCRIPTION, version=__version__)

    waiting = ("Messages and marks that wait for the next batch.", lambda: application.store.appender.waiting)
    metrics = Metrics(application.tallies, {"store_waiting": waiting, **_bus_levels(application.bus)})
    receive_routed = application.actions.receive_routed
    own = house(
        health.table(ready, metrics.rendered, CONTENT_TYPE, notes),
        pages.table(openapi, partial(asyncapi, __version__)),
        pages.front_page()
        if demo_of is None
        else demo.table(application.actions, demo_of, config.dialects, console=config.console is not ConsoleAccess.OFF),
        rongcloud.table(receive_routed.verified, receive_routed, config.limits.body),
        pages.console_page() if config.console is not ConsoleAccess.OFF else (),
        events.table(application.actions.authenticate, application.actions.fetch_events),
    )
    everything += [*(_DIALECTS[name](application) for name in config.dialects), own]
    if config.console is not ConsoleAccess.OFF:
        everything.append(_admin(application))
    sockets: list[web.RouteDef] = []
    stray_socket = None
    if "platform" in config.dialects:
        sockets += _platform_socket(application, visits).routes()
    if "leancloud" in config.dialects:
        sockets += LeanCloudRoute(application.directory.find, config.public_url).routes()
        sockets += uploads(application.actions.upload_reserved, _receive_bytes(application))
        stray_socket = _leancloud_socket(application, visits, start).serve
    return site(
        everything,
        [*sockets, *storage.routes(application.actions.open_file)],
        clock=application.clock,
        ids=application.ids,
        largest_body=config.limits.body,
        observe=_Observer(application, everything),
        stray_socket=stray_socket,
    )


def _bus_levels(bus: LocalBus | NatsBus) -> dict[str, tuple[str, Callable[[], float]]]:
    return {
        "bus_connected": ("Whether NATS can be reached, if it is needed.", lambda: float(not bus.away)),
        "bus_peers": ("Other servers of the installation.", lambda: bus.others),
        "bus_skew_seconds": ("By how much another server's clock differs at most.", lambda: bus.skew / 1000),
        "bus_held": ("Messages that came before those before them, so far.", lambda: bus.held),
    }


def _platform_socket(application: Application, visits: Visits) -> PlatformGateway:
    return PlatformGateway(
        application.actions,
        application.hub,
        application.flusher,
        application.config.limits,
        application.clock,
        application.ids,
        visits,
        application.tallies.sockets,
    )


def _leancloud_socket(
    application: Application, visits: Visits, start: Callable[[Coroutine[Any, Any, None]], None]
) -> LeanCloudGateway:
    desk = Desk(
        application.actions,
        application.hub,
        LeanCloudWire(),
        application.directory.find,
        application.clock,
        application.ids,
        application.tallies.sdks,
        start,
        elsewhere=bool(application.config.bus_url),
    )
    return LeanCloudGateway(desk, application.flusher, application.config.limits, visits, application.tallies.sockets)


def _platform(application: Application) -> Dialect:
    config = application.config

    def receive(request: web.Request) -> AbstractAsyncContextManager[ReadUpload]:
        return read_upload(request, config.limits.upload)

    return platform(application.actions, receive, largest_body=config.limits.body, public_url=config.public_url)


def _campus(application: Application) -> Dialect:
    config = application.config
    return campus(application.actions, default_app=config.default_app, largest_body=config.limits.body)


def _clinic(application: Application) -> Dialect:
    config = application.config
    return clinic(application.actions, default_app=config.default_app, largest_body=config.limits.body)


def _rong(application: Application) -> Dialect:
    config = application.config

    def receive(request: web.Request, field: str) -> AbstractAsyncContextManager[ReadForm]:
        return read_form(request, config.limits.upload, field)

    return rong(
        application.actions,
        receive,
        default_app=config.default_app,
        largest_body=config.limits.body,
        public_url=config.public_url,
    )


def _leancloud(application: Application) -> Dialect:
    config = application.config
    return leancloud(
        application.actions,
        clock=application.clock,
        ids=application.ids,
        default_app=config.default_app,
        largest_body=config.limits.body,
        public_url=config.public_url,
    )


def _admin(application: Application) -> Dialect:
    config = application.config
    return admin(
        application.actions,
        largest_body=config.limits.body,
        plain=config.console is ConsoleAccess.PLAIN,
        proxies=config.trusted_proxies,
    )


def _receive_bytes(application: Application) -> Receive:
    def receive(request: web.Request, name: str) -> AbstractAsyncContextManager[ReadUpload]:
        return read_bytes(request, application.config.limits.upload, name)

    return receive


_DIALECTS = {"platform": _platform, "campus": _campus, "clinic": _clinic, "leancloud": _leancloud, "rong": _rong}


class _Observer:
    """Is told of every answer: a line in the log, a number in the metrics."""

    def __init__(self, application: Application, dialects: Iterable[Dialect]) -> None:
        self._log = AccessLog(application.config.log_format, application.config.log_level, application.clock)
        self._tally = application.tallies.requests
        self._dialects = {route.path: dialect.name for dialect in dialects for route in dialect.routes}

    def __call__(self, exchange: Exchange) -> None:
        # A socket's life is no answer's time, and sockets have a tally of their own.
        if exchange.status != HTTPStatus.SWITCHING_PROTOCOLS:
            dialect = self._dialects.get(exchange.route, "none")
            self._tally.add(dialect, exchange.method, exchange.route, exchange.status, exchange.seconds)
        self._log(
            Access(
                exchange.request_id,
                exchange.method,
                exchange.path,
                exchange.status,
                exchange.seconds * SECOND,
                exchange.app_id,
            )
        )
