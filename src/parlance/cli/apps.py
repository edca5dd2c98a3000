"""`parlance app …`: the apps of an installation."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import partial

import click
import msgspec
from rich.table import Table

from parlance.app.config import Config
from parlance.app.operations import carry_out
from parlance.cli.settings import configured, finished, out
from parlance.core.actions.tenancy.apps import KeyName
from parlance.core.model.app import SECRET_SETTINGS, App, AppSettings, Policy, cut_short
from parlance.kernel.clock import SECOND

_policies = click.Choice([policy.value for policy in Policy])
_id_option = click.option("--id", "app_id", required=True, help="The app's id.")


@click.group()
def app() -> None:
    """Make, show and change apps. A running server notices within two seconds."""


@app.command()
@configured
@_id_option
@click.option("--name", default="", help="What people call it (default: its id).")
@click.option("--key", "master_key", help="The server key (default: one is made).")
@click.option("--app-key", help="The public key (default: one is made): the one that clients in the field carry.")
@click.option("--policy", type=_policies, default=Policy.TOKEN.value, show_default=True, help="What callers must show.")
@click.option("--json", "as_json", is_flag=True, help="As `show --json` does.")
def create(
    config: Config,
    app_id: str,
    name: str,
    master_key: str | None,
    app_key: str | None,
    policy: str,
    as_json: bool,
) -> None:
    """Make an app."""
    made = finished(
        carry_out(
            config, lambda actions: actions.register_app(app_id, name, master_key, Policy(policy), app_key=app_key)
        )
    )
    _print(made, as_json=as_json, secret=False)


@app.command("list")
@configured
def list_apps(config: Config) -> None:
    """List the apps."""
    table = Table("id", "name", "policy", "made", box=None, pad_edge=False)
    for each in finished(carry_out(config, lambda actions: actions.find_apps())):
        table.add_row(each.app_id, each.name, each.policy.value, _day(each.created_at))
    out().print(table)


@app.command()
@configured
@_id_option
@click.option("--json", "as_json", is_flag=True, help="Everything, keys too, as JSON.")
def show(config: Config, app_id: str, as_json: bool) -> None:
    """Show an app. The beginning of its keys only, unless --json asks for them."""
    _print(finished(carry_out(config, lambda actions: actions.find_apps.one(app_id))), as_json=as_json, secret=True)


@app.command()
@configured
@_id_option
@click.option("--master-key", "names", flag_value=KeyName.MASTER_KEY.value, multiple=True, help="The server key.")
@click.option("--app-key", "names", flag_value=KeyName.APP_KEY.value, multiple=True, help="The public key.")
@click.option("--token-secret", "names", flag_value=KeyName.TOKEN_SECRET.value, multiple=True, help="Ends all tokens.")
@click.option("--json", "as_json", is_flag=True, help="As `show --json` does.")
def rotate(config: Config, app_id: str, names: tuple[str, ...], as_json: bool) -> None:
    """Make new keys; the old ones stop working at once."""
    if not names:
        raise click.UsageError("say which: --master-key, --app-key, --token-secret")
    keys = [KeyName(name) for name in names]
    changed = finished(carry_out(config, lambda actions: actions.change_app.rotate(app_id, keys)))
    _print(changed, as_json=as_json, secret=True, shown=names)


@app.command("set")
@configured
@_id_option
@click.option("--name", help="What people call it.")
@click.option("--policy", type=_policies, help="What callers must show.")
@click.option("--setting", "pairs", multiple=True, metavar="NAME=VALUE", help="A setting of the app; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="As `show --json` does.")
def set_app(
    config: Config, app_id: str, name: str | None, policy: str | None, pairs: tuple[str, ...], as_json: bool
) -> None:
    """Change an app's name, policy or settings."""
    if name is None and policy is None and not pairs:
        raise click.UsageError("say what to change: --name, --policy, --setting")
    settings = partial(with_settings, pairs=pairs) if pairs else None
    changed = carry_out(
        config,
        lambda actions: actions.change_app(
            app_id, name=name, policy=Policy(policy) if policy else None, settings=settings
        ),
    )
    _print(finished(changed), as_json=as_json, secret=True)


def with_settings(settings: AppSettings, pairs: Iterable[str]) -> AppSettings:
    """`settings` with each NAME=VALUE set; VALUE `none` where a setting may have none."""
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name not in AppSettings.__struct_fields__:
            known = ", ".join(AppSettings.__struct_fields__)
            raise click.BadParameter(f"{pair!r} is not NAME=VALUE with one of: {known}", param_hint="--setting")
        changed = {**msgspec.structs.asdict(settings), name: None if value.lower() == "none" else value}
        try:
            settings = msgspec.convert(changed, AppSettings, strict=False)
        except msgspec.ValidationError as error:
            words = str(error).partition(" - at ")[0].lower()
            raise click.BadParameter(f"{name}: {words}", param_hint="--setting") from None
    return settings


def _print(found: App, *, as_json: bool, secret: bool, shown: Collection[str] = ()) -> None:
    """Show an app: as JSON whole; else its keys in full only if not `secret`, or `shown`."""
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(_fields(found)), indent=2).decode())
        return
    for name, value in _fields(found).items():
        masked = secret and name in {KeyName.MASTER_KEY, KeyName.TOKEN_SECRET} and name not in shown
        out().print(f"{name:<14}{cut_short(str(value)) if masked else _words(value)}", soft_wrap=True)


def _fields(found: App) -> dict[str, object]:
    return {
        "app_id": found.app_id,
        "name": found.name,
        "app_key": found.app_key,
        "master_key": found.master_key,
        "token_secret": found.token_secret,
        "policy": found.policy.value,
        "settings": msgspec.structs.asdict(found.settings),
        "created_at": found.created_at,
    }


def _words(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name}={_setting(name, each)}" for name, each in value.items())
    return _day(value) if isinstance(value, int) else str(value)


def _setting(name: str, value: object) -> str:
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return cut_short(str(value)) if name in SECRET_SETTINGS else str(value)


def _day(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / SECOND, UTC):%Y-%m-%d %H:%M} UTC"
