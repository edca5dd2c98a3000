"""The row in which one client speaks to a group."""

import asyncio

from parlance.cli.bench.backend import Backend
from parlance.cli.bench.correspondent import Correspondent, Listener, Tally, check_group
from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.meter import Meter, outcome
from parlance.cli.bench.plan import Outcome, Plan
from parlance.cli.bench.socket_client import connect_all

_WARM_SHARE = 0.15


async def fanout(plan: Plan) -> Outcome:
    """One message at a time to `plan.clients` listeners; the next is sent when the last of them has it."""
    tally = Tally()
    speaker, listeners = await _group(plan, tally)

    def heard_one() -> None:
        if tally.pushed == tally.sent * len(listeners):
            speaker.send(1)

    for listener in listeners:
        listener.heard_one = heard_one
    speaker.send(1)
    await asyncio.sleep(plan.seconds * _WARM_SHARE)
    tally.forget_waits()
    before = tally.pushed
    meter = Meter(plan.processes)
    await asyncio.sleep(plan.seconds)
    measured, deliveries = meter.stop(), tally.pushed - before
    for listener in listeners:
        listener.heard_one = None
    waits = tally.answered_after, tally.pushed_after
    await tally.drained(len(listeners))
    for client in (speaker, *listeners):
        if client.lost_for is not None:
            raise BenchFailure(f"{client.name} lost its connection: {client.lost_for}")
    return outcome(plan, measured, deliveries, *waits, check_group(speaker, listeners, tally))


async def _group(plan: Plan, tally: Tally) -> tuple[Correspondent, list[Listener]]:
    names = [f"{plan.run}x{number}" for number in range(plan.clients + 1)]
    backend = Backend(plan.address)
    await backend.users(names)
    tokens = await backend.tokens(names)
    conversation = await backend.group(names[0], names[1:])
    speaker = Correspondent(names[0], tokens[0], tally)
    speaker.talk_in(plan.run, conversation)
    listeners = [Listener(name, token, tally, speaker) for name, token in zip(names[1:], tokens[1:], strict=True)]
    await connect_all(plan.addresses, [speaker, *listeners])
    return speaker, listeners
