"""`parlance console …`: who may look after the installation in a browser."""

from datetime import UTC, datetime

import click
from rich.table import Table

from parlance.app.config import Config
from parlance.app.operations import carry_out
from parlance.cli.hints import console_link
from parlance.cli.settings import configured, finished, out
from parlance.core.model.operator import FIRST
from parlance.kernel.clock import SECOND

_name_option = click.option("--name", default=FIRST, show_default=True, help="The operator's name.")


@click.group()
def console() -> None:
    """Let operators into the console at /console. A running server notices at once."""


@console.command()
@configured
@_name_option
@click.option("--ask", is_flag=True, help="Type the password, rather than have one made up.")
def password(config: Config, name: str, *, ask: bool) -> None:
    """Give an operator a new password, and make the operator if there is none. All its sessions end."""
    typed = click.prompt("Password", hide_input=True, confirmation_prompt=True) if ask else None
    made = finished(carry_out(config, lambda actions: actions.operators.set_password(name, typed)))
    if typed is None:
        click.echo(made)


@console.command()
@configured
@_name_option
@click.option("--url", help="Where the server is reached (default: public_url, else this machine).")
def link(config: Config, name: str, url: str | None) -> None:
    """Make a link that lets an operator in without a password: once, within 15 minutes."""
    key = finished(carry_out(config, lambda actions: actions.sign_in.link(name)))
    base = url or config.public_url or f"http://127.0.0.1:{config.port}"
    click.echo(console_link(base.rstrip("/"), key))


@console.command("list")
@configured
def list_operators(config: Config) -> None:
    """List the operators."""
    table = Table("name", "since", "password of", box=None, pad_edge=False)
    for operator in finished(carry_out(config, lambda actions: actions.operators.all())):
        table.add_row(operator.name, _day(operator.created_at), _day(operator.changed_at))
    out().print(table)


@console.command()
@configured
@click.option("--name", required=True, help="The operator's name.")
def remove(config: Config, name: str) -> None:
    """Take an operator away; its sessions end. The last one stays."""
    finished(carry_out(config, lambda actions: actions.operators.remove(name)))


def _day(at: int) -> str:
    return f"{datetime.fromtimestamp(at / SECOND, UTC):%Y-%m-%d}"
