"""What a backup is: a zip file, whichever database it is of, and whichever it goes into.

`manifest.json` says what else is in it; `tables/NAME.jsonl` has a row of a table in each line, as a list in JSON;
`files.jsonl` names the uploads, and `files/` has them. A zip file's list of contents stands at its end, and the
manifest is written last, so half a backup is none.
"""

import hashlib
import io
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Annotated, cast

import msgspec

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files.jsonl"
PART = ".part"
"""Behind the name of a backup that is not whole yet."""

Name = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]*$")]
"""Of a table or a column."""

_PIECE = 1 << 20
_LIGHTLY = 1
"""Of zip's levels: three times as fast as the usual one, and a tenth larger."""
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, msgspec.MsgspecError),
    *(EOFError, OSError, OverflowError, RuntimeError, ValueError),
)
"""What a zip file with a bit turned over somewhere makes `zipfile` raise: it may seem encrypted, of another version or
packed in another way."""


class BackupError(Exception):
    """A file is no backup that can be used, or none can be written there. The message says why, of "it"."""


class SavedTable(msgspec.Struct, frozen=True):
    """A table of the backup."""

    name: Name
    columns: tuple[Name, ...]
    key: tuple[Name, ...]
    rows: int
    checksum: str
    """What its rows add up to: the same in every database that has them."""
    sha256: str
    """Of its lines."""

    @property
    def member(self) -> str:
        """Where its rows are."""
        return f"tables/{self.name}.jsonl"


class SavedFile(msgspec.Struct, frozen=True):
    """An upload, by its key."""

    key: str
    bytes: int
    sha256: str

    @property
    def member(self) -> str:
        """Where it is."""
        return f"files/{self.key}"


class SavedFiles(msgspec.Struct, frozen=True):
    """All uploads."""

    count: int
    bytes: int
    sha256: str
    """Of the list of them."""
    missing: int
    """Those that the database knew, and nobody had."""


class Manifest(msgspec.Struct, frozen=True):
    """What there is in a backup."""

    format: int
    version: str
    """Of the Parlance that wrote it."""
    revision: str
    """Of the tables."""
    made_at: str
    engine: str
    tables: tuple[SavedTable, ...]
    counters: dict[str, int]
    """The last number given, by table."""
    files: SavedFiles | None
    """None if uploads are not in it."""

    @property
    def rows(self) -> int:
        """In all tables."""
        return sum(table.rows for table in self.tables)


class Written:
    """A member being written, and what there is to say of it."""

    def __init__(self, member: IO[bytes]) -> None:
        self._member = member
        self._hash = hashlib.sha256()
        self.bytes = 0

    def write(self, piece: bytes) -> None:
        """Add to it."""
        self._member.write(piece)
        self._hash.update(piece)
        self.bytes += len(piece)

    @property
    def sha256(self) -> str:
        """Of everything written."""
        return self._hash.hexdigest()


class Writing:
    """A backup in the making."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def member(self, name: str, *, packed: bool = True) -> Iterator[Written]:
        """One more, of whatever length; what is packed already need not be packed again."""
        about = name if packed else zipfile.ZipInfo(name)
        with self._archive.open(about, "w", force_zip64=True) as member:
            yield Written(member)

    def finish(self, manifest: Manifest) -> None:
        """Say what is in it; the last thing to do."""
        with self.member(MANIFEST) as member:
            member.write(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")


@contextmanager
def new_archive(path: Path) -> Iterator[Writing]:
    """A backup at `path`, for its owner alone, which is there when it is whole and on the disk, and not before.

    Raises BackupError if it cannot be written.
    """
    if path.exists():
        raise BackupError("there is something of that name already")
    part = path.with_name(path.name + PART)
    try:
        # One that was killed left it; its rights may be other ones.
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LIGHTLY) as archive:
                yield Writing(archive)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except BaseException as error:
        with suppress(OSError):
            part.unlink()
        if isinstance(error, OSError) and not isinstance(error, ConnectionError):
            raise BackupError(f"it cannot be written: {error.strerror}") from None
        raise


class Reading:
    """A backup that is whole, as far as one can see without reading all of it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        with self.member(MANIFEST) as member:
            self.manifest = msgspec.json.decode(member.read(), type=Manifest)

    @contextmanager
    def member(self, name: str) -> Iterator[IO[bytes]]:
        """One, to be read. Raises BackupError if it is not there, or cannot be read to its end."""
        try:
            with self._archive.open(name) as opened, io.BufferedReader(cast("io.RawIOBase", opened), _PIECE) as member:
                yield member
        except KeyError:
            raise BackupError(f"it is damaged: {name} is not in it") from None
        except _UNREADABLE as error:
            raise BackupError(f"it is damaged: {name} cannot be read ({error})") from None

    def files(self) -> Iterator[SavedFile]:
        """The uploads in it."""
        if self.manifest.files is not None:
            with self.member(FILES) as member:
                yield from map(msgspec.json.Decoder(SavedFile).decode, member)

    def pieces(self, name: str, sha256: str) -> Iterator[bytes]:
        """A member from its beginning to its end. Raises BackupError, at the end, if it is not what was written."""
        found = hashlib.sha256()
        with self.member(name) as member:
            while piece := member.read(_PIECE):
                found.update(piece)
                yield piece
        if found.hexdigest() != sha256:
            raise BackupError(f"it is damaged: {name} is not what was saved (its checksum is another)")


@contextmanager
def opened_archive(path: Path) -> Iterator[Reading]:
    """A backup. Raises BackupError if it is none, is not whole, or is of a version that this one does not know."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise BackupError(_no_zip(path)) from None
    except (NotImplementedError, struct.error, ValueError) as error:
        raise BackupError(f"it is damaged: its list of contents cannot be read ({error})") from None
    with archive:
        if MANIFEST not in archive.namelist():
            raise BackupError("it is no backup of Parlance's: there is no manifest.json in it")
        _of_this_format(archive)
        yield Reading(archive)


def _of_this_format(archive: zipfile.ZipFile) -> None:
    """Whatever else a later version writes, it says so here."""

    class Beginning(msgspec.Struct):
        format: int
        version: str

    try:
        beginning = msgspec.json.decode(archive.read(MANIFEST), type=Beginning)
    except _UNREADABLE as error:
        raise BackupError(f"it is damaged: {MANIFEST} cannot be read ({error})") from None
    if beginning.format != FORMAT:
        raise BackupError(f"it was written by a newer version of Parlance ({beginning.version}): use that version")


def _no_zip(path: Path) -> str:
    with path.open("rb") as file:
        if file.read(4) == b"PK\x03\x04":
            return "it is not whole: its end is missing"
    return "it is no backup of Parlance's"
