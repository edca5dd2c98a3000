"""Where conversations are looked for by LeanCloud's columns."""

from collections.abc import Collection, Sequence
from typing import Protocol

from parlance.core.model.conversation import Conversation
from parlance.core.model.where.narrowing import Narrowing
from parlance.core.model.where.ordering import Ordering
from parlance.kernel.ids import AppId, ClientId, ConvId


class ConversationQueries(Protocol):
    """The store's part of such a question: which conversations to look at, and in what order.

    Deleted ones, those over, and the one in which the app itself speaks are not among them.
    """

    async def candidates(
        self, app_id: AppId, narrowing: Narrowing, ordering: Ordering | None, at: int, most: int, skip: int = 0
    ) -> list[int]:
        """Internal ids: the first `most` after `skip`, in the order of a column of times, or of their age."""

    async def several(self, conversations: Sequence[int]) -> list[Conversation]:
        """Of these (by internal id) those that are there, in the same order."""

    async def joined(self, conversations: Collection[int], client_id: ClientId) -> dict[int, int]:
        """Since when (ms) a client is in those of these in which it is."""

    async def subscriptions(
        self, app_id: AppId, client_id: ClientId, after: tuple[int, str] | None, most: int, *, newest_first: bool
    ) -> list[tuple[ConvId, int]]:
        """In which conversations that have subscribers a client is, by when (ms) it came and their ids.

        `after`: beyond that time and id, in the order that is asked for.
        """
