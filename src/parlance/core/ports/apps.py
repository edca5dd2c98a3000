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

    async def versions(self) -> dict[AppId, int]:
        """Every app by id, and its `updated_at`, which grows with every change of it."""

    async def find_to_change(self, app_id: AppId) -> App | None:
        """As `find`; nobody else changes it before the transaction ends."""

    async def add(self, app: App) -> bool:
        """Keep a new app; False (and nothing done) if its id is taken."""

    async def update(self, app: App) -> bool:
        """Replace the app of that id; False if there is none."""
