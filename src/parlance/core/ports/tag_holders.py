"""Where it is kept which device of a client logged in last under a tag."""

from collections.abc import Collection
from typing import Protocol

from parlance.kernel.ids import AppId, ClientId


class TagHolders(Protocol):
    """The devices that hold tags."""

    async def device(self, app_id: AppId, client_id: ClientId, tag: str) -> str | None:
        """Which device holds it."""

    async def holder(self, app_id: AppId, client_id: ClientId, tag: str) -> tuple[str | None, int]:
        """Which device holds it, and since when."""

    async def take(self, app_id: AppId, client_id: ClientId, tag: str, device: str, at: int) -> int:
        """From now on this one holds it; answer since when: `at`, or later than whoever held it before."""

    async def taken_since(
        self, app_id: AppId, clients: Collection[ClientId], at: int
    ) -> list[tuple[ClientId, str, str, int]]:
        """Client, tag, device and time of those that some clients took at that time or after."""
