"""The folder that an app is saved in: whose it is, what lies where, and files that are whole or not there.

Invariants:
- A file under its own name is whole. What is being fetched is called `.part`, holds whole lines (the last may be
  torn by the death of the process, and is then cut off), and is where the next attempt goes on.
- One export at a time works in a folder.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import msgspec

from parlance.importer.leancloud.errors import FolderError

IDENTITY = "export.json"
LONGEST_NAME = 150
"""Letters of an id that a file is named after; file systems end at 255 bytes."""


_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


class Identity(msgspec.Struct, frozen=True):
    """Whose data lies in a folder."""

    app_id: str
    server: str
    format: int = 1


class Measured(msgspec.Struct, frozen=True):
    """What there is to say of a file."""

    rows: int
    bytes: int
    sha256: str


class Folder:
    """Paths in the folder of one app."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def claimed(self, identity: Identity) -> Iterator[None]:
        """Be the only one who exports into it. Raises FolderError if it is somebody else's, or in use."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.root / IDENTITY
        if not path.exists():
            if any(self.root.iterdir()):
                raise FolderError(f"{self.root} has other things in it: name a folder that is empty or not there")
            write_whole(path, msgspec.json.format(msgspec.json.encode(identity)) + b"\n")
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise FolderError(f"another export into {self.root} is running") from None
            if self.identity().app_id != identity.app_id:
                words = f"{self.root} holds another app, {self.identity().app_id}"
                raise FolderError(f"{words}: name another folder")
            yield

    def identity(self) -> Identity:
        """Whose it is. Raises FolderError if it is no export."""
        try:
            return msgspec.json.decode((self.root / IDENTITY).read_bytes(), type=Identity)
        except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
            raise FolderError(f"{self.root} is no export of an app: it has no {IDENTITY} that can be read") from None

    def file_of_class(self, name: str) -> Path:
        """The rows of a class."""
        return self.root / "classes" / f"{quote(name, safe='')}.jsonl"

    def messages_of(self, conversation: str) -> Path:
        """What was said in a conversation."""
        return self._spread("messages", conversation)

    def subscribers_of(self, conversation: str) -> Path:
        """Who subscribed to a service conversation."""
        return self._spread("subscribers", conversation)

    def restricted_in(self, restraint: str, conversation: str) -> Path:
        """Who may not do something in a conversation."""
        return self._spread(f"restrictions/{restraint}", conversation)

    def messages_with(self, conversation: str, subscriber: str) -> Path:
        """What was said between a service conversation and one subscriber."""
        return self.root / "service-messages" / _named(conversation) / f"{_named(subscriber)}.jsonl"

    def attachment(self, url: str) -> Path:
        """The bytes that were at an address."""
        digest = hashlib.sha256(url.encode()).hexdigest()
        return self.root / "files" / digest[:2] / digest

    def relative(self, path: Path) -> str:
        """The path as the manifest has it."""
        return path.relative_to(self.root).as_posix()

    def _spread(self, kind: str, conversation: str) -> Path:
        """In one of 256 folders: an app has more conversations than a folder should have files."""
        shelf = hashlib.sha256(conversation.encode()).hexdigest()[:2]
        return self.root / kind / shelf / f"{_named(conversation)}.jsonl"


class Part:
    """A file that is being fetched, line by line, over however many attempts."""

    def __init__(self, whole: Path) -> None:
        self.whole = whole
        self._path = whole.with_name(whole.name + ".part")

    def lines(self) -> Iterator[bytes]:
        """What has been fetched; a torn line at its end is cut off."""
        if not self._path.exists():
            return
        with self._path.open("rb+") as file:
            end = 0
            for line in file:
                if not line.endswith(b"\n"):
                    file.truncate(end)
                    return
                end += len(line)
                yield line[:-1]

    def append(self, lines: Iterable[bytes]) -> None:
        """Add lines."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.writelines(line + b"\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())

    def has_whole(self) -> bool:
        """Whether the file was finished by an earlier export."""
        return self.whole.exists()

    def is_empty(self) -> bool:
        """Whether nothing has been fetched."""
        return not self._path.exists() or self._path.stat().st_size == 0

    def discard(self) -> None:
        """Begin anew."""
        self._path.unlink(missing_ok=True)

    def finish(self, merged: Callable[[Iterator[bytes], Iterator[bytes]], Iterable[bytes]] | None = None) -> None:
        """Make it the whole file; `merged` says what becomes of the lines before and the new ones.

        A death on the way leaves the file of before, or the new one and a part that is merged into it once more.
        """
        if merged is None or not self.whole.exists():
            self.append(())
            self._path.replace(self.whole)
            return
        new = self.whole.with_name(self.whole.name + ".new")
        with self.whole.open("rb") as before, new.open("wb") as file:
            old = (line.removesuffix(b"\n") for line in before)
            file.writelines(line + b"\n" for line in merged(old, self.lines()))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.whole)
        self.discard()


def measured(path: Path, *, lines: bool = True) -> Measured:
    """Read a file through."""
    digest, rows, size = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
            size += len(block)
            rows += block.count(b"\n") if lines else 0
    return Measured(rows if lines else 1, size, digest.hexdigest())


def write_whole(path: Path, content: bytes) -> None:
    """The file has this content, or what it had before."""
    new = path.with_name(path.name + ".new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _named(identifier: str) -> str:
    """A file name for an id, another for each, also where `A` and `a` are the same name."""
    name = "".join(each if each in _PLAIN else "".join(f"%{byte:02X}" for byte in each.encode()) for each in identifier)
    return name if len(name) <= LONGEST_NAME else "~" + hashlib.sha256(identifier.encode()).hexdigest()
