"""Making and changing apps: what the command line does for the operator."""

from collections.abc import Callable, Collection
from contextlib import suppress
from enum import StrEnum

import msgspec

from parlance.core.actions.tenancy.directory import AppDirectory
from parlance.core.model.app import App, AppSettings, Policy, judge_settings
from parlance.core.model.events import AppChanged
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import AppId, Ids

LONGEST_APP_ID = 64
Revise = Callable[[AppSettings], AppSettings]
"""Makes settings of those that are."""


class KeyName(StrEnum):
    """The three keys of an app."""

    APP_KEY = "app_key"
    MASTER_KEY = "master_key"
    TOKEN_SECRET = "token_secret"  # noqa: S105 - the name of a field


class RegisterApp:
    """Makes an app. Keys that are not given are generated."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    async def __call__(
        self,
        app_id: str,
        name: str = "",
        master_key: str | None = None,
        policy: Policy = Policy.TOKEN,
        app_key: str | None = None,
    ) -> App:
        """Raises BAD_FORMAT for an id that is unusable or taken, or an empty key."""
        if not 1 <= len(app_id) <= LONGEST_APP_ID or not app_id.isprintable() or " " in app_id:
            raise bad_format("app_id", f"an app's id has 1 to {LONGEST_APP_ID} characters, no spaces")
        if any(key is not None and (not key or not key.isprintable()) for key in (master_key, app_key)):
            raise bad_format("key", "a key is printable and not empty")
        now = self._clock.now()
        app = App(
            app_id=AppId(app_id),
            name=name or app_id,
            app_key=app_key or self._ids.secret(),
            master_key=master_key or self._ids.secret(),
            token_secret=self._ids.secret(),
            policy=policy,
            settings=AppSettings(),
            created_at=now,
            updated_at=now,
        )
        async with self._store.begin() as tx:
            if not await tx.apps.add(app):
                raise bad_format("app_id", "there is an app of that id already")
            tx.announce(AppChanged(app.app_id))
        return app


class FindApps:
    """Shows apps, keys and all: for the operator only."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self) -> list[App]:
        """Every app, by id."""
        return await self._store.read.apps.all()

    async def one(self, app_id: str) -> App:
        """The app of that id. Raises BAD_FORMAT if there is none."""
        app = await self._store.read.apps.find(AppId(app_id))
        if app is None:
            raise bad_format("app_id", "there is no app of that id")
        return app


class ChangeApp:
    """Changes what is written about an app, and its keys. Whoever is answered finds this server knowing of it."""

    def __init__(self, store: Store, directory: AppDirectory, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock
        self._ids = ids

    async def __call__(
        self,
        app_id: str,
        *,
        name: str | None = None,
        policy: Policy | None = None,
        settings: AppSettings | Revise | None = None,
    ) -> App:
        """Set what is given; settings of which only some are to change come as what changes them, whoever else does.

        Raises BAD_FORMAT if there is no such app, or the settings do not go together.
        """

        def change(app: App) -> dict[str, object]:
            revised = settings(app.settings) if callable(settings) else settings
            given = {"name": name, "policy": policy, "settings": revised and self._complete(revised)}
            return {field: value for field, value in given.items() if value is not None}

        return await self._replace(app_id, change)

    async def rotate(self, app_id: str, which: Collection[KeyName]) -> App:
        """Generate these keys anew; what was signed or shown with the old ones is refused from now on."""
        keys: dict[str, object] = {str(key): self._ids.secret() for key in which}
        return await self._replace(app_id, lambda _: keys)

    def _complete(self, settings: AppSettings) -> AppSettings:
        judge_settings(settings)
        if settings.hook_url and not settings.hook_key:
            return msgspec.structs.replace(settings, hook_key=self._ids.secret())
        return settings

    async def _replace(self, app_id: str, change: Callable[[App], dict[str, object]]) -> App:
        async with self._store.begin() as tx:
            app = await tx.apps.find_to_change(AppId(app_id))
            if app is None:
                raise bad_format("app_id", "there is no app of that id")
            now = max(self._clock.now(), app.updated_at + 1)
            changed = msgspec.structs.replace(app, **change(app), updated_at=now)
            if not await tx.apps.update(changed):
                raise Fault(FaultCode.INTERNAL)
            tx.announce(AppChanged(app.app_id))
        # It is done, even if it cannot be read just now.
        with suppress(Fault):
            await self._directory.refresh()
        return changed
