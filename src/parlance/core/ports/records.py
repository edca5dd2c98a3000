"""What is kept of one client, wherever it lies: for who wants all of it, or none of it any more."""

from collections.abc import Collection
from typing import Protocol

from parlance.core.model.message import Message
from parlance.core.model.record import Stay
from parlance.core.model.stored_file import StoredFile
from parlance.kernel.ids import AppId, ClientId, ConvId


class Records(Protocol):
    """Across nouns."""

    async def stays(self, app_id: AppId, client_id: ClientId) -> list[Stay]:
        """Every conversation of which it is kept that the client had to do with it, or said something in it."""

    async def said(self, conversation: int, client_id: ClientId, after: int, most: int) -> list[Message]:
        """What the client said there with higher sequence numbers, ascending."""

    async def uploads(self, app_id: AppId, client_id: ClientId) -> list[StoredFile]:
        """What it uploaded, the oldest first."""

    async def restricted(self, app_id: AppId, client_id: ClientId) -> list[tuple[ConvId, int, bool]]:
        """Where it may not speak (until when) or not come in."""

    async def forget_messages(self, conversation: int, messages: Collection[int]) -> int:
        """Take messages out of a history for good, as `Messages.delete` does; how many there were."""

    async def forget(self, app_id: AppId, client_id: ClientId, at: int) -> None:
        """Empty what is said of a client, and forget whatever else is kept of it but where it still is a member.

        Its number stays taken, and it stays out: banned, with what it logged in with before `at` void.
        """
