"""The tables, and the same as JSON."""

import os
import platform
from pathlib import Path

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table

from parlance.cli.bench import cpu
from parlance.cli.bench.marks import MARKS, cost
from parlance.cli.bench.plan import Checks, Outcome, Percentiles, Row, Setup

_LEGEND = (
    "server, gen: CPU of server and generator for one message, delivery or request (idle: memory, CPU of a login).",
    "mark: what the server is to stay within. busy: how much of a core each used, server/generator.",
    "p50, p99: from sending, or the moment meant for it, to the receiver (REST: to the answer).",
)
_COMPARED_LEGEND = (
    "servers, database, bus: CPU µs of all their processes for one message or delivery; ×: of one server on SQLite.",
    "first: the servers' for everybody's first message, all at once, when nobody is known yet; counted apart.",
)


class Machine(msgspec.Struct, frozen=True):
    """Where it was measured; a figure without this means nothing."""

    processor: str
    cores: int
    kernel: str
    python: str

    def __str__(self) -> str:
        return f"{self.processor}, {self.cores} cores, {self.kernel}, Python {self.python}"


class Report(msgspec.Struct):
    """All that was measured, and what could not be: on what, which row (None: all of them), and why."""

    machine: Machine
    rows: list[Outcome]
    failures: list[tuple[Setup, Row | None, str]]
    forgiven: int = 0
    """How many of the failures nobody is to blame for."""

    @property
    def clean(self) -> bool:
        """Whether every row was measured and every promise kept."""
        return len(self.failures) == self.forgiven and all(row.checks.clean for row in self.rows)


def this_machine(cpuinfo: Path = Path("/proc/cpuinfo")) -> Machine:
    """The machine this runs on."""
    return Machine(
        processor=_processor(cpuinfo) or platform.processor() or platform.machine(),
        cores=len(cpu.cores()) or os.cpu_count() or 1,
        kernel=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
    )


def _processor(cpuinfo: Path) -> str | None:
    try:
        lines = cpuinfo.read_text().splitlines()
    except OSError:
        return None
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), None)


def write_json(report: Report, path: Path) -> None:
    """Everything, for comparing runs."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")


def show(report: Report, console: Console) -> None:
    """Everything, for people."""
    if usual := [row for row in report.rows if row.setup is Setup.SQLITE]:
        _show_usual(usual, report.machine, console)
    if any(row.setup is not Setup.SQLITE for row in report.rows):
        _show_compared(report, console)
    _show_checks(report, console)
    for setup, row, reason in report.failures:
        what = setup.value if row is None else f"{setup.value}, {MARKS[row].title}"
        console.print(f"{what}: not measured: {reason}", style="red", highlight=False)
    if any(row.server_us is None for row in report.rows):
        console.print("The server's CPU was not measured: that takes Linux's /proc and the server's process id.")


def _show_usual(rows: list[Outcome], machine: Machine, console: Console) -> None:
    """One server on SQLite, and the marks."""
    table = Table(box=box.SIMPLE_HEAD, padding=0, caption=str(machine))
    table.add_column("what", no_wrap=True)
    for heading in ("clients", "rate/s", "server", "mark", "gen µs", "busy %", "p50 ms", "p99 ms"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*_cells(row))
    _show_table(table, _LEGEND, console)


def _show_compared(report: Report, console: Console) -> None:
    """The same load on other grounds."""
    table = Table(box=box.SIMPLE_HEAD, padding=0, caption=str(report.machine))
    table.add_column("what, on what", no_wrap=True)
    for heading in ("rate/s", "servers", "×", "database", "bus", "p50 ms", "p99 ms", "first", "p99 ms"):
        table.add_column(heading, justify="right", no_wrap=True)
    for kind in Row:
        rows = [row for row in report.rows if row.row is kind]
        if any(row.setup is not Setup.SQLITE for row in rows):
            usual = next((row.server_us for row in rows if row.setup is Setup.SQLITE), None)
            table.add_row(MARKS[kind].title)
            for row in rows:
                table.add_row(*_compared(row, usual))
    _show_table(table, _COMPARED_LEGEND, console)


def _show_table(table: Table, legend: tuple[str, ...], console: Console) -> None:
    console.print(table)
    for line in legend:
        console.print(line, style="dim", highlight=False)


def _show_checks(report: Report, console: Console) -> None:
    """One sentence if all is well; else one for each row where it is not."""
    for row in report.rows:
        if not row.checks.clean:
            console.print(f"{MARKS[row.row].title}: {_sentence(row.checks)}", style="red", highlight=False)
    if report.rows and all(row.checks.clean for row in report.rows):
        counted = Checks(sum(row.checks.operations for row in report.rows))
        console.print(f"all rows: {_sentence(counted)}", style="green", highlight=False)


def _cells(row: Outcome) -> tuple[str, ...]:
    mark, figure = MARKS[row.row], cost(row)
    return (
        mark.title,
        f"{row.clients:,}",
        f"{row.rate:,.0f}",
        f"{figure:.1f} {mark.unit}" if figure is not None else "",
        _judged(figure, mark.goal),
        _figure(row.generator_us),
        "/".join(f"{busy * 100:.0f}" for busy in (row.server_busy, row.generator_busy) if busy is not None),
        *_waits(row.pushed or row.answered),
    )


def _compared(row: Outcome, usual: float | None) -> tuple[str, ...]:
    return (
        "  " + (row.setup.value if row.servers == 1 else f"{row.setup.value} of {row.servers}"),
        f"{row.rate:,.0f}",
        _figure(row.server_us),
        f"{row.server_us / usual:.2f}" if usual and row.server_us is not None else "",
        _figure(row.database_us),
        _figure(row.bus_us),
        *_waits(row.pushed or row.answered),
        _figure(row.first_us),
        _waits(row.first)[1],
    )


def _figure(microseconds: float | None) -> str:
    return f"{microseconds:.1f}" if microseconds is not None else ""


def _waits(waits: Percentiles | None) -> tuple[str, str]:
    return ("", "") if waits is None else (f"{waits.p50:.2f}", f"{waits.p99:.2f}")


def _judged(figure: float | None, goal: float | None) -> str:
    if goal is None:
        return ""
    if figure is None:
        return f"{goal:g}"
    return f"[green]{goal:g}[/]" if figure <= goal else f"[red]{goal:g}[/]"


def _sentence(checks: Checks) -> str:
    counted = (
        f"{checks.operations:,} counted, lost {checks.lost}, doubled {checks.doubled}, "
        f"out of order {checks.out_of_order}, refused {checks.refused}"
    )
    return f"{counted} ({checks.first_refusal})" if checks.first_refusal else counted
