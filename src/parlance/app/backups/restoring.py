"""Making an installation of a backup. It is read through before anything is brought in."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import msgspec

from parlance.app.backups.archive import FILES, BackupError, Manifest, Reading, SavedFile, SavedTable, opened_archive
from parlance.app.config import Config, ConfigError
from parlance.app.operations import told_of_the_store
from parlance.app.process import FolderInUseError, alone_in
from parlance.blobs.objects import open_blobs
from parlance.core.model.file_types import is_file_key
from parlance.core.ports.blobs import Blobs
from parlance.stores.sql.carrying import PAGE, REVISIONS, Access, Shape, Watch, summed
from parlance.stores.sql.engine import Row
from parlance.stores.sql.migrating import newest_revision, schema_gap, upgrade_script
from parlance.stores.sql.moving import made_anew

NOT_BROUGHT_BACK = ("operator_sessions", "login_failures")
"""Tables that are empty afterwards: a session that was ended since, or a link that was used, opens nothing again."""

_row = msgspec.json.Decoder(tuple[int | str | None, ...]).decode


def check(path: Path, watch: Watch) -> Manifest:
    """Read a backup from its beginning to its end. Raises BackupError if it is not as it was written."""
    with opened_archive(path) as archive:
        _read_through(archive, watch)
        return archive.manifest


async def restore(config: Config, path: Path, *, replace: bool, watch: Watch) -> Manifest:
    """Have the installation be what the backup says. If anything goes wrong the database is as it was.

    Raises BackupError for a backup that cannot be used, ConfigError if there is no place for it: a server runs, or
    something is there already and not to be replaced.
    """
    with opened_archive(path) as archive:
        manifest = archive.manifest
        if fault := schema_gap(manifest.revision, migrating=True):
            raise BackupError(f"it is of another version ({manifest.version}): {fault}")
        with told_of_the_store(config), _alone_with(config):
            async with made_anew(config.database, manifest.revision, replace=replace) as access:
                _read_through(archive, watch)
                if manifest.files is not None:
                    # Before the database that knows them.
                    await _bring_files(archive, open_blobs(config.files_url or config.files_path), watch)
                await _bring(archive, access, watch)
        return manifest


def _read_through(archive: Reading, watch: Watch) -> None:
    manifest = archive.manifest
    files = manifest.files
    watch.begins("reading the backup", len(manifest.tables) + (files.count if files else 0))
    for table in manifest.tables:
        _exhaust(archive.pieces(table.member, table.sha256))
        watch.advanced(1)
    if files is None:
        return
    _exhaust(archive.pieces(FILES, files.sha256))
    for file in archive.files():
        if not is_file_key(file.key):
            raise BackupError(f"it is damaged: {file.key!r} is no upload")
        _exhaust(archive.pieces(file.member, file.sha256))
        watch.advanced(1)


def _exhaust(pieces: Iterator[bytes]) -> None:
    for _ in pieces:
        continue


async def _bring(archive: Reading, access: Access, watch: Watch) -> None:
    manifest = archive.manifest
    if {table.name for table in manifest.tables} != await access.tables() - {REVISIONS}:
        raise BackupError(f"it is damaged: its tables are not those of revision {manifest.revision}")
    watch.begins("restoring", 2 * manifest.rows)
    for table in manifest.tables:
        shape = Shape(table.name, table.columns, table.key)
        for rows in _pages(archive, table):
            await access.fill(shape, rows)
            watch.advanced(len(rows))
        found = await summed(access, shape, watch)
        if (found.rows, found.checksum) != (table.rows, table.checksum):
            raise BackupError(f"{table.name} has not arrived as it was saved ({found.rows} rows of {table.rows})")
    for name, last in manifest.counters.items():
        await access.count_on(name, last)
    if manifest.revision != newest_revision():
        await access.run(upgrade_script(manifest.revision, access.dialect))
    for name in NOT_BROUGHT_BACK:
        await access.run(f"DELETE FROM {name}")  # noqa: S608 - our own names


def _pages(archive: Reading, table: SavedTable) -> Iterator[list[Row]]:
    with archive.member(table.member) as member:
        while lines := list(islice(member, PAGE)):
            yield [_row(line) for line in lines]


async def _bring_files(archive: Reading, blobs: Blobs, watch: Watch) -> None:
    files = archive.manifest.files
    watch.begins("restoring files", files.count if files else 0)
    for file in archive.files():
        # Whatever has the key has the bytes: nobody gives a key twice.
        if not await blobs.exists(file.key):
            await blobs.put(file.key, _handed_on(archive, file))
        watch.advanced(1)


async def _handed_on(archive: Reading, file: SavedFile) -> AsyncIterator[bytes]:
    for piece in archive.pieces(file.member, file.sha256):
        yield piece


@contextmanager
def _alone_with(config: Config) -> Iterator[None]:
    """No server starts on the data folder meanwhile, even if nobody can tell from a damaged file."""
    if not isinstance(config.database, Path):
        yield
        return
    for folder in {config.data_dir, config.database.parent}:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with alone_in(config.data_dir):
            yield
    except FolderInUseError as error:
        raise ConfigError(str(error)) from None
