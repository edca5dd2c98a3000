"""Several servers of one installation: one PostgreSQL, one NATS, the cast in the database, and each a port."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import brokers
from cast import Person, Rest, Town, TownClock, peopled
from databases import postgres_server
from gateway.watch import comes_true
from parlance.app.assemble import opened
from parlance.app.config import Config, LogLevel
from parlance.app.server import Server
from parlance.buses.nats import NatsBus
from parlance.core.model.limits import Limits
from parlance.stores.sql.engines.postgres import connections


@asynccontextmanager
async def cluster(folder: Path, size: int, url: str | None = None, **settings: Any) -> AsyncIterator[list[Town]]:
    """So many servers in this process, each seen as a town; `url` is NATS's, if not that of all tests.

    They wait for each other, and for each other's rows, as long as it takes.
    """
    bus_url = url or brokers.nats_server().url()
    async with postgres_server().lent() as database, AsyncExitStack() as stack:
        stack.enter_context(brokers.unhurried())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setitem(connections._WRITING, "lock_timeout", f"{brokers.PATIENCE}s")
        shared = {"database_url": database, "bus_url": bus_url, "log_level": LogLevel.WARNING, **settings}
        session = await stack.enter_async_context(aiohttp.ClientSession())
        towns: list[Town] = []
        for number in range(size):
            config = Config(data_dir=folder / str(number), port=0, limits=Limits(burst=0, sends_per_second=0), **shared)
            clock = TownClock()
            application = await stack.enter_async_context(opened(config, clock=clock))
            server = Server(application)
            base = f"http://127.0.0.1:{await server.start()}"
            stack.push_async_callback(server.stop)
            if towns:
                town = dataclasses.replace(
                    towns[0], base=base, application=application, server=server, clock=clock, sockets=[]
                )
                towns.append(_moved(town))
            else:
                towns.append(await peopled(application, server, clock, session, base))
        await comes_true(lambda: all(brokers.is_sure_of(size - 1, bus_of(town)) for town in towns), "all are there")
        yield towns
        for town in towns:
            for socket in town.sockets:
                await socket.ws.close()


def bus_of(town: Town) -> NatsBus:
    """A server's bus."""
    bus = town.application.bus
    assert isinstance(bus, NatsBus)
    return bus


def _moved(town: Town) -> Town:
    """The same people, who speak to another server."""

    def rest(before: Rest) -> Rest:
        return Rest(town.session, town.base, before.headers)

    def person(before: Person) -> Person:
        return dataclasses.replace(before, rest=rest(before.rest))

    return dataclasses.replace(
        town,
        backend=rest(town.backend),
        stranger=rest(town.stranger),
        ada=person(town.ada),
        ben=person(town.ben),
        cy=person(town.cy),
        dora=person(town.dora),
    )
