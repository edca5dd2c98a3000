"""`parlance export …`: an app's data at another service, saved into a folder."""

import asyncio
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from parlance.cli.progress import Progress
from parlance.importer.leancloud.asking import Access, Patience
from parlance.importer.leancloud.errors import FolderError, LeanCloudError, Refused, Unanswered
from parlance.importer.leancloud.export import Wanted
from parlance.importer.leancloud.export import export as save
from parlance.importer.leancloud.manifest import Manifest
from parlance.kernel.clock import DAY, SystemClock

WITH_PROBLEMS, INTERRUPTED = 1, 130


class WasRefused(click.ClickException):
    """LeanCloud says no: trying again does not help."""

    exit_code = 3


class WasNotAnswered(click.ClickException):
    """LeanCloud did not answer: trying again may help."""

    exit_code = 4


@click.group()
def export() -> None:
    """Save an app's data that lies at another service."""


@export.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--server", envvar="LEANCLOUD_SERVER", required=True, help="The app's REST API: https://…")
@click.option("--app", "app_id", envvar="LEANCLOUD_APP_ID", required=True, help="The app's id.")
@click.option("--key", envvar="LEANCLOUD_MASTER_KEY", help="The master key; better as LEANCLOUD_MASTER_KEY.")
@click.option("--class", "more", multiple=True, metavar="NAME", help="One more class; may be repeated.")
@click.option("--all-classes", is_flag=True, help="All classes of the app.")
@click.option("--files", is_flag=True, help="The files themselves, too, that rows and messages point to.")
@click.option(
    "--restrictions/--no-restrictions", default=True, show_default=True, help="Who may not speak, or come in."
)
@click.option("--per-second", type=click.FloatRange(0, min_open=True), help="Requests a second (default: found out).")
@click.option("--at-once", type=click.IntRange(1, 64), default=4, show_default=True, help="Requests at a time.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True, help="Seconds.")
@click.option("--tries", type=click.IntRange(1), default=6, show_default=True, help="For each request.")
@click.option("--reread-days", type=click.FloatRange(0), default=2.0, show_default=True, help="Of known history.")
def leancloud(
    folder: Path,
    server: str,
    app_id: str,
    key: str | None,
    more: tuple[str, ...],
    all_classes: bool,
    files: bool,
    restrictions: bool,
    per_second: float | None,
    at_once: int,
    timeout: float,
    tries: int,
    reread_days: float,
) -> None:
    """Save an app of LeanCloud's into FOLDER: its classes, its history, its subscribers.

    Ends where nothing is left to fetch. Stopped or killed, the same command goes on from there; later it fetches what
    is new. Exit codes: 0 all is saved, 1 all but what is listed, 3 LeanCloud refused, 4 it did not answer.
    """
    if urlsplit(server).scheme not in {"http", "https"} or not urlsplit(server).netloc:
        raise click.BadParameter(f"{server!r} does not begin with https://", param_hint="--server")
    key = key or (click.prompt("Master key", hide_input=True, err=True) if sys.stdin.isatty() else None)
    if not key:
        raise click.UsageError("the master key is missing: set LEANCLOUD_MASTER_KEY")
    access = Access(server.rstrip("/"), app_id, key)
    patience, reread = Patience(timeout, tries), int(reread_days * DAY)
    wanted = Wanted(more, all_classes, files, per_second, at_once, reread, patience, restrictions)
    with Progress() as progress:
        try:
            manifest = asyncio.run(save(folder, access, wanted, progress, SystemClock()))
        except FolderError as error:
            raise click.UsageError(str(error)) from None
        except (LeanCloudError, OSError) as error:
            progress.stop()
            raise _ended(error, folder) from None
        except KeyboardInterrupt:
            progress.stop()
            click.echo("stopped; the same command goes on from here", err=True)
            sys.exit(INTERRUPTED)
    _report(folder, manifest)
    sys.exit(WITH_PROBLEMS if manifest.problems else 0)


def _ended(error: Exception, folder: Path) -> click.ClickException:
    """Why it could not go on, and whether it is worth another try."""
    if isinstance(error, Refused):
        return WasRefused(str(error))
    words = f"{error}; the same command goes on from here" if folder.exists() else str(error)
    return WasNotAnswered(words) if isinstance(error, Unanswered) else click.ClickException(words)


def _report(folder: Path, manifest: Manifest) -> None:
    totals = manifest.totals
    for name, rows in totals.classes.items():
        click.echo(f"{rows:>12,} rows of {name}")
    click.echo(f"{totals.messages:>12,} messages in {totals.conversations:,} conversations")
    if totals.subscribers:
        click.echo(f"{totals.subscribers:>12,} subscribers")
    if totals.files:
        click.echo(f"{totals.files:>12,} files")
    click.echo(f"{totals.bytes:>12,} bytes in {folder}, with manifest.json and SHA256SUMS")
    for problem in manifest.problems:
        click.secho(f"not saved: {problem.path}: {problem.reason}", fg="red", err=True)
