"""What all who bring something share: the folder, the app, what is wished, and what becomes of it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import msgspec

from parlance.core.actions.catalogue import Actions
from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.moving import TakenOver
from parlance.importer.leancloud.complaints import Complaint, Report
from parlance.importer.leancloud.manifest import Manifest, Saved, known_files
from parlance.importer.leancloud.moving import Clients
from parlance.importer.leancloud.rehoming import Homes
from parlance.importer.leancloud.sources import BadRow, Row, Unreadable, files_of_class, object_in, rows_in

AT_ONCE = 500
"""Conversations, people or files at once."""

Item = TypeVar("Item")
Object = dict[str, Any]


class Wished(msgspec.Struct, frozen=True):
    """What is to be brought, and how."""

    people: bool = True
    files: bool = True
    public_url: str = ""
    """Where this server's files will be found."""
    since: int | None = None
    """Of conversations with a history here, only what was said from then (ms) on."""
    late: bool = False
    """What is older than what was said here since stands at the end."""


class Sum(msgspec.Struct):
    """What became of the rows of a kind."""

    added: int = 0
    changed: int = 0
    known: int = 0
    refused: int = 0


class Brought(msgspec.Struct):
    """What became of everything."""

    people: Sum
    files: Sum
    conversations: Sum
    messages: Sum


class Watching(Protocol):
    """Who looks on."""

    def begins(self, what: str, total: int | None) -> None:
        """Of this, so many are to come, if anybody knows."""

    def advanced(self, items: int, rows: int = 0) -> None:
        """So much is done."""


class Place(NamedTuple):
    """Where something stands."""

    file: str
    line: int


class Carrier:
    """Goes through the folder's rows, and writes down which of them cannot be taken."""

    def __init__(
        self, root: Path, actions: Actions, app: App, report: Report, watching: Watching, wished: Wished
    ) -> None:
        self.root = root
        self.actions = actions
        self.app = app
        self.caller = Caller(app)
        self.wished = wished
        self.watching = watching
        self.clients = Clients()
        self.homes = Homes(actions, self.caller, wished.public_url)
        self.saved: dict[str, Saved]
        self.manifest: Manifest | None
        self.saved, self.manifest = known_files(root)
        self._report = report

    def rows(self, path: Path) -> Iterator[tuple[Place, Row | Unreadable]]:
        """The rows of a file, with their places."""
        name = self.named(path)
        for row in rows_in(path):
            yield Place(name, row.place), row

    def objects(self, name: str, total: Sum) -> Iterator[tuple[Place, Object]]:
        """The rows of a class, each id once."""
        seen: dict[str, tuple[Place, int]] = {}
        for path in files_of_class(self.root, name):
            for place, row in self.rows(path):
                try:
                    found = object_in(Row(row.place, line_of(row)))
                except BadRow as error:
                    self.complain(total, place, str(error))
                    continue
                mark = (place, hash(line_of(row)))
                before = seen.setdefault(str(found.get("objectId", mark)), mark)
                if before is mark:
                    yield place, found
                elif before[1] == mark[1] or before[0].file != place.file:
                    total.known += 1
                else:
                    self.complain(total, place, f"another row has its id, line {before[0].line}")

    def count(self, total: Sum, taken: TakenOver, places: list[Place]) -> None:
        """Add up what became of some."""
        total.added += taken.added
        total.changed += taken.changed
        total.known += taken.known
        for refusal in taken.refused:
            self.complain(total, places[refusal.index], refusal.reason)

    def complain(self, total: Sum | None, place: Place, reason: str) -> None:
        """Write down that something cannot be taken in, or (without a sum) not wholly."""
        if total is not None:
            total.refused += 1
        self._report.add(Complaint(*place, reason))

    def named(self, path: Path) -> str:
        """The path as people see it."""
        return path.relative_to(self.root).as_posix()


def line_of(row: Row | Unreadable) -> bytes:
    """The line of a row. Raises BadRow."""
    if isinstance(row, Unreadable):
        raise BadRow(row.reason)
    return row.line


def pieces(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """So many at a time."""
    piece: list[Item] = []
    for item in items:
        piece.append(item)
        if len(piece) >= size:
            yield piece
            piece = []
    if piece:
        yield piece
