"""What has been saved, file by file: the journal while an export is under way, the manifest at its end.

Neither has a time of ours in it, so two exports of the same data are the same, byte for byte.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from parlance import __version__
from parlance.importer.leancloud.errors import FolderError
from parlance.importer.leancloud.folder import Folder, write_whole

MANIFEST = "manifest.json"
JOURNAL = "progress.jsonl"
CHECKSUMS = "SHA256SUMS"


class Saved(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file of the export; `oldest` and `newest` are the times of what is in it, in ms."""

    path: str
    rows: int
    bytes: int = 0
    sha256: str = ""
    oldest: int | None = None
    newest: int | None = None
    about: str | None = None
    """Whose it is, where the path does not say so: an id, or an address."""

    @property
    def kind(self) -> str:
        """The folder it lies in."""
        return self.path.partition("/")[0]


class Problem(msgspec.Struct, frozen=True):
    """What could not be saved, and why."""

    path: str
    reason: str


class Totals(msgspec.Struct, frozen=True):
    """Everything together."""

    classes: dict[str, int]
    conversations: int
    """Those with messages."""
    messages: int
    subscribers: int
    files: int
    bytes: int
    oldest_message: int | None = None
    newest_message: int | None = None


class Manifest(msgspec.Struct, frozen=True):
    """An export, once it has been gone through."""

    app_id: str
    server: str
    totals: Totals
    problems: list[Problem]
    files: list[Saved]
    restrictions: tuple[str, ...] = ()
    """The lists of who may not do something that were asked for, and given."""
    tool: str = f"parlance {__version__}"
    format: int = 1


_SAID = frozenset({"messages", "service-messages"})


def read_manifest(folder: Folder) -> Manifest | None:
    """What the last export left; None if there was none."""
    try:
        return msgspec.json.decode((folder.root / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise FolderError(f"{folder.root / MANIFEST} cannot be read: {error}") from None


def known_files(root: Path) -> tuple[dict[str, Saved], Manifest | None]:
    """What is said of the files of a folder, by their paths, and the manifest; nothing where nobody says anything."""
    try:
        manifest = read_manifest(Folder(root))
        lines = [_decoded(line) for line in _lines(root / JOURNAL)[0]]
    except (FolderError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}, None
    before = [] if manifest is None else manifest.files
    return {each.path: each for each in (*before, *lines)}, manifest


def write_manifest(
    folder: Folder, saved: Iterable[Saved], problems: Iterable[Problem], restrictions: Iterable[str] = ()
) -> Manifest:
    """Say what there is, and give up the journal."""
    identity = folder.identity()
    files = sorted((each for each in saved if each.sha256), key=lambda each: each.path)
    manifest = Manifest(
        identity.app_id,
        identity.server,
        _totals(files),
        sorted(problems, key=lambda each: each.path),
        files,
        tuple(restrictions),
    )
    sums = "".join(f"{each.sha256}  {each.path}\n" for each in files)
    write_whole(folder.root / CHECKSUMS, sums.encode())
    write_whole(folder.root / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    (folder.root / JOURNAL).unlink(missing_ok=True)
    return manifest


class Journal:
    """What this export has finished; survives its death."""

    def __init__(self, folder: Folder) -> None:
        path = folder.root / JOURNAL
        whole, torn = _lines(path)
        if torn:
            with path.open("rb+") as file:
                file.truncate(sum(len(line) + 1 for line in whole))
        self.saved = {each.path: each for each in map(_decoded, whole)}
        self._file = path.open("ab")

    def add(self, saved: Saved) -> None:
        """This is finished."""
        self.saved[saved.path] = saved
        self._file.write(msgspec.json.encode(saved) + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _lines(path: Path) -> tuple[list[bytes], bytes]:
    """The whole lines of a journal, and what stands behind them."""
    if not path.exists():
        return [], b""
    *whole, torn = path.read_bytes().split(b"\n")
    return whole, torn


_decoded = msgspec.json.Decoder(Saved).decode


def _totals(files: list[Saved]) -> Totals:
    said = [each for each in files if each.kind in _SAID]
    return Totals(
        classes={Path(each.path).stem: each.rows for each in files if each.kind == "classes"},
        conversations=sum(each.kind == "messages" for each in files),
        messages=sum(each.rows for each in said),
        subscribers=sum(each.rows for each in files if each.kind == "subscribers"),
        files=sum(each.kind == "files" for each in files),
        bytes=sum(each.bytes for each in files),
        oldest_message=min((each.oldest for each in said if each.oldest is not None), default=None),
        newest_message=max((each.newest for each in said if each.newest is not None), default=None),
    )
