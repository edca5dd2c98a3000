"""Where conversations are kept."""

from collections.abc import Collection, Sequence
from typing import Protocol

from parlance.core.model.conversation import Conversation, Kind, NewConversation
from parlance.core.model.member import Inbox
from parlance.core.model.search import Condition
from parlance.kernel.ids import AppId, ClientId, ConvId
from parlance.kernel.pages import Page, PageAsked


class Conversations(Protocol):
    """An app's conversations. Deleted ones, and those over at `at`, are not found.

    No search and no list finds the one in which the app itself speaks, save for `inbox`.
    """

    async def find(self, app_id: AppId, conv_id: ConvId, at: int) -> Conversation | None:
        """The conversation of that public id."""

    async def find_many(self, app_id: AppId, conv_ids: Collection[ConvId], at: int) -> list[Conversation]:
        """Those of them that there are, in any order."""

    async def find_direct(self, app_id: AppId, pair: tuple[ClientId, ClientId]) -> Conversation | None:
        """The direct conversation of the two (in the order of `conversation.pair`)."""

    async def find_unique(self, app_id: AppId, unique_id: str, kind: Kind, at: int) -> Conversation | None:
        """The conversation of that kind that those who started it find again."""

    async def find_group(self, app_id: AppId, group_id: int) -> Conversation | None:
        """The group of that number."""

    async def find_system(self, app_id: AppId) -> Conversation | None:
        """The one in which the app itself speaks."""

    async def groups(self, app_id: AppId, organization_id: int | None, asked: PageAsked) -> Page[Conversation]:
        """The app's groups, or an organisation's, by their numbers."""

    async def groups_of(self, app_id: AppId, client_id: ClientId) -> list[Conversation]:
        """The groups that a client is in, by their numbers."""

    async def page_of_groups(self, app_id: AppId, client_id: ClientId, asked: PageAsked) -> Page[Conversation]:
        """The same, a page of them."""

    async def search(
        self, app_id: AppId, conditions: Sequence[Condition], at: int, asked: PageAsked, member: ClientId | None
    ) -> Page[Conversation]:
        """Those for which all conditions hold, newest first; only ones that `member` is in, if given."""

    async def like(
        self, app_id: AppId, words: str, member: ClientId | None, at: int, asked: PageAsked
    ) -> Page[Conversation]:
        """Those with these words in their public id or name, or with that number; of every kind, newest first."""

    async def counts(self, conversations: Collection[int]) -> dict[int, int]:
        """How many are in each (by internal id; those without members are left out)."""

    async def matching(
        self, app_id: AppId, conditions: Sequence[Condition], at: int, member: ClientId | None
    ) -> list[Conversation]:
        """All of them for which all conditions hold."""

    async def following(self, app_id: AppId, after: str, most: int) -> list[Conversation]:
        """Those that are meant to stay, by their public ids, after one."""

    async def draw_number(self, app_id: AppId) -> int:
        """The next number for a group of the app; it is given to nobody else."""

    async def add(self, new: NewConversation) -> Conversation | None:
        """Keep a new conversation; None (and nothing done) if its public id, its pair or its unique id is taken.

        What is numbered gets the next number of its app; numbers are not given twice.
        """

    async def update(self, conversation: Conversation) -> None:
        """Replace what is said about it; not who made it, nor its number, code and sequence."""

    async def date(self, conversation: int, at: int) -> None:
        """What belongs to it has changed at that time (ms), or later."""

    async def loosen(self, conversation: Conversation, at: int) -> Conversation:
        """Make a group of a direct conversation: it gets a number, and its pair is free for another.

        `conversation` says how many it takes now, and whether its door is open. It keeps its unique id unless a
        group has that by now.
        """

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
