"""Where it is kept which device of a client logged in last under a tag."""

from typing import Protocol

from parlance.kernel.ids import AppId, ClientId


class TagHolders(Protocol):
    """The devices that hold tags."""

    async def device(self, app_id: AppId, client_id: ClientId, tag: str) -> str | None:
        """Which device holds it."""

    async def take(self, app_id: AppId, client_id: ClientId, tag: str, device: str, at: int) -> None:
        """From now on this one holds it."""
