"""Where it is kept who tries codes."""

from typing import Protocol

import msgspec

from parlance.kernel.ids import ClientId


class Attempts(msgspec.Struct, frozen=True):
    """How often in a row a client was wrong about a group's code, and until when (ms) it is locked out."""

    wrong: int = 0
    locked_until: int = 0


class CodeAttempts(Protocol):
    """Who was wrong about which group's code (by the group's internal id)."""

    async def of(self, group: int, client_id: ClientId) -> Attempts:
        """How a client has fared so far."""

    async def put(self, group: int, client_id: ClientId, attempts: Attempts, at: int) -> None:
        """Replace what is kept of a client."""

    async def forget(self, group: int, client_id: ClientId) -> None:
        """It was right."""
