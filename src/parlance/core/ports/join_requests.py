"""Where requests to join a group wait."""

from collections.abc import Collection
from typing import Protocol

from parlance.kernel.ids import ClientId


class JoinRequests(Protocol):
    """Who has asked to join which group (by internal id) and is not in yet."""

    async def add(self, group: int, client_id: ClientId, at: int) -> bool:
        """Keep a request; False (and nothing done) if that client has asked already."""

    async def settle(self, group: int, client_ids: Collection[ClientId]) -> list[ClientId]:
        """Forget the requests of these clients; answer who had asked."""

    async def pending(self, group: int) -> list[ClientId]:
        """Who has asked, the earliest first."""
