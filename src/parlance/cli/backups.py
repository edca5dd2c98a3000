"""`parlance backup` and `parlance restore`: an installation in one file."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from parlance.app.backups.archive import BackupError, Manifest
from parlance.app.backups.restoring import check
from parlance.app.backups.restoring import restore as restore_it
from parlance.app.backups.taking import take
from parlance.app.config import Config
from parlance.cli.progress import Progress
from parlance.cli.settings import configured, finished, warn
from parlance.kernel.clock import SystemClock

INTERRUPTED = 130
SHOWN = 5
"""Uploads that are missing, by name."""

_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@_file
@configured
@click.option("--files/--no-files", default=None, help="Uploads, too (default: unless they lie in a bucket).")
def backup(config: Config, file: Path, files: bool | None) -> None:
    """Save the installation in FILE, a zip file: one moment of it, while the server goes on.

    Everything of the database, and the uploads. It can be restored into SQLite or PostgreSQL, whichever it came from.
    The keys of all apps are in it: it is made for its owner's eyes only, keep it so.
    """
    with_files = not config.files_url.startswith("s3:") if files is None else files
    with Progress() as progress, _told(file, progress):
        taken = finished(take(config, file, files=with_files, watch=progress, clock=SystemClock()))
    _show(taken.manifest)
    if not with_files:
        click.echo("uploads are not in it")
    for key in taken.missing[:SHOWN]:
        warn(f"the database knows {key}, and nobody has it whole")
    click.echo(f"{file.stat().st_size:>14,} bytes in {file}")


@click.command()
@_file
@configured
@click.option("--replace", is_flag=True, help="Put it in the place of what is there, which is gone then.")
@click.option("--check", "only_check", is_flag=True, help="Only read it through; nothing is restored.")
def restore(config: Config, file: Path, replace: bool, only_check: bool) -> None:
    """Make the installation that FILE, made by `parlance backup`, is of. No server may run.

    FILE is read through first. If anything fails then, the database is as it was before.
    """
    with Progress() as progress, _told(file, progress):
        if only_check:
            manifest = check(file, progress)
        else:
            manifest = finished(restore_it(config, file, replace=replace, watch=progress))
    _show(manifest)
    if only_check:
        click.echo(f"{file} is whole")
        return
    click.echo(f"restored in {config.database_name}; look with `parlance verify`, and start the server")
    if manifest.files is None:
        warn("uploads are not in this backup")


def _show(manifest: Manifest) -> None:
    click.echo(f"Parlance {manifest.version} on {manifest.engine}, {manifest.made_at}")
    for table in manifest.tables:
        if table.rows:
            click.echo(f"{table.rows:>14,} rows of {table.name}")
    if manifest.files is not None:
        click.echo(f"{manifest.files.count:>14,} uploads, {manifest.files.bytes:,} bytes")


@contextmanager
def _told(file: Path, progress: Progress) -> Iterator[None]:
    """Say in one sentence what is wrong with the file, and that nothing has happened."""
    try:
        yield
    except BackupError as error:
        progress.stop()
        raise click.ClickException(f"{file}: {error}") from None
    except OSError as error:
        progress.stop()
        raise click.ClickException(f"{error.filename or file}: {error.strerror or error}") from None
    except KeyboardInterrupt:
        progress.stop()
        click.echo("stopped; nothing has been changed", err=True)
        sys.exit(INTERRUPTED)
