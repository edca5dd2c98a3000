"""`parlance webhooks …`: what apps' own servers were told, and telling it again."""

from collections.abc import Collection
from datetime import UTC, datetime

import click
from rich.table import Table

from parlance.app.config import Config
from parlance.app.operations import carry_out
from parlance.cli.settings import configured, finished, out
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.hooks.events import ALL_STATES, TOLD
from parlance.core.model.delivery import Delivery, DeliveryState
from parlance.kernel.clock import SECOND

_app_option = click.option("--app", "app_id", required=True, help="The app's id.")
_most_option = click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


@click.group()
def webhooks() -> None:
    """See what apps' own servers were told, and tell it again. Times are UTC."""


@webhooks.command("list")
@configured
@_app_option
@_most_option
def list_all(config: Config, app_id: str, limit: int) -> None:
    """List the newest, and what became of them."""
    _print(_found(config, app_id, ALL_STATES, limit))


@webhooks.command()
@configured
@_app_option
@_most_option
def dead(config: Config, app_id: str, limit: int) -> None:
    """List what nobody took, and why."""
    _print(_found(config, app_id, {DeliveryState.DEAD}, limit))


@webhooks.command()
@configured
@_app_option
@click.option("--from", "start", type=click.DateTime(_FORMATS), help="What happened then or later.")
@click.option("--to", "end", type=click.DateTime(_FORMATS), help="What happened before.")
@click.option("--dead", "only_dead", is_flag=True, help="Only what nobody took.")
def replay(config: Config, app_id: str, start: datetime | None, end: datetime | None, only_dead: bool) -> None:
    """Have it told again, as if it had never been; a running server begins at once."""
    states = {DeliveryState.DEAD} if only_dead else TOLD

    async def tell_again(actions: Actions) -> int:
        app = await actions.find_apps.one(app_id)
        return await actions.replay(app.app_id, _milliseconds(start), _milliseconds(end), states)

    click.echo(f"{finished(carry_out(config, tell_again))} to be told again")


def _found(config: Config, app_id: str, states: Collection[DeliveryState], limit: int) -> list[Delivery]:
    async def find(actions: Actions) -> list[Delivery]:
        app = await actions.find_apps.one(app_id)
        return await actions.list_deliveries(app.app_id, states, limit)

    return finished(carry_out(config, find))


def _print(deliveries: Collection[Delivery]) -> None:
    """One line each; never what is said in them."""
    table = Table("id", "event", "happened", "state", "attempts", "next", "failed by", box=None, pad_edge=False)
    for each in deliveries:
        waits = each.state is DeliveryState.WAITING
        table.add_row(
            each.call_id,
            each.event,
            _moment(each.made_at),
            each.state.name.lower(),
            str(each.attempts),
            (_moment(each.due_at) if each.due_at else "at once") if waits else "",
            each.reason,
        )
    out().print(table)


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.replace(tzinfo=UTC).timestamp()) * SECOND


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at / SECOND, UTC):%Y-%m-%dT%H:%M:%S}"
