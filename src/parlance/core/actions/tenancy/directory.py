"""The apps, kept at hand: every request names one."""

from collections.abc import Callable

from parlance.core.model.app import App
from parlance.core.ports.store import Store
from parlance.kernel.clock import SECOND
from parlance.kernel.ids import AppId

_OVERLAP = 5 * SECOND
"""How far back a look for changes reaches, for writers whose clock or commit is late."""


class AppDirectory:
    """Apps by id. One that is not at hand is asked of the store, so a new app is known at once.

    Every app passes `guard` on its way in, which may tighten what the server is not willing to serve as
    it is written.
    """

    def __init__(self, store: Store, guard: Callable[[App], App] = lambda app: app) -> None:
        self._store = store
        self._guard = guard
        self._apps: dict[str, App] = {}
        self._seen = 0

    def at_hand(self, app_id: str) -> App | None:
        """The app, if it is known already."""
        return self._apps.get(app_id)

    async def find(self, app_id: str) -> App | None:
        """The app of that id, None if there is none."""
        app = self._apps.get(app_id)
        if app is None:
            app = await self._store.read.apps.find(AppId(app_id))
            if app is not None:
                app = self._keep(app)
        return app

    async def refresh(self) -> list[App]:
        """Take in what another process (the command line) has changed; answer the apps that differ."""
        changed = []
        for app in await self._store.read.apps.changed_since(self._seen - _OVERLAP):
            self._seen = max(self._seen, app.updated_at)
            before = self._apps.get(app.app_id)
            if self._keep(app) != before:
                changed.append(app)
        return changed

    def _keep(self, app: App) -> App:
        guarded = self._guard(app)
        self._apps[app.app_id] = guarded
        return guarded
