"""Where conversations are kept."""

from collections.abc import Collection, Sequence
from typing import Protocol

from parlance.core.model.conversation import Conversation, NewConversation
from parlance.core.model.member import Inbox
from parlance.core.model.search import Condition
from parlance.kernel.ids import AppId, ClientId, ConvId
from parlance.kernel.pages import Page, PageAsked


class Conversations(Protocol):
    """An app's conversations. Deleted ones, and those over at `at`, are not found."""

    async def find(self, app_id: AppId, conv_id: ConvId, at: int) -> Conversation | None:
        """The conversation of that public id."""

    async def find_direct(self, app_id: AppId, pair: tuple[ClientId, ClientId]) -> Conversation | None:
        """The direct conversation of the two (in the order of `conversation.pair`)."""

    async def search(
        self, app_id: AppId, conditions: Sequence[Condition], at: int, asked: PageAsked, member: ClientId | None
    ) -> Page[Conversation]:
        """Those for which all conditions hold, newest first; only ones that `member` is in, if given."""

    async def counts(self, conversations: Collection[int]) -> dict[int, int]:
        """How many are in each (by internal id; those without members are left out)."""

    async def matching(
        self, app_id: AppId, conditions: Sequence[Condition], at: int, member: ClientId | None
    ) -> list[Conversation]:
        """All of them for which all conditions hold."""

    async def add(self, new: NewConversation) -> Conversation | None:
        """Keep a new conversation; None (and nothing done) if its public id or its pair is taken."""

    async def update(self, conversation: Conversation) -> None:
        """Replace what is said about it (ext, name, avatar, description, capacity, updated_at); not its sequence."""

    async def delete(self, conversation: int, at: int) -> None:
        """Make it unknown from now on, and its pair or public id free again."""

    async def over(self, at: int, most: int) -> list[Conversation]:
        """Some whose end has come by `at` and that are still here, the longest over first."""

    async def purge(self, deleted_before: int, most: int) -> int:
        """Take deleted conversations out for good, with members and messages; answer how many rows went."""

    async def inbox(self, app_id: AppId, client_id: ClientId, since: int, at: int, most: int) -> list[Inbox]:
        """What changed for a member after `since`, the earliest change first.

        At most `most` rows, and then the rest of those that changed in the same millisecond as the last.
        Rooms (whose members are only who is present) are not in it.
        """

    async def recent(self, app_id: AppId, client_id: ClientId, at: int) -> list[Inbox]:
        """All that a client is a member of, by their newest messages (or their beginnings), the newest first."""
