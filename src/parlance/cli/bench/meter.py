"""What servers, database, bus and generator spend between two moments."""

import time

import msgspec

from parlance.cli.bench import cpu
from parlance.cli.bench.percentiles import percentiles
from parlance.cli.bench.plan import Checks, Outcome, Plan, Processes


class Measured(msgspec.Struct, frozen=True):
    """A span of time and the nanoseconds spent in it; None of what cannot be seen from here."""

    seconds: float
    generator: int
    servers: cpu.Spent | None = None
    database: int | None = None
    bus: int | None = None


class Meter:
    """Reads all processes' clocks at its making and again at `stop`."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes
        self._servers, self._database, self._bus = _read(processes)
        self._generator = cpu.own_nanoseconds()
        self._at = time.perf_counter()

    def stop(self) -> Measured:
        """What was spent since the making."""
        seconds = time.perf_counter() - self._at
        generator = cpu.own_nanoseconds() - self._generator
        servers, database, bus = _read(self._processes)
        return Measured(
            seconds,
            generator,
            None if servers is None or self._servers is None else servers - self._servers,
            None if database is None or self._database is None else database - self._database,
            None if bus is None or self._bus is None else bus - self._bus,
        )


def outcome(
    plan: Plan, measured: Measured, operations: int, answered: list[float], pushed: list[float], checks: Checks
) -> Outcome:
    """The row that `operations` in the measured span make."""
    share = 1000 * max(operations, 1)
    row = Outcome(
        row=plan.row,
        clients=plan.clients,
        rate=operations / measured.seconds,
        seconds=measured.seconds,
        checks=checks,
        generator_us=measured.generator / share,
        generator_busy=measured.generator / measured.seconds / 1e9,
        answered=percentiles(answered),
        pushed=percentiles(pushed),
        setup=plan.setup,
        servers=len(plan.addresses),
        database_us=None if measured.database is None else measured.database / share,
        bus_us=None if measured.bus is None else measured.bus / share,
    )
    spent = measured.servers
    if spent is None:
        return row
    by_stat = spent.user + spent.system
    return msgspec.structs.replace(
        row,
        server_us=spent.by_threads / share,
        server_us_by_stat=by_stat / share,
        server_system_share=spent.system / by_stat if by_stat else None,
        server_busy=spent.by_threads / measured.seconds / 1e9,
    )


def _read(processes: Processes) -> tuple[cpu.Spent | None, int | None, int | None]:
    return (
        cpu.spent_together(processes.servers),
        None if processes.database is None else cpu.spent_by_family(processes.database),
        None if processes.bus is None else cpu.spent_by_family(processes.bus),
    )
