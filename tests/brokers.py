"""A NATS for tests: its own server, on a free port, from the machine's program.

It is started when the first test asks for it, once in each process of the test run, and does not outlive it. Each
installation of a test has subjects of its own.
"""

import asyncio
import atexit
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

import pytest

from gateway.watch import comes_true
from needs import found, lacking
from parlance.buses.nats import NatsBus, inquiries, outgoing, post
from parlance.core.model.message import Message
from parlance.core.ports.bus import Hears
from parlance.kernel.clock import SystemClock
from parlance.kernel.ids import AppId, ClientId
from parlance.kernel.tallies import BusTally
from ports import free_port

if TYPE_CHECKING:
    from parlance.core.model.events import Event

PATIENCE = 30
"""Seconds that starting or stopping it may take, and that servers wait for each other where nobody is in a hurry."""
_installations = count(1)


class NatsServer:
    """One that can be stopped and started again at the same address."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [self._program, "-a", "127.0.0.1", "-p", str(self.port)]
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, "it ended"
            assert time.monotonic() < until, "it does not answer"
            time.sleep(0.02)

    def stop(self) -> None:
        """End it, as a machine ends that lost its current."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait(PATIENCE)

    def url(self) -> str:
        """Its address, for one more installation."""
        return f"nats://127.0.0.1:{self.port}/test{next(_installations)}"

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                return line.recv(5) == b"INFO "
        except OSError:
            return False


def own_nats_server() -> NatsServer:
    """One that nobody else uses; whoever starts it stops it. A test that cannot have one lacks a program."""
    program = found("nats-server")
    if program is None:
        lacking("nats-server")
    return NatsServer(program)


@cache
def nats_server() -> NatsServer:
    """The server of this test run."""
    server = own_nats_server()
    server.start()
    atexit.register(server.stop)
    return server


class Party:
    """A bus as one server has it, and what came by it."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, name
        self.clock = SystemClock()
        self.tally = BusTally()
        self.stored: list[Message] = []
        self.heard: list[Event] = []
        self.from_others: list[Event] = []
        self.missed: list[int] = []
        self.bus = NatsBus(url, name, self.clock, self, self.tally)
        self.bus.listen(self.heard.extend)
        self.bus.listen(self.from_others.extend, Hears.OTHERS)
        self.bus.look_for = self._look_for
        self._running: list[asyncio.Future[None]] = []

    async def open(self) -> None:
        """Meet the others."""
        await self.bus.open(lambda coroutine: self._running.append(asyncio.ensure_future(coroutine)))

    async def vanish(self) -> None:
        """Fall silent, without a word."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def close(self) -> None:
        """Say goodbye."""
        await self.bus.close()
        await self.vanish()

    async def let_in(self, client: str, app: str = "hall") -> None:
        """A client comes."""
        await self.bus.peers.expect(AppId(app), ClientId(client))
        self.bus.peers.arrived(AppId(app), ClientId(client))

    def _look_for(self, since: int) -> None:
        self.missed.append(since)
        self.bus.recovered()

    async def between(self, conversation: int, after: int, before: int, most: int) -> list[Message]:
        """See `History.between`."""
        found = [each for each in self.stored if each.conversation == conversation and after < (each.seq or 0) < before]
        return found[-most:]

    async def joined(self, conversation: int, clients: Collection[ClientId]) -> dict[ClientId, int]:
        """See `History.joined`: everybody was in from the start."""
        return dict.fromkeys(clients, 0)


@asynccontextmanager
async def party(size: int) -> AsyncIterator[list[Party]]:
    """So many servers that know each other."""
    url = nats_server().url()
    servers = [Party(url, f"server-{number}") for number in range(size)]
    try:
        with unhurried():
            for server in servers:
                await server.open()
            await comes_true(lambda: all(is_sure_of(size - 1, server.bus) for server in servers), "all know each other")
            yield servers
    finally:
        for server in servers:
            await server.close()


def is_sure_of(others: int, bus: NatsBus) -> bool:
    """Whether it knows so many, with all their clients, and they all of its own."""
    links = bus._neighbours._links.values()
    return others == len(links) and not any(link.in_doubt for link in links)


@contextmanager
def unhurried() -> Iterator[None]:
    """Servers wait for each other as long as it takes: half a second is soon over on a busy machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outgoing, "LONGEST_WAIT", PATIENCE)
        patch.setattr(inquiries, "ANSWERED_WITHIN", PATIENCE)
        patch.setattr(post, "_LAST_WORDS", PATIENCE)
        yield
