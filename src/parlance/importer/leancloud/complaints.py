"""What was not taken in, or not wholly: written down while it goes on, however much it is."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

SHOWN = 20
"""Complaints that are kept at hand; the file has all of them."""


class Complaint(msgspec.Struct, frozen=True):
    """What was not taken in, or not wholly: where it stands, and why."""

    file: str
    line: int
    reason: str


class Report:
    """A file of complaints; it takes the place of an earlier one when everything has been looked at."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.complaints = 0
        self.first: list[Complaint] = []
        self._new = path.with_name(path.name + ".new")
        self._file = self._new.open("wb")

    def add(self, complaint: Complaint) -> None:
        """Write one down."""
        self.complaints += 1
        if len(self.first) < SHOWN:
            self.first.append(complaint)
        self._file.write(msgspec.json.encode(complaint) + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if kind is not None:
                return
            self._file.flush()
            os.fsync(self._file.fileno())
        self._new.replace(self.path)
