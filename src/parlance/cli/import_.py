"""`parlance import …`: an app's data from another service, brought into an app here."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from parlance.app.config import Config
from parlance.app.operations import carry_out
from parlance.cli.import_verify import verify
from parlance.cli.progress import Progress
from parlance.cli.settings import configured, finished
from parlance.importer.leancloud.bringing import bring
from parlance.importer.leancloud.carrier import Brought, Wished
from parlance.importer.leancloud.complaints import Report
from parlance.importer.leancloud.rehoming import NowhereError
from parlance.kernel.clock import SECOND

REPORT = "import-report.jsonl"


@click.group("import")
def import_() -> None:
    """Bring in an app's data that was saved from another service."""


import_.add_command(verify)


@import_.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@configured
@click.option("--id", "app_id", required=True, help="The app's id here.")
@click.option("--people/--no-people", default=True, show_default=True, help="The rows of _User, too.")
@click.option("--files/--no-files", default=True, show_default=True, help="Files that were saved, too.")
@click.option("--public-url", help="Where this server's files will be found (default: the setting public_url).")
@click.option("--since", type=click.DateTime(), help="Of conversations known here, what was said since, UTC.")
@click.option("--late", is_flag=True, help="Put at the end what is older than what was said here.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help=f"Default: {REPORT} in FOLDER.")
def leancloud(
    config: Config,
    folder: Path,
    app_id: str,
    people: bool,
    files: bool,
    public_url: str | None,
    since: datetime | None,
    late: bool,
    report: Path | None,
) -> None:
    """Bring an app of LeanCloud's into an app here: what `export leancloud` has saved, or the console's exports.

    Run it again, and it brings what is new, and what has changed there and not here. What cannot be taken in is
    reported by file and line and stops nothing. Exit codes: 0 everything is in, 1 everything but what is reported.
    """
    from_then = None if since is None else int(since.replace(tzinfo=UTC).timestamp()) * SECOND
    wished = Wished(people, files, public_url or config.public_url, from_then, late)
    with Progress() as progress, _opened(report or folder / REPORT) as complaints, _seldom_collected():
        try:
            brought = finished(
                carry_out(config, lambda actions: bring(folder, app_id, actions, progress, complaints, wished))
            )
        except NowhereError:
            otherwise = ", or leave them out: --no-files" if files else "; some are here already"
            raise click.UsageError(f"say where files will be found: --public-url https://…{otherwise}") from None
    _show(brought, complaints)
    sys.exit(1 if complaints.complaints else 0)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Of millions of rows none refers to itself: looking for those that do takes a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _opened(path: Path) -> Report:
    try:
        return Report(path)
    except OSError as error:
        raise click.UsageError(f"the report cannot be written, {error.filename}: {error.strerror}; --report") from None


def _show(brought: Brought, report: Report) -> None:
    for what, total in (
        ("people", brought.people),
        ("files", brought.files),
        ("conversations", brought.conversations),
        ("messages", brought.messages),
    ):
        counts = f"{total.added:>12,} new {total.changed:>10,} changed {total.known:>12,} known"
        click.echo(f"{what:<14}{counts} {total.refused:>8,} refused")
    for each in report.first:
        click.secho(f"{each.file}:{each.line}: {each.reason}", fg="red", err=True)
    if report.complaints:
        click.echo(f"{report.complaints:,} complaints are in {report.path}", err=True)
