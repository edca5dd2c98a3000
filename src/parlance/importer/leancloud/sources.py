"""The files of an app that is to be brought in, and their rows, whatever they are written as.

Read are this package's own exports and LeanCloud's: JSON Lines, `{"results": […]}`, arrays of JSON, and BSON; each also
packed by gzip.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from parlance.importer.leancloud.answers import read_page
from parlance.importer.leancloud.bson import BsonError, documents

ENDINGS = re.compile(r"\.(jsonl|json|bson)(\.gz)?$", re.IGNORECASE)
"""Of the names of files with rows."""
UNPACKING = ".unpacking"
"""Of the name of a folder in which nobody should look yet."""
_FOLDERS = frozenset({"messages", "subscribers", "service-messages", "restrictions", "files"})
LONGEST_LINE = 64 * 1024 * 1024


class Row(msgspec.Struct, frozen=True, gc=False):
    """A row and where it stands: its line, or its place in the file, from 1."""

    place: int
    line: bytes


class BadRow(Exception):
    """What cannot be taken in, and why."""


class Unreadable(msgspec.Struct, frozen=True):
    """A place in a file where no row could be read."""

    place: int
    reason: str


def files_of_class(root: Path, name: str) -> list[Path]:
    """The files with a class's rows: named after it, wherever they lie."""
    named = re.compile(rf"{re.escape(name)}(?![A-Za-z0-9_]).*", re.IGNORECASE)
    return [path for path in _files(root) if named.fullmatch(path.name) and not _is_said(root, path)]


def files_of_messages(root: Path) -> list[Path]:
    """The files with what was said in conversations."""
    return _files_in(root, "messages")


def files_of_subscribers(root: Path) -> list[Path]:
    """The files with those who subscribed to service conversations."""
    return _files_in(root, "subscribers")


def files_of_talks(root: Path) -> list[Path]:
    """The files with what was said between service conversations and one client each."""
    return _files_in(root, "service-messages")


def files_of_restricted(root: Path, restraint: str) -> list[Path]:
    """The files with those who are silenced, or blocked."""
    return [path for path in _files_in(root, "restrictions") if path.relative_to(root).parts[1] == restraint]


def any_data(root: Path) -> bool:
    """Whether anything lies there that could be read."""
    return bool(_files(root))


def rows_in(path: Path) -> Iterator[Row | Unreadable]:
    """The rows of a file, one by one; what cannot be read is said where it stands."""
    try:
        with _opened(path) as file:
            if ".bson" in map(str.lower, path.suffixes):
                yield from _bson(file)
            else:
                yield from _json(file)
    except (OSError, EOFError, zlib.error) as error:
        yield Unreadable(0, f"the file cannot be read on: {error}")


def object_in(row: Row) -> dict[str, Any]:
    """The object that a row is. Raises BadRow."""
    try:
        found = msgspec.json.decode(row.line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadRow(f"no JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadRow("no object")
    return found


def _files(root: Path) -> list[Path]:
    found = (path for path in root.rglob("*") if ENDINGS.search(path.name) and path.is_file())
    return sorted(path for path in found if not any(part.endswith(UNPACKING) for part in path.relative_to(root).parts))


def _files_in(root: Path, folder: str) -> list[Path]:
    return [path for path in _files(root) if path.relative_to(root).parts[0] == folder]


def _is_said(root: Path, path: Path) -> bool:
    return path.relative_to(root).parts[0] in _FOLDERS


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


def _bson(file: IO[bytes]) -> Iterator[Row | Unreadable]:
    place = 0
    try:
        for place, document in enumerate(documents(file), 1):
            if isinstance(document, BsonError):
                yield Unreadable(place, str(document))
            else:
                yield Row(place, msgspec.json.encode(document))
    except BsonError as error:
        yield Unreadable(place + 1, str(error))


def _json(file: IO[bytes]) -> Iterator[Row | Unreadable]:
    """Lines, unless the first is no whole object or one with all the rows in it."""
    place, first = 1, file.readline(LONGEST_LINE).removeprefix(b"\xef\xbb\xbf")
    while first and not first.strip():
        place, first = place + 1, file.readline(LONGEST_LINE)
    if first.lstrip().startswith(b"<"):
        yield Unreadable(1, "a page of HTML or XML, and no data")
        return
    if not _is_line_of_its_own(first):
        yield from _together(first + file.read())
        return
    line = first
    while line:
        if not line.endswith(b"\n") and len(line) >= LONGEST_LINE:
            yield Unreadable(place, f"a line of more than {LONGEST_LINE >> 20} MiB")
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE)
        elif stripped := line.strip():
            yield Row(place, stripped)
        place, line = place + 1, file.readline(LONGEST_LINE)


def _is_line_of_its_own(first: bytes) -> bool:
    if first.lstrip()[:1] == b"[":
        return False
    try:
        found = msgspec.json.decode(first)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        # Half of something that goes on, or a bad line among others.
        return first.strip() not in {b"{", b""} and not first.lstrip().startswith((b'{"results"', b'{ "results"'))
    return not (isinstance(found, dict) and isinstance(found.get("results"), list))


def _together(content: bytes) -> Iterator[Row | Unreadable]:
    if not content.strip():
        return
    try:
        page = read_page(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        yield Unreadable(1, f"neither lines of JSON, nor an array, nor results: {error}")
        return
    for place, line in enumerate(page.rows, 1):
        yield Row(place, line)
