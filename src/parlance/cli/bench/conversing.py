"""The rows in which pairs of clients talk: pipelined, one in flight, and paced."""

import asyncio
from itertools import cycle

from parlance.cli.bench.backend import Backend
from parlance.cli.bench.correspondent import Correspondent, Tally, check_pairs
from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.meter import Measured, Meter, outcome
from parlance.cli.bench.metronome import Metronome
from parlance.cli.bench.plan import Checks, Outcome, Plan
from parlance.cli.bench.socket_client import connect_all

_WARM_SHARE = 0.15
_CAPACITY_SHARE = 0.3


async def saturated(plan: Plan) -> Outcome:
    """Every client keeps `plan.window` messages in flight: each answer gives rise to the next message."""
    tally = Tally()
    clients = await pairs(plan, tally)
    keep_going(clients, plan.window)
    await asyncio.sleep(plan.seconds * _WARM_SHARE)
    measured, operations = await _measured(plan, tally)
    stop(clients)
    waits = tally.answered_after, tally.pushed_after
    await tally.drained()
    return outcome(plan, measured, operations, *waits, _checked(clients, tally))


async def paced(plan: Plan) -> Outcome:
    """Messages at an even rate, whether answers come or not, each client in turn."""
    tally = Tally()
    clients = await pairs(plan, tally)
    rate = plan.rate or await _half_capacity(plan, clients, tally)
    turns = cycle(clients)
    metronome = Metronome(rate, lambda meant_at: next(turns).send(1, meant_at))
    metronome.start()
    await asyncio.sleep(plan.seconds * _WARM_SHARE)
    measured, operations = await _measured(plan, tally)
    metronome.stop()
    waits = tally.answered_after, tally.pushed_after
    await tally.drained()
    return outcome(plan, measured, operations, *waits, _checked(clients, tally))


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
    await connect_all(plan.address, clients)
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


async def _measured(plan: Plan, tally: Tally) -> tuple[Measured, int]:
    tally.forget_waits()
    before = tally.acknowledged
    meter = Meter(plan.pid)
    await asyncio.sleep(plan.seconds)
    return meter.stop(), tally.acknowledged - before


async def _half_capacity(plan: Plan, clients: list[Correspondent], tally: Tally) -> float:
    """Half of the rate at which one message in flight for each client saturates the server."""
    keep_going(clients, 1)
    await asyncio.sleep(plan.seconds * _WARM_SHARE)
    before, meter = tally.acknowledged, Meter(None)
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
