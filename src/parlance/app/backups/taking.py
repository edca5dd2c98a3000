"""Taking a backup, beside a running server if there is one."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

import msgspec

from parlance import __version__
from parlance.app.backups.archive import (
    FILES,
    FORMAT,
    Manifest,
    SavedFile,
    SavedFiles,
    SavedTable,
    Writing,
    new_archive,
)
from parlance.app.config import Config
from parlance.app.operations import told_of_the_store
from parlance.blobs.objects import open_blobs
from parlance.core.ports.blobs import Blobs
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.stores.sql.carrying import Access, Shape, Sum, Watch, count, lines, pages, revision_of, shapes
from parlance.stores.sql.moving import at_one_moment

_PIECE = 1 << 20
_IN_MEMORY = 8 << 20
"""Bytes of an upload, or of the list of them, that do not go to the disk on their way."""


class Taken(msgspec.Struct, frozen=True):
    """A backup that is there."""

    manifest: Manifest
    missing: list[str]
    """Uploads that the database knows, and nobody has."""


async def take(config: Config, path: Path, *, files: bool, watch: Watch, clock: Clock) -> Taken:
    """Save one moment of the installation in a file, with the uploads if `files`.

    Raises BackupError if it cannot be written there, ConfigError if the database cannot be read.
    """
    with told_of_the_store(config):
        async with at_one_moment(config.database) as access:
            # Only now: where nothing can be read nothing is made.
            blobs = open_blobs(config.files_url or config.files_path) if files else None
            with new_archive(path) as archive:
                return await _Taking(access, archive, blobs, watch).all(
                    datetime.fromtimestamp(clock.now() / SECOND, UTC)
                )


class _Taking:
    def __init__(self, access: Access, archive: Writing, blobs: Blobs | None, watch: Watch) -> None:
        self._access = access
        self._archive = archive
        self._blobs = blobs
        self._watch = watch
        self._missing: list[str] = []

    async def all(self, made_at: datetime) -> Taken:
        tables = shapes()
        self._watch.begins("saving", sum([await count(self._access, shape) for shape in tables]))
        saved = tuple([await self._table(shape) for shape in tables])
        manifest = Manifest(
            format=FORMAT,
            version=__version__,
            revision=str(await revision_of(self._access)),
            made_at=made_at.isoformat(timespec="seconds"),
            engine=self._access.engine,
            tables=saved,
            counters=await self._access.counters(),
            files=None if self._blobs is None else await self._files(self._blobs),
        )
        self._archive.finish(manifest)
        return Taken(manifest, self._missing)

    async def _table(self, shape: Shape) -> SavedTable:
        found = Sum()
        with self._archive.member(f"tables/{shape.name}.jsonl") as member:
            async for rows in pages(self._access, shape):
                said = lines(rows)
                found.add(said)
                member.write(b"".join(line + b"\n" for line in said))
                self._watch.advanced(len(rows))
        return SavedTable(shape.name, shape.columns, shape.key, found.rows, found.checksum, member.sha256)

    async def _files(self, blobs: Blobs) -> SavedFiles:
        [shape] = [shape for shape in shapes() if shape.name == "files"]
        self._watch.begins("saving files", await count(self._access, shape))
        at, size_at = shape.columns.index("key"), shape.columns.index("size")
        saved, size = 0, 0
        with SpooledTemporaryFile(_IN_MEMORY) as listed:
            async for rows in pages(self._access, shape):
                for row in rows:
                    key = row[at]
                    file = await self._file(blobs, key, row[size_at])
                    self._watch.advanced(1)
                    if file is None:
                        self._missing.append(key)
                        continue
                    listed.write(msgspec.json.encode(file) + b"\n")
                    saved, size = saved + 1, size + file.bytes
            listed.seek(0)
            with self._archive.member(FILES) as member:
                for line in listed:
                    member.write(line)
        return SavedFiles(saved, size, member.sha256, len(self._missing))

    async def _file(self, blobs: Blobs, key: str, length: int) -> SavedFile | None:
        # Whole first: a name in a backup with half a file behind it would be a lie.
        with SpooledTemporaryFile(_IN_MEMORY) as kept:
            if not await _fetched(blobs, key, length, kept):
                return None
            kept.seek(0)
            with self._archive.member(f"files/{key}", packed=False) as member:
                while piece := kept.read(_PIECE):
                    member.write(piece)
        return SavedFile(key, member.bytes, member.sha256)


async def _fetched(blobs: Blobs, key: str, length: int, kept: IO[bytes]) -> bool:
    """Whether the bytes of an upload are there, all of them. Raises UNAVAILABLE if nobody can tell."""
    try:
        async for piece in await blobs.read(key, 0, length):
            kept.write(piece)
    except Fault as fault:
        # What is there, where everything else can be reached, and cannot be read, is damaged.
        if fault.code is not FaultCode.UNKNOWN_FILE and not await blobs.exists(key):
            raise
        return False
    return kept.tell() == length
