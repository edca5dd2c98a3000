"""What somebody sees who waits for a long work: a bar with an estimate, or a line now and then where nobody looks."""

import sys
from types import TracebackType
from typing import Self

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars

from parlance.kernel.clock import Clock, SystemClock

BETWEEN_LINES = 10.0
"""Seconds."""


class Progress:
    """Shows on the error stream how far it is."""

    def __init__(self, clock: Clock | None = None) -> None:
        console = Console(stderr=True, markup=False, highlight=False)
        self._bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[within]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
        )
        self._seen = console.is_terminal
        self._clock = clock or SystemClock()
        self._bar: TaskID | None = None
        self._what, self._total, self._done, self._rows = "", None, 0, 0
        self._began = self._said = self._clock.monotonic()

    _total: int | None

    def __enter__(self) -> Self:
        if self._seen:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Nothing more is shown; what has been shown stays."""
        if self._seen:
            self._bars.stop()
        elif self._what:
            self._say()
        self._what = ""

    def begins(self, what: str, total: int | None) -> None:
        """Of this, so many are to come, if anybody knows."""
        if self._seen:
            self._bar = self._bars.add_task(what, total=total, within="")
            self._rows = 0
            return
        if self._what:
            self._say()
        self._what, self._total, self._done, self._rows = what, total, 0, 0
        self._began = self._said = self._clock.monotonic()

    def advanced(self, items: int, rows: int = 0) -> None:
        """So much is done."""
        self._rows += rows
        if self._bar is not None:
            self._bars.update(self._bar, advance=items, within=self._within)
            return
        self._done += items
        if self._clock.monotonic() - self._said >= BETWEEN_LINES:
            self._say()

    def waits(self, seconds: float, reason: str) -> None:
        """For so long nothing happens."""
        self._tell(f"{reason}: {seconds:.0f} s")

    def failed(self, what: str, reason: str) -> None:
        """This could not be saved."""
        self._tell(f"{what}: {reason}")

    def _tell(self, sentence: str) -> None:
        if self._seen:
            self._bars.console.print(sentence)
        else:
            click.echo(sentence, err=True)

    def _say(self) -> None:
        """A line, with an estimate once there is something to estimate from."""
        self._said = now = self._clock.monotonic()
        of, left = "", ""
        if self._total:
            of = f" of {self._total:,}"
            if 0 < self._done < self._total:
                minutes = (now - self._began) / self._done * (self._total - self._done) / 60
                left = f", about {minutes:.0f} min left" if minutes >= 1 else ", less than a minute left"
        within = f", {self._within}" if self._within else ""
        click.echo(f"{self._what}: {self._done:,}{of}{within}{left}", err=True)
        sys.stderr.flush()

    @property
    def _within(self) -> str:
        """How many rows that was, where what is counted is not rows."""
        return f"{self._rows:,} rows" if self._rows else ""
