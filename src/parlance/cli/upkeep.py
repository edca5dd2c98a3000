"""`parlance migrate` and `parlance verify`: the database."""

import sys

import click

from parlance.app import operations
from parlance.app.config import Config
from parlance.cli.settings import configured, finished


@click.command()
@configured
def migrate(config: Config) -> None:
    """Bring the database to the form this version needs. Starting a server does the same."""
    changed = finished(operations.migrate(config))
    click.echo(f"{config.database_name} {'has been brought' if changed else 'is'} up to date")


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
