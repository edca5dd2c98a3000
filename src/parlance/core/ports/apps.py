"""Where apps are kept."""

from typing import Protocol

from parlance.core.model.app import App
from parlance.kernel.ids import AppId


class Apps(Protocol):
    """The tenants of this installation."""

    async def find(self, app_id: AppId) -> App | None:
        """The app of that id."""

    async def all(self) -> list[App]:
        """Every app, by id."""

    async def changed_since(self, at: int) -> list[App]:
        """The apps whose `updated_at` is later than `at`."""

    async def add(self, app: App) -> bool:
        """Keep a new app; False (and nothing done) if its id is taken."""

    async def update(self, app: App) -> bool:
        """Replace the app of that id; False if there is none."""
