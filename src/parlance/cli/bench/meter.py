"""What server and generator spend between two moments."""

import time

import msgspec

from parlance.cli.bench import cpu
from parlance.cli.bench.percentiles import percentiles
from parlance.cli.bench.plan import Checks, Outcome, Plan


class Measured(msgspec.Struct, frozen=True):
    """A span of time and what was spent in it; the server's part is None where it cannot be seen."""

    seconds: float
    generator: int
    server: int | None = None
    server_by_stat: int | None = None
    server_system: int | None = None


class Meter:
    """Reads both processes' clocks at its making and again at `stop`."""

    def __init__(self, pid: int | None) -> None:
        self._pid = pid
        self._server = cpu.spent(pid) if pid is not None else None
        self._generator = cpu.own_nanoseconds()
        self._at = time.perf_counter()

    def stop(self) -> Measured:
        """What was spent since the making."""
        seconds = time.perf_counter() - self._at
        generator = cpu.own_nanoseconds() - self._generator
        before = self._server
        after = cpu.spent(self._pid) if self._pid is not None else None
        if before is None or after is None:
            return Measured(seconds, generator)
        system = after.system - before.system
        return Measured(
            seconds,
            generator,
            server=after.by_threads - before.by_threads,
            server_by_stat=system + after.user - before.user,
            server_system=system,
        )


def outcome(
    plan: Plan, measured: Measured, operations: int, answered: list[float], pushed: list[float], checks: Checks
) -> Outcome:
    """The row that `operations` in the measured span make."""
    wall = measured.seconds * 1e9
    share = 1000 * max(operations, 1)
    server, by_stat, system = measured.server, measured.server_by_stat, measured.server_system
    return Outcome(
        row=plan.row,
        clients=plan.clients,
        rate=operations / measured.seconds,
        seconds=measured.seconds,
        checks=checks,
        server_us=None if server is None else server / share,
        server_us_by_stat=None if by_stat is None else by_stat / share,
        server_system_share=None if not by_stat or system is None else system / by_stat,
        server_busy=None if server is None else server / wall,
        generator_us=measured.generator / share,
        generator_busy=measured.generator / wall,
        answered=percentiles(answered),
        pushed=percentiles(pushed),
    )
