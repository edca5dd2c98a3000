"""The row in which nothing happens: what a logged-in connection weighs."""

import asyncio

import msgspec

from parlance.cli.bench import cpu
from parlance.cli.bench.backend import Backend
from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.meter import Meter, outcome
from parlance.cli.bench.plan import Checks, Outcome, Plan
from parlance.cli.bench.socket_client import SocketClient, connect_all

_FIRST = 50
_SETTLED = 0.5


async def idle(plan: Plan) -> Outcome:
    """Memory before and after `plan.clients` clients log in; the first few come before, so that code is loaded.

    The rate and the CPU of this row are those of logging in.
    """
    names = [f"{plan.run}x{number}" for number in range(_FIRST + plan.clients)]
    backend = Backend(plan.address)
    await backend.users(names)
    tokens = await backend.tokens(names)
    clients = [SocketClient(name, token) for name, token in zip(names, tokens, strict=True)]
    await connect_all(plan.addresses, clients[:_FIRST])
    await asyncio.sleep(_SETTLED)
    before = _resident(plan)
    meter = Meter(plan.processes)
    await connect_all(plan.addresses, clients[_FIRST:])
    measured = meter.stop()
    await asyncio.sleep(_SETTLED)
    after = _resident(plan)
    for client in clients:
        if client.lost_for is not None:
            raise BenchFailure(f"{client.name} lost its connection: {client.lost_for}")
    row = outcome(plan, measured, plan.clients, [], [], Checks(plan.clients))
    for client in clients:
        client.close()
    if before is None or after is None:
        return row
    return msgspec.structs.replace(row, kib_per_connection=(after - before) / plan.clients)


def _resident(plan: Plan) -> float | None:
    each = [cpu.resident_kib(pid) for pid in plan.processes.servers]
    return sum(kib or 0 for kib in each) if each and None not in each else None
