"""Finding conversations by what is known of them."""

from collections.abc import Sequence

import msgspec

from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.search import Condition
from parlance.core.ports.presence import Presence
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.pages import Page, PageAsked


class Listed(msgspec.Struct, frozen=True):
    """A conversation in a list, and how many are in it."""

    conversation: Conversation
    size: int


class SearchConversations:
    """Finds an app's conversations, newest first; a client finds only its own."""

    def __init__(self, store: Store, presence: Presence, clock: Clock) -> None:
        self._store = store
        self._presence = presence
        self._clock = clock

    async def __call__(self, caller: Caller, conditions: Sequence[Condition], asked: PageAsked) -> Page[Listed]:
        """Those for which all conditions hold."""
        repository = self._store.read.conversations
        page = await repository.search(caller.app.app_id, conditions, self._clock.now(), asked, member=caller.client_id)
        counts = await repository.counts([found.id for found in page.rows])
        rows = [Listed(found, self._size(found, counts)) for found in page.rows]
        return Page(rows, page.total, page.asked)

    def _size(self, conversation: Conversation, counts: dict[int, int]) -> int:
        if conversation.abilities.present_members:
            return len(self._presence.occupants(conversation.id))
        return counts.get(conversation.id, 0)
