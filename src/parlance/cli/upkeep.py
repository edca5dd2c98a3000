"""`parlance migrate` and `parlance verify`: the database."""

import sys

import click

from parlance.app import operations
from parlance.app.config import Config, elsewhere
from parlance.app.moving import move_database
from parlance.cli.progress import Progress
from parlance.cli.settings import configured, finished

INTERRUPTED = 130
SHOWN = 12
"""Letters of a checksum that people compare."""


@click.command()
@configured
@click.option("--from", "origin", metavar="URL", help="Move everything from there … (default: the database as set)")
@click.option("--to", "target", metavar="URL", help="… to there (default: the database as set).")
def migrate(config: Config, origin: str | None, target: str | None) -> None:
    """Bring the database to the form this version needs. Starting a server does the same.

    With --from or --to it moves: from sqlite:///PATH to postgresql://USER@HOST/DATABASE, or back, with no server
    running. The target is empty, or has a part of it: killed or stopped, the same command goes on. All is compared at
    the end, and the source stays as it is. Uploaded files stay where they are.
    """
    if origin or target:
        _move(
            elsewhere(config, origin, "--from") if origin else config,
            elsewhere(config, target, "--to") if target else config,
        )
        return
    changed = finished(operations.migrate(config))
    click.echo(f"{config.database_name} {'has been brought' if changed else 'is'} up to date")


def _move(origin: Config, target: Config) -> None:
    with Progress() as progress:
        try:
            moved = finished(move_database(origin, target, progress))
        except KeyboardInterrupt:
            progress.stop()
            click.echo("stopped; the same command goes on from here", err=True)
            sys.exit(INTERRUPTED)
    for each in moved:
        if each.rows:
            click.echo(f"{each.table:<20}{each.rows:>14,} rows, checksum {each.checksum[:SHOWN]} on both sides")
    click.echo(f"{sum(each.rows for each in moved):,} rows have been moved")
    click.echo(f"from  {origin.database_name} (nothing in it has changed)")
    click.echo(f"to    {target.database_name}")
    click.echo("Now set database_url to it, look with `parlance verify`, and start the server.")


@click.command()
@configured
def verify(config: Config) -> None:
    """Recompute what can be recomputed and compare. Changes nothing; 1 if something does not agree."""
    wrong = finished(operations.verify(config))
    for sentence in wrong:
        click.echo(sentence)
    if wrong:
        click.secho(f"{len(wrong)} finding{'s' * (len(wrong) > 1)}", fg="red", err=True)
        sys.exit(1)
    click.echo("everything agrees")
