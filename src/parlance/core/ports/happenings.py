"""What lastingly happened to a client, read off what is true now."""

from typing import Protocol

from parlance.core.model.places import Notification
from parlance.kernel.ids import AppId, ClientId


class Happenings(Protocol):
    """Nothing is kept for this: who is in, who is restricted and how far the others have read is dated."""

    async def since(self, app_id: AppId, client_id: ClientId, start: int, at: int, most: int) -> list[Notification]:
        """What happened to a client after `start` (ms), the earliest first; of conversations that are there at `at`."""
