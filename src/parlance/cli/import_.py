"""`parlance import …`: an app's data from another service, brought into an app here."""

import sys
from pathlib import Path

import click
import msgspec

from parlance.app.config import Config
from parlance.app.operations import carry_out
from parlance.cli.import_verify import verify
from parlance.cli.progress import Progress
from parlance.cli.settings import configured, finished
from parlance.importer.leancloud.bringing import Brought, bring
from parlance.importer.leancloud.folder import write_whole

REPORT = "import-report.jsonl"
SHOWN = 20
"""Complaints on the screen; the report has all of them."""


@click.group("import")
def import_() -> None:
    """Bring in an app's data that was saved from another service."""


import_.add_command(verify)


@import_.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@configured
@click.option("--id", "app_id", required=True, help="The app's id here.")
@click.option("--people/--no-people", default=True, show_default=True, help="The rows of _User, too.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help=f"Default: {REPORT} in FOLDER.")
def leancloud(config: Config, folder: Path, app_id: str, people: bool, report: Path | None) -> None:
    """Bring an app of LeanCloud's into an app here: what `export leancloud` has saved, or the console's exports.

    What is here already stays as it is: run it again, and it adds what is new. What cannot be taken in is reported by
    file and line and stops nothing. Exit codes: 0 everything is in, 1 everything but what is reported.
    """
    with Progress() as progress:
        brought = finished(carry_out(config, lambda actions: bring(folder, app_id, actions, progress, people=people)))
    where = report or folder / REPORT
    write_whole(where, b"".join(msgspec.json.encode(each) + b"\n" for each in brought.complaints))
    _show(brought, where)
    sys.exit(1 if brought.complaints else 0)


def _show(brought: Brought, report: Path) -> None:
    for what, total in (
        ("people", brought.people),
        ("conversations", brought.conversations),
        ("messages", brought.messages),
    ):
        click.echo(f"{what:<14}{total.added:>12,} new {total.known:>12,} known {total.refused:>8,} refused")
    for each in brought.complaints[:SHOWN]:
        click.secho(f"{each.file}:{each.line}: {each.reason}", fg="red", err=True)
    if brought.complaints:
        click.echo(f"{len(brought.complaints):,} complaints are in {report}", err=True)
