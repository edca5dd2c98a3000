"""Archives in the folder of an app: unpacked beside themselves, once, so that all who read the folder find their files.

`export.zip` becomes `export.zip.unpacked/`, with the files that have rows, and a note of what came of it. An archive
that is another one by now is unpacked anew. Of one that ends early there is what is whole.
"""

import lzma
import re
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec

from parlance.importer.leancloud.complaints import Complaint
from parlance.importer.leancloud.folder import IDENTITY, write_whole
from parlance.importer.leancloud.sources import ENDINGS, UNPACKING

_UNPACKED, _NOTE = ".unpacked", ".unpacked"
_ARCHIVES = re.compile(r"\.(zip|tar|tgz|tar\.(gz|bz2|xz|zst)|rar|7z)$", re.IGNORECASE)
_CAN_BE_UNPACKED = re.compile(r"\.(zip|tar|tgz|tar\.(gz|bz2|xz))$", re.IGNORECASE)
_BROKEN = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
    NotImplementedError,
)
"""How the libraries say that an archive is torn, locked by a password, or packed in a way they do not know."""


class _Note(msgspec.Struct, frozen=True):
    """Which archive was unpacked, and what of it could not be."""

    bytes: int
    modified: int
    """By the file system, in ns."""
    problems: list[tuple[str, str]]


def unpack(root: Path) -> Iterator[Complaint]:
    """Unpack what is not unpacked yet; say what could not be, now or then."""
    for path in _archives(root):
        name = path.relative_to(root).as_posix()
        if not _CAN_BE_UNPACKED.search(path.name):
            yield Complaint(name, 0, "an archive: unpack it in the folder")
            continue
        try:
            note = _note(path) or _unpacked(path)
        except OSError as error:
            yield Complaint(name, 0, f"an archive: unpack it in the folder; here it cannot be ({error.strerror})")
            continue
        for inside, reason in note.problems:
            yield Complaint(f"{name}{_UNPACKED}/{inside}" if inside else name, 0, reason)


def still_packed(root: Path) -> list[str]:
    """The archives of which no import has seen what is in them."""
    return [path.relative_to(root).as_posix() for path in _archives(root) if _note(path) is None]


def _archives(root: Path) -> list[Path]:
    found = (path for path in root.rglob("*") if _ARCHIVES.search(path.name) and path.is_file())
    # What people have sent each other stays as it is.
    return sorted(path for path in found if path.relative_to(root).parts[0] != "files")


def _note(path: Path) -> _Note | None:
    """What was noted of an archive as it is."""
    try:
        note = msgspec.json.decode((_beside(path, _UNPACKED) / _NOTE).read_bytes(), type=_Note)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    stands = path.stat()
    return note if (note.bytes, note.modified) == (stands.st_size, stands.st_mtime_ns) else None


def _unpacked(path: Path) -> _Note:
    """Unpack an archive. Raises OSError if nothing can be written."""
    stands, room = path.stat(), _beside(path, UNPACKING)
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(mode=0o700)
    try:
        note = _Note(stands.st_size, stands.st_mtime_ns, [*_taken_out(path, room)])
        write_whole(room / _NOTE, msgspec.json.encode(note))
        shutil.rmtree(_beside(path, _UNPACKED), ignore_errors=True)
        room.rename(_beside(path, _UNPACKED))
    finally:
        shutil.rmtree(room, ignore_errors=True)
    return note


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _taken_out(path: Path, room: Path) -> Iterator[tuple[str, str]]:
    """Take the files with rows out of an archive; tell what could not be."""
    try:
        for name, content in _members(path):
            if name.name == IDENTITY:
                yield "", "a saved folder that was packed: unpack it, and name the folder that comes out"
            elif _ARCHIVES.search(name.name):
                yield str(name), "an archive in an archive: unpack both in the folder"
            elif ENDINGS.search(name.name) and not name.name.startswith("._"):
                yield from _put(content, room, name)
    except (*_BROKEN, OSError) as error:
        # What could not be written is no fault of the archive.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        yield "", f"the archive cannot be read on: {error}; what came before is read"


def _put(content: IO[bytes], room: Path, name: PurePosixPath) -> Iterator[tuple[str, str]]:
    target = room / name
    if target.exists():
        yield str(name), "another file in the archive has its name"
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("wb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
    except BaseException:
        target.unlink()
        raise


def _members(path: Path) -> Iterator[tuple[PurePosixPath, IO[bytes]]]:
    """The files in an archive, under names that lead nowhere else."""
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    with archive.open(info) as content:
                        yield _within(info.filename), content
        return
    with tarfile.open(path, "r:*") as tape:
        for member in tape:
            if member.isreg() and (taken := tape.extractfile(member)) is not None:
                with taken:
                    yield _within(member.name), taken


def _within(name: str) -> PurePosixPath:
    parts = [part for part in re.split(r"[/\\]", name) if part not in {"", ".", ".."}]
    return PurePosixPath(*parts) if parts else PurePosixPath("_")
