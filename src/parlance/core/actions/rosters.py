"""Conversations with their members, kept at hand.

Invariants:
- What is at hand is the committed state as of the last event heard: events come in the order of commits,
  and `heard` applies them before anybody is told of them.
- A roster read from the store while an event about it went by is not kept, but read again.
- Changes that another server made may come here in another order than they were committed in. They are not applied:
  what they are about is read again, for what is read is at least as new as every event heard before.
- Bounded: by the number of members in all rosters together. Two generations, no bookkeeping per look-up.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from parlance.core.model.conversation import Conversation
from parlance.core.model.events import (
    ConversationDeleted,
    ConversationUpdated,
    Event,
    MembersJoined,
    MembersLeft,
    MessageSent,
    RestrictionsChanged,
    StandingsChanged,
)
from parlance.core.model.member import Roster
from parlance.core.ports.presence import Presence
from parlance.core.ports.store import Repositories, Store
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.ids import AppId, ConvId

Key = tuple[AppId, ConvId]

_WEIGHT_OF_ONE = 8
"""What a conversation without members counts for, in members."""
_ATTEMPTS = 3
"""Times that a roster is read while events about it go by; the last one found is used and not kept."""


_OVERTAKING = 5 * SECOND
"""How much later an event may come than one that was committed after it."""
_MOST_FOREIGN = 1_000

_CHANGES = (
    MembersJoined,
    MembersLeft,
    StandingsChanged,
    RestrictionsChanged,
    ConversationUpdated,
    ConversationDeleted,
)
_Kept = MembersJoined | MembersLeft | StandingsChanged | RestrictionsChanged | ConversationUpdated


class Rosters:
    """The bounded cache between sends and the store.

    `most` is the number of members kept, summed over conversations.
    """

    def __init__(self, store: Store, presence: Presence, clock: Clock, most: int) -> None:
        self._store = store
        self._presence = presence
        self._clock = clock
        self._half = max(1, most // 2)
        self._young: dict[Key, Roster] = {}
        self._old: dict[Key, Roster] = {}
        self._weight = 0
        # The reads under way; one that an event went by is taken out.
        self._loading: dict[Key, set[object]] = {}
        # What other servers changed a moment ago: their events may overtake ours.
        self._foreign: dict[Key, int] = {}

    def at_hand(self, app_id: AppId, conv_id: ConvId) -> Roster | None:
        """The roster, if it need not be read from the store and the conversation is not over."""
        key = (app_id, conv_id)
        roster = self._young.get(key)
        if roster is None:
            roster = self._old.get(key)
            if roster is None:
                return None
            self._keep(key, roster)
        expires_at = roster.conversation.expires_at
        if expires_at is not None and expires_at <= self._clock.now():
            return None
        return roster

    async def find(self, app_id: AppId, conv_id: ConvId) -> Roster | None:
        """The roster, read from the store if need be; None if there is no such conversation."""
        roster = None
        for _ in range(_ATTEMPTS):
            roster = self.at_hand(app_id, conv_id)
            if roster is not None:
                return roster
            roster, undisturbed = await self._load((app_id, conv_id))
            if undisturbed:
                break
        return roster

    async def conversation(
        self, app_id: AppId, conv_id: ConvId, within: Repositories | None = None
    ) -> Conversation | None:
        """The conversation without its members, which may be many; as `within` has it, or what is at hand."""
        roster = self.at_hand(app_id, conv_id) if within is None else None
        if roster is not None:
            return roster.conversation
        return await (within or self._store.read).conversations.find(app_id, conv_id, self._clock.now())

    async def read(self, repositories: Repositories, app_id: AppId, conv_id: ConvId) -> Roster | None:
        """The roster as `repositories` have it, which may be a transaction's; not kept."""
        conversation = await repositories.conversations.find(app_id, conv_id, self._clock.now())
        return None if conversation is None else await self.around(repositories, conversation)

    async def find_group(self, app_id: AppId, group_id: int) -> Roster | None:
        """The roster of the group of that number; None if there is none."""
        conversation = await self._store.read.conversations.find_group(app_id, group_id)
        return None if conversation is None else await self.find(app_id, conversation.conv_id)

    async def read_group(self, repositories: Repositories, app_id: AppId, group_id: int) -> Roster | None:
        """The same as `repositories` have it; not kept."""
        conversation = await repositories.conversations.find_group(app_id, group_id)
        return None if conversation is None else await self.around(repositories, conversation)

    async def around(self, repositories: Repositories, conversation: Conversation) -> Roster:
        """The conversation with its members; without, where messages name their readers: they may be very many."""
        abilities = conversation.abilities
        if abilities.the_apps_own:
            return Roster(conversation, {})
        if abilities.addressed:
            return Roster(conversation, {}, await repositories.restrictions.of(conversation.id))
        if abilities.present_members:
            restrictions = await repositories.restrictions.of(conversation.id)
            return Roster(conversation, self._presence.occupants(conversation.id), restrictions)
        return Roster(conversation, *await repositories.members.with_restrictions(conversation.id))

    def heard(self, events: Sequence[Event]) -> None:
        """Bring what is at hand up to date."""
        for event in events:
            # Nearly all that happens is messages, and a type is compared faster than a pattern matched.
            if type(event) is not MessageSent and isinstance(event, _CHANGES):
                self._changed(event)

    def overtaken(self, events: Sequence[Event]) -> None:
        """Another server has changed something: what is at hand of it is not true any more."""
        now = self._clock.now()
        for event in events:
            if type(event) is not MessageSent and isinstance(event, _CHANGES):
                if len(self._foreign) > _MOST_FOREIGN:
                    self._foreign = {key: at for key, at in self._foreign.items() if now - at < _OVERTAKING}
                self._foreign[event.conversation.app_id, event.conversation.conv_id] = now

    def forget(self) -> None:
        """Nobody knows what has changed: read everything again."""
        for loads in self._loading.values():
            loads.clear()
        self._young, self._old, self._weight = {}, {}, 0

    def _changed(self, event: _Kept | ConversationDeleted) -> None:
        key = (event.conversation.app_id, event.conversation.conv_id)
        self._loading.pop(key, set()).clear()
        kept = self._take_out(key)
        if self._foreign and self._clock.now() - self._foreign.get(key, -_OVERTAKING) < _OVERTAKING:
            return
        if kept is not None and not isinstance(event, ConversationDeleted):
            self._keep(key, _after(kept, event))

    async def _load(self, key: Key) -> tuple[Roster | None, bool]:
        """Read a roster, and keep it unless an event about it went by; the second answer says whether none did."""
        load = object()
        loads = self._loading.setdefault(key, set())
        loads.add(load)
        try:
            roster = await self.read(self._store.read, *key)
            undisturbed = load in loads
        finally:
            loads.discard(load)
            if not loads and self._loading.get(key) is loads:
                del self._loading[key]
        # Where each message names its audience, nothing at hand must take its place.
        if undisturbed and roster is not None and not roster.conversation.abilities.addressed:
            self._keep(key, roster)
        return roster, undisturbed

    def _keep(self, key: Key, roster: Roster) -> None:
        self._take_out(key)
        self._young[key] = roster
        self._weight += _weight(roster)
        if self._weight > self._half:
            self._old, self._young, self._weight = self._young, {}, 0

    def _take_out(self, key: Key) -> Roster | None:
        old = self._old.pop(key, None)
        young = self._young.pop(key, None)
        if young is None:
            return old
        self._weight -= _weight(young)
        return young


def _weight(roster: Roster) -> int:
    # Who is in a room is kept by the presence, here is only a view of it.
    members = 0 if roster.conversation.abilities.present_members else len(roster.members)
    return _WEIGHT_OF_ONE + members + len(roster.restrictions)


def _after(roster: Roster, event: _Kept) -> Roster:
    if isinstance(event, ConversationUpdated):
        return roster.about(event.conversation)
    if isinstance(event, RestrictionsChanged):
        return roster.restricted_by(event.restrictions)
    if event.conversation.abilities.present_members:
        return roster
    roster = _dated(roster, event.conversation.updated_at)
    if isinstance(event, MembersJoined | StandingsChanged):
        return roster.joined_by(event.standings)
    return roster.left_by(event.client_ids)


def _dated(roster: Roster, updated_at: int | None) -> Roster:
    # The rest of the event's conversation may be older than what is at hand.
    conversation = roster.conversation
    if updated_at is None or updated_at <= (conversation.updated_at or conversation.created_at):
        return roster
    return roster.about(replace(conversation, updated_at=updated_at))
