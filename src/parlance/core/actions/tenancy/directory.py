"""The apps, kept at hand: every request names one."""

from collections.abc import Callable, Sequence

from parlance.core.model.app import App
from parlance.core.model.events import AppChanged, Event
from parlance.core.ports.store import Store
from parlance.kernel.ids import AppId

_FEW = 20
"""Apps that are asked for one by one."""


class AppDirectory:
    """Apps by id. One that is not at hand is asked of the store, so a new app is known at once.

    Every app passes `guard` on its way in, which may tighten what the server is not willing to serve as
    it is written.
    """

    def __init__(self, store: Store, guard: Callable[[App], App] = lambda app: app) -> None:
        self._store = store
        self._guard = guard
        self._apps: dict[str, App] = {}
        self._versions: dict[AppId, int] = {}
        """As which each was read. Compared, not ordered: whoever changes apps has a clock of its own."""
        self._doubtful = False
        self._looks = 0
        self._looked: dict[AppId, int] = {}
        """In which look each was read: what was read earlier does not take the place of what was read later."""

    def at_hand(self, app_id: str) -> App | None:
        """The app, if it is known already."""
        return self._apps.get(app_id)

    async def find(self, app_id: str) -> App | None:
        """The app of that id, None if there is none."""
        app = self._apps.get(app_id)
        if app is None:
            look = self._next_look()
            app = await self._store.read.apps.find(AppId(app_id))
            if app is not None:
                app = self._keep(app, look)
        return app

    def heard(self, events: Sequence[Event]) -> None:
        """Some server has changed an app."""
        if any(type(event) is AppChanged for event in events):
            self._doubtful = True

    async def follow(self) -> None:
        """Take in what a server has changed, if one has."""
        if self._doubtful:
            await self.refresh()

    async def refresh(self) -> list[App]:
        """Take in what anybody (the command line, too) has changed; answer the apps that differ."""
        self._doubtful = False
        look = self._next_look()
        read = self._store.read.apps
        versions = await read.versions()
        for app_id in self._versions.keys() - versions.keys():
            del self._versions[app_id], self._apps[app_id], self._looked[app_id]
        stale = [app_id for app_id, version in versions.items() if self._versions.get(app_id) != version]
        apps = await read.all() if len(stale) > _FEW else [await read.find(app_id) for app_id in stale]
        return [app for app in apps if app is not None and self._apps.get(app.app_id) != self._keep(app, look)]

    def _next_look(self) -> int:
        self._looks += 1
        return self._looks

    def _keep(self, app: App, look: int) -> App:
        if self._looked.get(app.app_id, 0) > look:
            return self._apps[app.app_id]
        guarded = self._guard(app)
        self._apps[app.app_id] = guarded
        self._versions[app.app_id] = app.updated_at
        self._looked[app.app_id] = look
        return guarded
