"""Finding conversations by a word, for who looks after an app."""

import msgspec

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.ports.presence import Presence
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ClientId, ConvId
from parlance.kernel.pages import Page, PageAsked

LONGEST_WORDS = 100
FEW = 4


class Found(msgspec.Struct, frozen=True):
    """A conversation, and how many are in it."""

    conversation: Conversation
    size: int
    members: tuple[ClientId, ...] = ()
    """Who is in, where they are few: people know it by them."""


class FindConversations:
    """Finds conversations of every kind by a part of their id or name, or by their number; or one by its id."""

    def __init__(self, store: Store, doors: Doors, presence: Presence, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._presence = presence
        self._clock = clock

    async def __call__(self, caller: Caller, words: str, member: ClientId | None, asked: PageAsked) -> Page[Found]:
        """Newest first; `member`: only those that it is in. Raises NOT_PERMITTED (a client), BAD_FORMAT (too long)."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        if len(words) > LONGEST_WORDS:
            raise bad_format("q", f"at most {LONGEST_WORDS} characters are looked for")
        page = await self._store.read.conversations.like(caller.app.app_id, words, member, self._clock.now(), asked)
        return Page(await self._sized(page.rows), page.total, page.asked)

    async def one(self, caller: Caller, conv_id: ConvId) -> Found:
        """Raises NOT_PERMITTED (a client), UNKNOWN_CONVERSATION."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        # What is at hand may be behind with its sequence.
        conversation = await self._doors.known(caller, conv_id, self._store.read)
        return (await self._sized([conversation]))[0]

    async def _sized(self, conversations: list[Conversation]) -> list[Found]:
        read = self._store.read
        counts = await read.conversations.counts([each.id for each in conversations])
        names = await read.members.names([number for number, count in counts.items() if count <= FEW])
        return [Found(each, self._size(each, counts), tuple(names.get(each.id, ()))) for each in conversations]

    def _size(self, conversation: Conversation, counts: dict[int, int]) -> int:
        if conversation.abilities.present_members:
            return len(self._presence.occupants(conversation.id))
        return counts.get(conversation.id, 0)
