"""Where it is kept what an app says to all of its clients."""

from typing import Protocol

from parlance.core.model.broadcast import Broadcast
from parlance.core.model.message import Message
from parlance.kernel.ids import AppId, ClientId


class Broadcasts(Protocol):
    """The broadcasts that are valid. Their messages are kept where messages are that name their readers."""

    async def add(self, broadcast: Broadcast, now: int) -> None:
        """Keep it; those of the app that are over now are forgotten."""

    async def valid(self, app_id: AppId, conversation: int, now: int, most: int, skip: int) -> list[Broadcast]:
        """Those of a conversation (by its internal id), the newest first."""

    async def missed(self, app_id: AppId, client_id: ClientId, now: int) -> list[Message]:
        """What is valid and not yet addressed to a client, the oldest first; nothing that was recalled."""

    async def withdraw(self, app_id: AppId, message: int) -> bool:
        """Nobody gets it from now on who has not had it. False: there is none."""
