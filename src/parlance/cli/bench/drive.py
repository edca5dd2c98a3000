"""The generator's process: reads a plan from standard input, writes what came of it to standard output."""

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable

import msgspec
import uvloop

from parlance.cli.bench import cpu
from parlance.cli.bench.conversing import paced, saturated
from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.fanout import fanout
from parlance.cli.bench.idle import idle
from parlance.cli.bench.plan import Outcome, Plan, Row
from parlance.cli.bench.requesting import history, rest_send

SCENARIOS: dict[Row, Callable[[Plan], Awaitable[Outcome]]] = {
    Row.IDLE: idle,
    Row.PIPELINED: saturated,
    Row.UNPIPELINED: saturated,
    Row.LATENCY: paced,
    Row.STEADY: paced,
    Row.FANOUT: fanout,
    Row.REST: rest_send,
    Row.HISTORY: history,
}


def main() -> int:
    """Measure one row."""
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    cpu.hold_to(plan.core)
    # What is counted grows for some seconds and is then thrown away whole: nothing to collect in between.
    gc.disable()
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            measured = runner.run(_measure(plan))
    except (BenchFailure, OSError, TimeoutError) as error:
        sys.stderr.write(f"{error or type(error).__name__}\n")
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(measured))
    return 0


async def _measure(plan: Plan) -> Outcome:
    return await SCENARIOS[plan.row](plan)


if __name__ == "__main__":
    sys.exit(main())
