"""What is to be here: the rows of a folder, and which of them the import has put aside."""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from parlance.importer.leancloud.errors import FolderError
from parlance.importer.leancloud.moving import Said, said_in, said_to_app
from parlance.importer.leancloud.sources import (
    BadRow,
    Row,
    Unreadable,
    files_of_class,
    files_of_messages,
    files_of_restricted,
    files_of_subscribers,
    files_of_talks,
    object_in,
    rows_in,
)

Object = dict[str, Any]


class Placed(msgspec.Struct, frozen=True):
    """A row with the place it stands at."""

    file: str
    row: Row | Unreadable

    @property
    def line(self) -> str:
        """For who wants to look there."""
        return str(self.row.place)


class _Complaint(msgspec.Struct, frozen=True):
    """A line of an import's report."""

    file: str
    line: int
    reason: str


class Source:
    """The rows of a folder, one by one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        # Looked for once: a folder may have a hundred thousand files.
        self._to_app = files_of_class(root, "_SysMessage")

    def rows(self, path: Path) -> Iterator[Placed]:
        """Those of a file."""
        name = path.relative_to(self.root).as_posix()
        for row in rows_in(path):
            yield Placed(name, row)

    def objects(self, name: str) -> Iterator[tuple[Placed, Object | None]]:
        """Those of a class; None for what is no object."""
        for path in files_of_class(self.root, name):
            for placed in self.rows(path):
                yield placed, _object(placed.row)

    def histories(self) -> list[Path]:
        """The files with what was said, also to service conversations and by them."""
        return [*files_of_messages(self.root), *files_of_talks(self.root), *self._to_app]

    def said(self, path: Path) -> Iterator[tuple[Placed, Said | None]]:
        """The rows of a history; None for what makes no sense."""
        to_app = path in self._to_app
        for placed in self.rows(path):
            try:
                if isinstance(placed.row, Unreadable):
                    raise BadRow(placed.row.reason)  # noqa: TRY301 - one road for all that makes no sense
                yield placed, said_to_app(object_in(placed.row)) if to_app else said_in(placed.row.line)
            except BadRow:
                yield placed, None

    def roles(self) -> dict[str, dict[str, str]] | None:
        """By conversation and client, in small letters; None: nobody has said."""
        if not files_of_class(self.root, "_ConversationMemberInfo"):
            return None
        roles: dict[str, dict[str, str]] = {}
        for _, row in self.objects("_ConversationMemberInfo"):
            if row is not None and isinstance(row.get("role"), str):
                roles.setdefault(str(row.get("cid")), {})[str(row.get("clientId"))] = row["role"].lower()
        return roles

    def subscribers(self) -> dict[str, list[str]]:
        """By service conversation."""
        return self._listed(files_of_subscribers(self.root), "subscriber")

    def restricted(self, restraint: str) -> dict[str, list[str]]:
        """Who is silenced, or blocked, by conversation."""
        return self._listed(files_of_restricted(self.root, restraint), "client_id")

    def _listed(self, files: list[Path], column: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in files:
            for placed in self.rows(path):
                if (row := _object(placed.row)) is not None:
                    found.setdefault(str(row.get("conv_id")), []).append(str(row.get(column)))
        return found


class Aside:
    """What an import has reported, found again by what the rows say: also where they stand elsewhere by now."""

    def __init__(self, folder: Path, report: Path) -> None:
        self._by_content: dict[bytes, str] = {}
        self._by_place: dict[tuple[str, int], str] = {}
        self.was_read = report.is_file()
        self.rows = 0
        self.unread: list[tuple[str, str]] = []
        """Files that could not be read, or not to their end, and why: nobody knows what was in them."""
        places: dict[str, dict[int, str]] = {}
        for complaint in _complaints(report) if self.was_read else ():
            self.rows += 1
            if complaint.line:
                places.setdefault(complaint.file, {})[complaint.line] = complaint.reason
                continue
            self._by_place[complaint.file, 0] = complaint.reason
            if not complaint.file.startswith("files/"):
                self.unread.append((complaint.file, complaint.reason))
        for file, reasons in places.items():
            self._find(Source(folder), folder / file, reasons)

    def _find(self, source: Source, path: Path, reasons: dict[int, str]) -> None:
        for placed in source.rows(path):
            reason = reasons.get(placed.row.place)
            if reason is not None and isinstance(placed.row, Row):
                self._by_content[_digest(placed.row.line)] = reason
            elif reason is not None:
                self._by_place[placed.file, placed.row.place] = reason

    def reason(self, placed: Placed) -> str | None:
        """Why the import has put this row aside, or something in it; None: it has not."""
        if isinstance(placed.row, Row):
            return self._by_content.get(_digest(placed.row.line)) if self._by_content else None
        return self._by_place.get((placed.file, placed.row.place))

    def reason_of_file(self, path: str) -> str | None:
        """Why the import has put a whole file aside."""
        return self._by_place.get((path, 0))


def _complaints(report: Path) -> Iterator[_Complaint]:
    with report.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield msgspec.json.decode(line, type=_Complaint)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise FolderError(f"{report}:{number} is no line of an import's report: {error}") from None


def _object(row: Row | Unreadable) -> Object | None:
    if isinstance(row, Unreadable):
        return None
    try:
        return object_in(row)
    except BadRow:
        return None


def _digest(line: bytes) -> bytes:
    return blake2b(line, digest_size=12).digest()
