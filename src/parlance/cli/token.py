"""`parlance token`: a client token."""

import re
from datetime import UTC, datetime

import click
import msgspec

from parlance.app import operations
from parlance.app.config import Config
from parlance.cli.settings import configured, finished
from parlance.kernel.clock import DAY, HOUR, MINUTE, SECOND

_UNITS = {"": SECOND, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}


class Lifetime(click.ParamType[int]):
    """Seconds, or a number with a unit: 90s, 15m, 12h, 30d. Becomes milliseconds."""

    name = "lifetime"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """See `click.ParamType.convert`."""
        match = re.fullmatch(r"([1-9][0-9]{0,9})([smhd]?)", str(value))
        if match is None:
            self.fail("say how long: 3600, 15m, 12h or 30d", param, ctx)
        return int(match[1]) * _UNITS[match[2]]


@click.command()
@configured
@click.option("--app", "app_id", required=True, help="The app's id.")
@click.option("--client", required=True, help="The client id that the token speaks for.")
@click.option("--ttl", type=Lifetime(), help="How long it works: 3600, 15m, 12h, 30d (default: 7d).")
@click.option("--json", "as_json", is_flag=True, help="Token and end (ms) as JSON.")
def token(config: Config, app_id: str, client: str, ttl: int | None, as_json: bool) -> None:
    """Make a client token: the token alone on the standard output, its end beside it."""
    issued = finished(operations.issue_token(config, app_id, client, ttl))
    if as_json:
        click.echo(msgspec.json.encode(issued).decode())
        return
    click.echo(issued.token)
    ends = datetime.fromtimestamp(issued.expires_at / SECOND, UTC)
    click.echo(f"works until {ends:%Y-%m-%d %H:%M} UTC", err=True)
