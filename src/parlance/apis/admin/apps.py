"""Apps, their keys and their settings."""

from functools import partial
from typing import Any

import msgspec

from parlance.apis.admin import examples
from parlance.apis.admin.desk import Call
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.tenancy.apps import KeyName
from parlance.core.model.app import SECRET_SETTINGS, App, AppSettings, Policy, cut_short, is_cut_short
from parlance.kernel.faults import bad_format
from parlance.web.bodies import fault_of
from parlance.web.routes import Nothing, Operation

TAG = "Admin: apps"


class AppShown(msgspec.Struct):
    """An app; of its keys only the beginning, of short ones nothing."""

    app_id: str
    name: str
    policy: Policy
    created_at: int
    updated_at: int
    app_key: str
    master_key: str
    token_secret: str
    settings: dict[str, Any]
    """Those that are secrets are cut short as well."""


class AppsFound(msgspec.Struct):
    """All there are, by id."""

    apps: list[AppShown]


class AppToMake(msgspec.Struct, frozen=True):
    """A new app; its keys are made up."""

    app_id: str
    name: str = ""
    policy: Policy = Policy.TOKEN


class AppChange(msgspec.Struct, frozen=True):
    """What is to be otherwise; what is left out stays."""

    name: str | None = None
    policy: Policy | None = None
    settings: dict[str, Any] | None = None
    """By their names; those that are left out stay, and secrets that are sent as they are shown."""


class KeysToMake(msgspec.Struct, frozen=True):
    """Which keys are to be made anew."""

    keys: list[KeyName]


class KeysMade(msgspec.Struct):
    """Keys in full: shown this once."""

    app: AppShown
    keys: dict[str, str]


class Apps:
    """The calls about them."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def list(self, call: Call[Nothing]) -> AppsFound:
        """GET /admin/apps."""
        return AppsFound([app_shown(app) for app in await self._actions.find_apps()])

    async def create(self, call: Call[AppToMake]) -> KeysMade:
        """POST /admin/apps."""
        asked = call.fields
        call.note = asked.app_id
        app = await self._actions.register_app(asked.app_id, asked.name, policy=asked.policy)
        return _keys(app, set(KeyName))

    async def show(self, call: Call[Nothing]) -> AppShown:
        """GET /admin/apps/{app_id}."""
        return app_shown(call.caller.app)

    async def change(self, call: Call[AppChange]) -> AppShown:
        """PATCH /admin/apps/{app_id}."""
        app, asked = call.caller.app, call.fields
        settings = None if asked.settings is None else partial(_revised, given=_meant(asked.settings))
        names = [f"settings.{name}" for name in asked.settings or ()]
        given = [name for name in ("name", "policy") if getattr(asked, name) is not None]
        call.note = ", ".join([*given, *names])
        changed = await self._actions.change_app(app.app_id, name=asked.name, policy=asked.policy, settings=settings)
        return app_shown(changed)

    async def rotate(self, call: Call[KeysToMake]) -> KeysMade:
        """POST /admin/apps/{app_id}/keys."""
        which = set(call.fields.keys)
        if not which:
            raise bad_format("keys", "say which: app_key, master_key, token_secret")
        call.note = ", ".join(sorted(which))
        return _keys(await self._actions.change_app.rotate(call.caller.app.app_id, which), which)


def app_shown(app: App) -> AppShown:
    """An app as it is shown more than once."""
    settings = msgspec.to_builtins(app.settings)
    cut = {name: cut_short(settings[name]) for name in SECRET_SETTINGS}
    keys = (cut_short(app.app_key), cut_short(app.master_key), cut_short(app.token_secret))
    return AppShown(app.app_id, app.name, app.policy, app.created_at, app.updated_at, *keys, {**settings, **cut})


def _keys(app: App, which: set[KeyName]) -> KeysMade:
    return KeysMade(app_shown(app), {name.value: getattr(app, name.value) for name in KeyName if name in which})


def _meant(given: dict[str, Any]) -> dict[str, Any]:
    """Whoever sends back all that was shown, however long ago, does not want secrets to be what was left of them."""
    return {name: value for name, value in given.items() if name not in SECRET_SETTINGS or not is_cut_short(value)}


def _revised(settings: AppSettings, given: dict[str, Any]) -> AppSettings:
    try:
        return msgspec.convert({**msgspec.to_builtins(settings), **given}, AppSettings)
    except msgspec.ValidationError as error:
        raise fault_of(str(error)) from None


LIST = Operation(answer_example=examples.APPS, summary="List the apps", tag=TAG)
CREATE = Operation(
    answer_example=examples.KEYS,
    summary="Make an app",
    tag=TAG,
    description="Answers its keys in full, this once.",
    example={"app_id": "school", "name": "School", "policy": "token"},
)
SHOW = Operation(answer_example=examples.APP, summary="Show an app", tag=TAG)
CHANGE = Operation(
    answer_example=examples.APP,
    summary="Change an app",
    tag=TAG,
    description="Settings are named as in `parlance app set`.",
    example={"policy": "token", "settings": {"recall_window": 120000}},
)
ROTATE = Operation(
    answer_example=examples.KEYS,
    summary="Make keys anew",
    tag=TAG,
    description="Answers them in full, this once; the old ones stop working at once.",
    example={"keys": ["master_key"]},
)
