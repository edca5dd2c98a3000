"""The server: an application that listens, and how it stops without losing anything."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import structlog
from aiohttp import web

from parlance.app.assemble import Application, opened
from parlance.app.config import Config
from parlance.app.front import front
from parlance.app.process import alone_in, raise_file_limit, settle_garbage
from parlance.app.tasks import Tasks
from parlance.buses.nats import NatsBus
from parlance.core.model.figures import EVERY as FIGURES_EVERY
from parlance.gateway.visits import Visits
from parlance.kernel.faults import Fault
from parlance.kernel.ids import AppId

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_APPS_EVERY = 1.0
"""Seconds between two looks at what the command line has changed."""
_FOLLOWED_EVERY = 0.2
"""Seconds between two looks whether another server has said that it changed one."""
_SWEEP_EVERY = 1.0
_EXPIRY_EVERY = 2.0
_ERRANDS_EVERY = 1.0
_PASSED_ON_EVERY = 0.1
_TOLD_EVERY = 0.2
_COUNTED_EVERY = 5.0
_PURGED_EVERY = 60.0
_TIDIED_EVERY = 600.0
_COMPARED_EVERY = 24 * 60 * 60.0
_HEALTH_EVERY = 1.0
_RECOVERED_EVERY = 0.2
_ORPHANED_WITHIN = 1.0
_ERRANDS, _EXPIRY = "errands", "expiry"
"""What one server of all does."""
_WITHOUT_NATS = "NATS is away: clients of other servers hear of what happens here when it is back"
_STOPPING = "the server is stopping"
_LONGEST_LINE = 64 * 1024
"""Bytes of an address with its query: a `where` may name hundreds of conversations."""
_LINGER = 2.0
"""Seconds that the rest of a refused upload is read, so that its sender sees the answer."""
_SILENT = 75.0
"""Seconds that a connection may stay without asking anything: longer than proxies keep theirs for the next request."""
_BACKLOG = 4096
"""Connections that may wait to be accepted: a whole fleet comes back at once after a restart."""


class Server:
    """An `Application` on a port, which other processes listen on as well if it is `shared`.

    `demo_of`: the app whose keys the demo at `/` may give out; None: there is no demo.
    """

    def __init__(self, application: Application, *, shared: bool = False, demo_of: AppId | None = None) -> None:
        self._shared = shared
        self._demo_of = demo_of
        self._application = application
        self._tasks = Tasks()
        self._unready: str | None = "the server is starting"
        self._visits = Visits(application.clock, application.tallies.sockets)
        self._runner: web.AppRunner | None = None
        self._telling: set[AppId] = set()
        """The apps that are being told something."""

    async def start(self) -> int:
        """Listen; answer the port. Raises OSError if it cannot be had."""
        application = self._application
        site = front(application, self._visits, self._tasks.start, self.ready, self.notes, self._demo_of)
        runner = web.AppRunner(
            site,
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=1.0,
            lingering_time=_LINGER,
            keepalive_timeout=_SILENT,
            max_line_size=_LONGEST_LINE,
        )
        await runner.setup()
        config = application.config
        listener = web.TCPSite(runner, config.host, config.port, backlog=_BACKLOG, reuse_port=self._shared)
        try:
            await application.directory.refresh()
            await self._meet_the_others()
            await listener.start()
            await self._look_at_store()
            if isinstance(config.database, Path):
                # Only one server can have the file open.
                await application.actions.deliver.take_over()
        except BaseException:
            await self._let_go(runner)
            raise
        self._runner = runner
        self._tasks.every(_HEALTH_EVERY, self._look_at_store)
        self._tasks.every(_APPS_EVERY, application.directory.refresh)
        self._tasks.every(_FOLLOWED_EVERY, application.directory.follow)
        self._tasks.every(_SWEEP_EVERY, self._visits.sweep)
        self._tasks.every(_EXPIRY_EVERY, self._expire)
        self._tasks.every(_ERRANDS_EVERY, self._run_errands)
        self._tasks.every(_PASSED_ON_EVERY, self._pass_on)
        self._tasks.every(_TOLD_EVERY, self._tell_apps)
        self._tasks.every(_TOLD_EVERY, application.actions.comings.write)
        self._tasks.every(_COUNTED_EVERY, application.actions.deliver.count)
        self._tasks.every(_PURGED_EVERY, self._purge_told)
        self._tasks.every(FIGURES_EVERY, application.figures.take)
        self._tasks.every(_TIDIED_EVERY, application.actions.audit.tidy)
        self._tasks.every(_COMPARED_EVERY, application.actions.keep_in_step.look_at_everything)
        port: int = runner.addresses[0][1]
        return port

    def ready(self) -> str | None:
        """Why this server should get no traffic (`/readyz`); None if it should."""
        return self._unready

    def notes(self) -> tuple[str, ...]:
        """What it does without, for who asks whether it is ready."""
        bus = self._application.bus
        return (_WITHOUT_NATS,) if isinstance(bus, NatsBus) and bus.away else ()

    async def notice_the_time(self) -> None:
        """Do at once what is done every now and then because time has passed: for tests that move the clock."""
        self._visits.sweep()
        await self._expire()

    async def stop(self) -> None:
        """Drain, in seconds: not ready, no new sockets, clients told, queues flushed, and only then the end."""
        if self._runner is None or self._unready == _STOPPING:
            return
        self._unready = _STOPPING
        self._visits.stop_accepting()
        for listener in tuple(self._runner.sites):
            await listener.stop()
        self._visits.say_goodbye()
        deadline = asyncio.get_running_loop().time() + self._application.config.drain
        await self._answer_what_was_taken_in(deadline)
        self._visits.close()
        try:
            async with asyncio.timeout_at(deadline):
                await self._visits.empty()
        except TimeoutError:
            _log.warning("some clients did not answer the goodbye", connections=len(self._visits))
        await self._let_go(self._runner)
        await self._write_who_went()

    async def _let_go(self, runner: web.AppRunner) -> None:
        await runner.cleanup()
        if isinstance(self._application.bus, NatsBus):
            await self._application.bus.close()
        await self._tasks.stop()

    async def _answer_what_was_taken_in(self, deadline: float) -> None:
        """Wait for what is being stored; a store that does not answer any more must not keep the clients waiting."""
        try:
            async with asyncio.timeout_at(deadline):
                # What was appended in this turn of the loop is handed to the writer at its end.
                await asyncio.sleep(0)
                # Transactions and batches take turns: once this empty one is through, every message that was
                # taken in before it has been answered.
                async with self._application.store.begin():
                    self._application.flusher.flush()
        except (Fault, TimeoutError):
            _log.warning("the store did not answer: some messages may be unacknowledged")
        self._application.flusher.flush()

    async def _write_who_went(self) -> None:
        try:
            await self._application.actions.comings.write()
        except Fault:
            _log.warning("apps are not told who went when the server stopped")

    async def _meet_the_others(self) -> None:
        bus, recovery = self._application.bus, self._application.recovery
        if isinstance(bus, NatsBus) and recovery is not None:
            await bus.open(self._tasks.start)
            # What was read before the others knew of this server may have changed since.
            recovery.lost(self._application.clock.now())
            await recovery()
            self._tasks.every(_RECOVERED_EVERY, recovery)

    async def _look_at_store(self) -> None:
        healthy = await self._application.store.healthy()
        if self._unready != _STOPPING:
            self._unready = None if healthy else "the store does not answer"

    async def _run_errands(self) -> None:
        while await self._application.store.on_duty(_ERRANDS) and await self._application.actions.keep_in_step():
            continue

    async def _tell_apps(self) -> None:
        """Tell each app in its own time: one whose server is slow keeps nobody else waiting."""
        for app_id in await self._application.actions.deliver.apps_due():
            if app_id not in self._telling:
                self._telling.add(app_id)
                self._tasks.start(self._tell(app_id))

    async def _tell(self, app_id: AppId) -> None:
        try:
            while await self._application.actions.deliver(app_id):
                continue
        finally:
            self._telling.discard(app_id)

    async def _purge_told(self) -> None:
        while await self._application.actions.deliver.purge():
            continue

    async def _pass_on(self) -> None:
        while await self._application.actions.pass_on():
            continue

    async def _expire(self) -> None:
        # One step at a time, so that messages get through between them.
        while await self._application.store.on_duty(_EXPIRY) and await self._application.actions.end_expired():
            continue


async def run(
    config: Config, started: Callable[[int], None], worker_of: int | None = None, demo_of: AppId | None = None
) -> None:
    """Serve until SIGTERM or SIGINT; `started` is told the port once the server listens.

    `worker_of`: the process that looks after this one and others on the same port; it ends with it. `demo_of`: the
    app whose keys a demo at `/` may give out. It is no setting, so that no server in earnest can have it.
    Raises FolderInUseError if another server runs on the data folder, OSError if the port cannot be had.
    """
    asked_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked_to_stop.set)
    if worker_of is not None:
        _end_with(worker_of, asked_to_stop)
    async with opened(config) as application:
        with nullcontext() if config.bus_url else alone_in(config.data_dir):
            server = Server(application, shared=worker_of is not None, demo_of=demo_of)
            await _served(application, server, started, asked_to_stop)


def _end_with(parent: int, asked_to_stop: asyncio.Event) -> None:
    if os.getppid() != parent:
        asked_to_stop.set()
    else:
        asyncio.get_running_loop().call_later(_ORPHANED_WITHIN, _end_with, parent, asked_to_stop)


async def _served(
    application: Application, server: Server, started: Callable[[int], None], asked_to_stop: asyncio.Event
) -> None:
    files = raise_file_limit()
    port = await server.start()
    settle_garbage()
    try:
        _log.info("listening", host=application.config.host, port=port, files=files)
        started(port)
        await asked_to_stop.wait()
    finally:
        _log.info("draining", connections=application.tallies.sockets.connections)
        await server.stop()
        _log.info("stopped")
