"""The table, and the same as JSON."""

import os
import platform
from pathlib import Path

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table

from parlance.cli.bench import cpu
from parlance.cli.bench.marks import MARKS, cost
from parlance.cli.bench.plan import Checks, Outcome, Row

_LEGEND = (
    "server, gen: CPU of server and generator for one message, delivery or request (idle: memory, CPU of a login).",
    "mark: what the server is to stay within. busy: how much of a core each used, server/generator.",
    "p50, p99: from sending, or the moment meant for it, to the receiver (REST: to the answer).",
)


class Machine(msgspec.Struct, frozen=True):
    """Where it was measured; a figure without this means nothing."""

    processor: str
    cores: int
    kernel: str
    python: str

    def __str__(self) -> str:
        return f"{self.processor}, {self.cores} cores, {self.kernel}, Python {self.python}"


class Report(msgspec.Struct, frozen=True):
    """All that was measured, and what could not be."""

    machine: Machine
    rows: list[Outcome]
    failures: dict[Row, str]

    @property
    def clean(self) -> bool:
        """Whether every row was measured and every promise kept."""
        return not self.failures and all(row.checks.clean for row in self.rows)


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
    table = Table(box=box.SIMPLE_HEAD, padding=0, caption=str(report.machine))
    table.add_column("what", no_wrap=True)
    for heading in ("clients", "rate/s", "server", "mark", "gen µs", "busy %", "p50 ms", "p99 ms"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in report.rows:
        table.add_row(*_cells(row))
    console.print(table)
    for line in _LEGEND:
        console.print(line, style="dim", highlight=False)
    _show_checks(report, console)
    for name, reason in report.failures.items():
        console.print(f"{MARKS[name].title}: not measured: {reason}", style="red", highlight=False)
    if any(row.server_us is None for row in report.rows):
        console.print("The server's CPU was not measured: that takes Linux's /proc and the server's process id.")


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
    waits = row.pushed or row.answered
    return (
        mark.title,
        f"{row.clients:,}",
        f"{row.rate:,.0f}",
        f"{figure:.1f} {mark.unit}" if figure is not None else "",
        _judged(figure, mark.goal),
        f"{row.generator_us:.1f}" if row.generator_us is not None else "",
        "/".join(f"{busy * 100:.0f}" for busy in (row.server_busy, row.generator_busy) if busy is not None),
        f"{waits.p50:.2f}" if waits is not None else "",
        f"{waits.p99:.2f}" if waits is not None else "",
    )


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
