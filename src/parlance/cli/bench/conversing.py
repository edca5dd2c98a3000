"""The rows in which pairs of clients talk: pipelined, one in flight, and paced."""

import asyncio
from itertools import cycle

import msgspec

from parlance.cli.bench.backend import Backend
from parlance.cli.bench.correspondent import Correspondent, Tally, check_pairs
from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.meter import Measured, Meter, outcome
from parlance.cli.bench.metronome import Metronome
from parlance.cli.bench.percentiles import percentiles
from parlance.cli.bench.plan import Checks, Outcome, Percentiles, Plan, Processes
from parlance.cli.bench.socket_client import connect_all

_WARM_SHARE = 0.15
_CAPACITY_SHARE = 0.3


class _Talk:
    """Pairs that are connected, and have said their first word."""

    def __init__(self, plan: Plan, clients: list[Correspondent], tally: Tally) -> None:
        self.clients = clients
        self.tally = tally
        self._plan = plan
        self._first_us: float | None = None
        self._first: Percentiles | None = None

    async def begin(self) -> None:
        """Everybody says a first word at once: servers load whom they do not know yet, and that is counted apart."""
        meter = Meter(self._plan.processes)
        for client in self.clients:
            client.send(1)
        await self.tally.drained()
        spent = meter.stop().servers
        self._first_us = None if spent is None else spent.by_threads / 1000 / len(self.clients)
        self._first = percentiles(self.tally.pushed_after)

    async def measure(self) -> tuple[Measured, int]:
        """After a while of warming up."""
        await asyncio.sleep(self._plan.seconds * _WARM_SHARE)
        self.tally.forget_waits()
        before = self.tally.acknowledged
        meter = Meter(self._plan.processes)
        await asyncio.sleep(self._plan.seconds)
        return meter.stop(), self.tally.acknowledged - before

    async def end(self, measured: Measured, operations: int) -> Outcome:
        """See that everything arrived."""
        waits = self.tally.answered_after, self.tally.pushed_after
        await self.tally.drained()
        row = outcome(self._plan, measured, operations, *waits, _checked(self.clients, self.tally))
        return msgspec.structs.replace(row, first_us=self._first_us, first=self._first)


async def saturated(plan: Plan) -> Outcome:
    """Every client keeps `plan.window` messages in flight: each answer gives rise to the next message."""
    talk = await _talk(plan)
    keep_going(talk.clients, plan.window)
    measured = await talk.measure()
    stop(talk.clients)
    return await talk.end(*measured)


async def paced(plan: Plan) -> Outcome:
    """Messages at an even rate, whether answers come or not, each client in turn."""
    talk = await _talk(plan)
    rate = plan.rate or await _half_capacity(plan, talk.clients, talk.tally)
    turns = cycle(talk.clients)
    metronome = Metronome(rate, lambda meant_at: next(turns).send(1, meant_at))
    metronome.start()
    measured = await talk.measure()
    metronome.stop()
    return await talk.end(*measured)


async def _talk(plan: Plan) -> _Talk:
    tally = Tally()
    talk = _Talk(plan, await pairs(plan, tally), tally)
    await talk.begin()
    return talk


async def pairs(plan: Plan, tally: Tally) -> list[Correspondent]:
    """Clients logged in, each two of them in a direct conversation."""
    names = [f"{plan.run}x{number}" for number in range(plan.clients // 2 * 2)]
    backend = Backend(plan.address)
    await backend.users(names)
    tokens = await backend.tokens(names)
    couples = list(zip(names[::2], names[1::2], strict=True))
    conversations = await backend.direct(couples)
    clients = [Correspondent(name, token, tally) for name, token in zip(names, tokens, strict=True)]
    for number, client in enumerate(clients):
        client.talk_in(plan.run, conversations[number // 2], clients[number ^ 1])
    await connect_all(plan.addresses, clients)
    return clients


def keep_going(clients: list[Correspondent], window: int) -> None:
    """Start all clients; each answers an answer with the next message."""
    for client in clients:
        client.answered = Correspondent.send
        client.send(window)


def stop(clients: list[Correspondent]) -> None:
    """Send nothing more."""
    for client in clients:
        client.answered = None


async def _half_capacity(plan: Plan, clients: list[Correspondent], tally: Tally) -> float:
    """Half of the rate at which one message in flight for each client saturates the server."""
    keep_going(clients, 1)
    await asyncio.sleep(plan.seconds * _WARM_SHARE)
    before, meter = tally.acknowledged, Meter(Processes())
    await asyncio.sleep(plan.seconds * _CAPACITY_SHARE)
    rate = (tally.acknowledged - before) / meter.stop().seconds
    stop(clients)
    await tally.drained()
    if not rate:
        raise BenchFailure("the server acknowledged nothing")
    return rate / 2


def _checked(clients: list[Correspondent], tally: Tally) -> Checks:
    for client in clients:
        if client.lost_for is not None:
            raise BenchFailure(f"{client.name} lost its connection: {client.lost_for}")
    return check_pairs(clients, tally)
