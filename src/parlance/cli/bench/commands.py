"""`parlance bench`: what is asked for."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import click
from rich.console import Console

from parlance.cli.bench.failure import BenchFailure
from parlance.cli.bench.measuring import Wish, measure
from parlance.cli.bench.plan import Address, Processes, Row, Setup
from parlance.cli.bench.report import show, write_json
from parlance.cli.bench.server_process import Running

_ALL = "all"
_TALKING = (Row.PIPELINED, Row.UNPIPELINED, Row.LATENCY, Row.STEADY, Row.FANOUT)
_CLIENTS = {
    Row.IDLE: 2000,
    Row.PIPELINED: 100,
    Row.UNPIPELINED: 1000,
    Row.LATENCY: 1000,
    Row.STEADY: 400,
    Row.FANOUT: 500,
    Row.REST: 32,
    Row.HISTORY: 32,
}
_QUICK_CLIENTS = {
    Row.IDLE: 100,
    Row.PIPELINED: 20,
    Row.UNPIPELINED: 40,
    Row.LATENCY: 20,
    Row.STEADY: 20,
    Row.FANOUT: 50,
    Row.REST: 8,
    Row.HISTORY: 4,
}


@click.command()
@click.argument("rows", nargs=-1, type=click.Choice([_ALL, *(row.value for row in Row)]))
@click.option("--seconds", type=click.FloatRange(min=0.1), default=None, help="Measured time of each row (8).")
@click.option("--clients", type=click.IntRange(min=2), help="Connections, in place of each row's own number.")
@click.option("--quick", is_flag=True, help="Few clients, one server, half a second a row: does it work?")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures here.")
@click.option(
    "--on",
    "setups",
    multiple=True,
    type=click.Choice([setup.value for setup in Setup]),
    help="What the servers stand on; may be said several times. Without it and without rows: everything.",
)
@click.option("--servers", type=click.IntRange(min=1, max=64), default=3, show_default=True, help="Of a cluster.")
@click.option(
    "--rate", type=click.FloatRange(min=1), default=500, show_default=True, help="Steady: messages a second and server."
)
@click.option("--database", default="", help="The URL of a PostgreSQL to use, in place of one of our own.")
@click.option("--bus", default="", help="The URL of a NATS to use, in place of one of our own.")
@click.option("--url", help="Measure the server at this ws:// or wss:// address, not one of our own.")
@click.option("--app", "app_id", default="666666", show_default=True, help="With --url: the app that bears the load.")
@click.option("--key", default="master", show_default=True, help="With --url: the app's server key.")
@click.option("--pid", type=int, help="With --url: the server's process, if it runs on this machine.")
def bench(
    rows: tuple[str, ...],
    seconds: float | None,
    clients: int | None,
    quick: bool,
    json_file: Path | None,
    setups: tuple[str, ...],
    servers: int,
    rate: float,
    database: str,
    bus: str,
    url: str | None,
    app_id: str,
    key: str,
    pid: int | None,
) -> None:
    """Put load on servers and show what it costs: rate, CPU per message, latency.

    Each row has servers of its own, started for it on free ports of this machine with nothing stored, and ended
    afterwards; so are PostgreSQL and NATS, if their programs are here. With --url or --database the load leaves users
    and conversations behind.
    """
    counts = _QUICK_CLIENTS if quick else _CLIENTS
    everything = not (rows or setups or quick or url or database)
    wish = Wish(
        rows=_asked(rows, setups, everything=everything, on_postgresql=bool(database)),
        seconds=seconds or (0.5 if quick else 8),
        clients={row: clients or count for row, count in counts.items()},
        shared=quick,
        given=_given(url, app_id, key, pid) if url else None,
        servers=servers,
        rate=rate,
        database=database,
        bus=bus,
        lenient=everything,
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


def _asked(
    names: tuple[str, ...], setups: tuple[str, ...], *, everything: bool, on_postgresql: bool
) -> dict[Setup, list[Row]]:
    """Which rows on what."""
    if everything:
        return {setup: list(Row if setup is Setup.SQLITE else _TALKING) for setup in Setup}
    rows = list(Row) if not names or _ALL in names else [Row(name) for name in names]
    usual = Setup.POSTGRESQL if on_postgresql else Setup.SQLITE
    return {setup: rows for setup in Setup if setup.value in setups} or {usual: rows}


def _given(url: str, app_id: str, key: str, pid: int | None) -> Running:
    parts = urlsplit(url)
    if parts.scheme not in {"ws", "wss"} or not parts.hostname:
        raise click.BadParameter("say ws://host:port or wss://host:port", param_hint="--url")
    tls = parts.scheme == "wss"
    address = Address(parts.hostname, parts.port or (443 if tls else 80), app_id, key, tls=tls)
    return Running([address], Processes([pid] if pid else []))
