"""Taking a backup, beside a running server if there is one."""

from contextlib import AsyncExitStack
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
    made_at = datetime.fromtimestamp(clock.now() / SECOND, UTC).isoformat(timespec="seconds")
    with told_of_the_store(config), SpooledTemporaryFile(_IN_MEMORY) as known:
        async with AsyncExitStack() as database:
            access = await database.enter_async_context(at_one_moment(config.database))
            # Only now: where nothing can be read nothing is made.
            blobs = open_blobs(config.files_url or config.files_path) if files else None
            with new_archive(path) as archive:
                manifest = await _save_tables(access, archive, watch, made_at)
                if blobs is None:
                    archive.finish(manifest)
                    return Taken(manifest, [])
                many = await _list_uploads(access, known)
                # Uploads do not change, and may take hours: the database need not remember this moment so long.
                await database.aclose()
                uploads = _Uploads(archive, blobs, watch)
                manifest = msgspec.structs.replace(manifest, files=await uploads.save(known, many))
                archive.finish(manifest)
                return Taken(manifest, uploads.missing)


async def _save_tables(access: Access, archive: Writing, watch: Watch, made_at: str) -> Manifest:
    tables = shapes()
    watch.begins("saving", sum([await count(access, shape) for shape in tables]))
    return Manifest(
        format=FORMAT,
        version=__version__,
        revision=str(await revision_of(access)),
        made_at=made_at,
        engine=access.engine,
        tables=tuple([await _save_table(access, archive, shape, watch) for shape in tables]),
        counters=await access.counters(),
        files=None,
    )


async def _save_table(access: Access, archive: Writing, shape: Shape, watch: Watch) -> SavedTable:
    found = Sum()
    with archive.member(f"tables/{shape.name}.jsonl") as member:
        async for rows in pages(access, shape):
            said = lines(rows)
            found.add(said)
            member.write(b"".join(line + b"\n" for line in said))
            watch.advanced(len(rows))
    return SavedTable(shape.name, shape.columns, shape.key, found.rows, found.checksum, member.sha256)


async def _list_uploads(access: Access, known: IO[bytes]) -> int:
    """Write down the key and the size of each, a line in JSON; how many there are."""
    [shape] = [shape for shape in shapes() if shape.name == "files"]
    key, size = shape.columns.index("key"), shape.columns.index("size")
    many = 0
    async for rows in pages(access, shape):
        for row in rows:
            known.write(msgspec.json.encode((row[key], row[size])) + b"\n")
        many += len(rows)
    known.seek(0)
    return many


class _Uploads:
    """Those of a backup, one by one."""

    def __init__(self, archive: Writing, blobs: Blobs, watch: Watch) -> None:
        self._archive = archive
        self._blobs = blobs
        self._watch = watch
        self.missing: list[str] = []

    async def save(self, known: IO[bytes], many: int) -> SavedFiles:
        """All that are listed, and a list of them."""
        self._watch.begins("saving files", many)
        saved, size = 0, 0
        with SpooledTemporaryFile(_IN_MEMORY) as listed:
            for line in known:
                key, length = msgspec.json.decode(line, type=tuple[str, int])
                file = await self._file(self._blobs, key, length)
                self._watch.advanced(1)
                if file is None:
                    self.missing.append(key)
                    continue
                listed.write(msgspec.json.encode(file) + b"\n")
                saved, size = saved + 1, size + file.bytes
            listed.seek(0)
            with self._archive.member(FILES) as member:
                for line in listed:
                    member.write(line)
        return SavedFiles(saved, size, member.sha256, len(self.missing))

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
