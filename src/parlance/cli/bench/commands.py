"""`parlance bench`: what is asked for, row by row, and what becomes of it."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

import click
import msgspec
from rich.console import Console

from parlance.cli.bench import cpu
from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.plan import Address, Outcome, Plan, Row
from parlance.cli.bench.report import Report, show, this_machine, write_json
from parlance.cli.bench.server_process import RunningServer, own_server
from parlance.kernel.clock import SystemClock
from parlance.kernel.ids import SystemIds

_ALL = "all"
_OVERHEAD_SECONDS = 120
_CLIENTS = {
    Row.IDLE: 2000,
    Row.PIPELINED: 100,
    Row.UNPIPELINED: 1000,
    Row.LATENCY: 1000,
    Row.FANOUT: 500,
    Row.REST: 32,
    Row.HISTORY: 32,
}
_QUICK_CLIENTS = {
    Row.IDLE: 100,
    Row.PIPELINED: 20,
    Row.UNPIPELINED: 40,
    Row.LATENCY: 20,
    Row.FANOUT: 50,
    Row.REST: 8,
    Row.HISTORY: 4,
}
_IN_FLIGHT = {Row.PIPELINED: 16}


class Wish(msgspec.Struct, frozen=True):
    """What the command line asks for.

    `given` is a server that already runs; else one is started for each row, or for all of them if `shared`.
    """

    rows: list[Row]
    seconds: float
    clients: dict[Row, int]
    shared: bool = False
    given: Address | None = None
    pid: int | None = None
    database: str = ""


@click.command()
@click.argument("rows", nargs=-1, type=click.Choice([_ALL, *(row.value for row in Row)]))
@click.option("--seconds", type=click.FloatRange(min=0.1), default=None, help="Measured time of each row (8).")
@click.option("--clients", type=click.IntRange(min=2), help="Connections, in place of each row's own number.")
@click.option("--quick", is_flag=True, help="Few clients, one server, half a second a row: does it work?")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures here.")
@click.option("--url", help="Measure the server at this ws:// or wss:// address, not one of our own.")
@click.option("--app", "app_id", default="666666", show_default=True, help="With --url: the app that bears the load.")
@click.option("--key", default="master", show_default=True, help="With --url: the app's server key.")
@click.option("--pid", type=int, help="With --url: the server's process, if it runs on this machine.")
@click.option("--database", default="", help="Keep everything in this PostgreSQL (its URL), in place of SQLite.")
def bench(
    rows: tuple[str, ...],
    seconds: float | None,
    clients: int | None,
    quick: bool,
    json_file: Path | None,
    url: str | None,
    app_id: str,
    key: str,
    pid: int | None,
    database: str,
) -> None:
    """Put load on a server and show what it costs: rate, CPU per message, latency.

    Without --url each row has a server of its own, started for it on a free port of this machine with an
    empty data folder, and ended afterwards. With --url or --database the load leaves users and conversations behind.
    """
    counts = _QUICK_CLIENTS if quick else _CLIENTS
    wish = Wish(
        rows=_rows(rows),
        seconds=seconds or (0.5 if quick else 8),
        clients={row: clients or count for row, count in counts.items()},
        shared=quick,
        given=_address(url, app_id, key) if url else None,
        pid=pid if url else None,
        database=database,
    )
    console = Console()
    try:
        report = measure(wish, console)
    except BenchFailure as failure:
        raise click.ClickException(str(failure)) from None
    show(report, console)
    if json_file is not None:
        write_json(report, json_file)
    if not report.clean:
        sys.exit(1)


def measure(wish: Wish, console: Console) -> Report:
    """Every row that is wished for; one that fails does not keep the others from being measured."""
    _allow_many_sockets()
    run = SystemIds(SystemClock()).nonce()
    outcomes: list[Outcome] = []
    failures: dict[Row, str] = {}
    with ExitStack() as kept:
        shared = kept.enter_context(_server(wish)) if wish.shared else None
        for number, row in enumerate(wish.rows):
            console.print(f"{row.value} …", style="dim", highlight=False)
            try:
                with nullcontext(shared) if shared is not None else _server(wish) as server:
                    outcomes.append(_drive(_plan(wish, row, server, f"{run}{number}", outcomes), wish.seconds))
            except BenchFailure as failure:
                failures[row] = str(failure)
    return Report(this_machine(), outcomes, failures)


def _rows(asked: tuple[str, ...]) -> list[Row]:
    return list(Row) if not asked or _ALL in asked else [Row(name) for name in asked]


def _address(url: str, app_id: str, key: str) -> Address:
    parts = urlsplit(url)
    if parts.scheme not in {"ws", "wss"} or not parts.hostname:
        raise click.BadParameter("say ws://host:port or wss://host:port", param_hint="--url")
    tls = parts.scheme == "wss"
    return Address(parts.hostname, parts.port or (443 if tls else 80), app_id, key, tls=tls)


def _plan(wish: Wish, row: Row, server: RunningServer, run: str, before: list[Outcome]) -> Plan:
    cores = cpu.cores()
    capacity = next((outcome.rate for outcome in before if outcome.row is Row.UNPIPELINED), None)
    return Plan(
        row=row,
        address=server.address,
        run=run,
        clients=wish.clients[row],
        seconds=wish.seconds,
        window=_IN_FLIGHT.get(row, 1),
        rate=capacity / 2 if row is Row.LATENCY and capacity else None,
        pid=server.pid or None,
        core=cores[1] if len(cores) > 1 else None,
    )


@contextmanager
def _server(wish: Wish) -> Iterator[RunningServer]:
    if wish.given is not None:
        yield RunningServer(wish.given, wish.pid or 0)
        return
    cores = cpu.cores()
    with own_server(cores[0] if len(cores) > 1 else None, wish.database) as server:
        yield server


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
