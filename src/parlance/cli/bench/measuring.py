"""Row by row: servers are started on what they are to stand on, and the generator has its way with them."""

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext

import msgspec
from rich.console import Console

from parlance.cli.bench import cpu
from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.plan import Outcome, Plan, Row, Setup
from parlance.cli.bench.programs import MissingError, own_nats, own_postgres
from parlance.cli.bench.report import Report, this_machine
from parlance.cli.bench.server_process import Running, Standing, own_servers
from parlance.kernel.clock import SystemClock
from parlance.kernel.ids import SystemIds

_OVERHEAD_SECONDS = 120
_IN_FLIGHT = {Row.PIPELINED: 16}

Ground = Callable[[], Standing]
"""What to stand on, anew for each row."""


class Wish(msgspec.Struct, frozen=True):
    """What the command line asks for.

    `given` is a server that already runs; else some are started for each row, or for all of them if `shared`. `rate` is
    how many messages a second each server gets in the steady row. If `lenient`, what cannot be measured for want of a
    program is said and no failure.
    """

    rows: dict[Setup, list[Row]]
    seconds: float
    clients: dict[Row, int]
    shared: bool = False
    given: Running | None = None
    servers: int = 3
    rate: float = 500
    database: str = ""
    bus: str = ""
    lenient: bool = False


def measure(wish: Wish, console: Console) -> Report:
    """Every row that is wished for; one that fails does not keep the others from being measured."""
    _allow_many_sockets()
    report = Report(this_machine(), [], [])
    run = SystemIds(SystemClock()).nonce()
    for setup, rows in wish.rows.items():
        try:
            with _ground(wish, setup) as ground:
                _Setup(wish, setup, ground, run).measure(rows, report, console)
        except MissingError as missing:
            report.failures.append((setup, None, str(missing)))
            report.forgiven += wish.lenient
        except BenchFailure as failure:
            report.failures.append((setup, None, str(failure)))
    return report


class _Setup:
    """All rows on the same ground."""

    def __init__(self, wish: Wish, setup: Setup, ground: Ground, run: str) -> None:
        self._wish = wish
        self._setup = setup
        self._ground = ground
        self._run = run
        self._capacity: float | None = None

    def measure(self, rows: list[Row], report: Report, console: Console) -> None:
        with ExitStack() as kept:
            shared = kept.enter_context(self._servers()) if self._wish.shared else None
            for number, row in enumerate(rows):
                console.print(f"{self._setup.value}: {row.value} …", style="dim", highlight=False)
                try:
                    with nullcontext(shared) if shared is not None else self._servers() as running:
                        run = f"{self._run}{self._setup.value[0]}{number}"
                        measured = _drive(self._plan(row, running, run), self._wish.seconds)
                except BenchFailure as failure:
                    report.failures.append((self._setup, row, str(failure)))
                else:
                    report.rows.append(measured)
                    if row is Row.UNPIPELINED:
                        self._capacity = measured.rate

    def _plan(self, row: Row, running: Running, run: str) -> Plan:
        cores = cpu.cores()
        half = self._capacity / 2 if self._capacity else None
        servers = len(running.addresses)
        return Plan(
            row=row,
            addresses=running.addresses,
            run=run,
            clients=self._wish.clients[row] * (servers if row is Row.STEADY else 1),
            seconds=self._wish.seconds,
            window=_IN_FLIGHT.get(row, 1),
            rate={Row.LATENCY: half, Row.STEADY: self._wish.rate * servers}.get(row),
            processes=running.processes,
            core=cores[-1] if len(cores) > 1 else None,
            setup=self._setup,
        )

    @contextmanager
    def _servers(self) -> Iterator[Running]:
        if self._wish.given is not None:
            yield self._wish.given
            return
        with own_servers(self._wish.servers if self._setup is Setup.CLUSTER else 1, self._ground()) as running:
            yield running


@contextmanager
def _ground(wish: Wish, setup: Setup) -> Iterator[Ground]:
    """What the servers of this setup stand on, our own or what was named."""
    cores = cpu.cores()
    core = cores[1] if len(cores) == 2 else None  # beside the generator
    with ExitStack() as running:
        database = bus = None
        if setup is not Setup.SQLITE and not wish.database:
            database = running.enter_context(own_postgres(core))
        bus_url = wish.bus if setup is Setup.CLUSTER else ""
        if setup is Setup.CLUSTER and not bus_url:
            bus_url, bus = running.enter_context(own_nats(core))
        if setup is Setup.SQLITE:
            yield Standing
        elif database is None:
            yield lambda: Standing(wish.database, bus_url, None, bus)
        else:
            yield lambda: Standing(database.database(), bus_url, database.pid, bus)


def _drive(plan: Plan, seconds: float) -> Outcome:
    """Let the generator's process carry out `plan`."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "parlance.cli.bench.drive"],
            input=msgspec.json.encode(plan),
            capture_output=True,
            timeout=_OVERHEAD_SECONDS + 2 * seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise BenchFailure("the generator did not come to an end") from late
    if done.returncode != 0:
        raise BenchFailure(done.stderr.decode(errors="replace").strip()[-2000:])
    return msgspec.json.decode(done.stdout, type=Outcome)


def _allow_many_sockets() -> None:
    """As many open files as the system lets us have; the processes started from here inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
