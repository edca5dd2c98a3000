"""Opening a conversation, of any kind."""

from collections.abc import Mapping

from parlance.core.actions.changes import Changes
from parlance.core.actions.occupancy import Occupancy
from parlance.core.actions.people.acquaintance import make_known, must_know
from parlance.core.actions.people.bans import Bans
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import (
    ABILITIES,
    Abilities,
    Conversation,
    NewConversation,
    judge_ext,
    judge_size,
    lifetime,
    only_other,
    pair,
)
from parlance.core.model.member import OWNER, PLAIN, Roster, Standing
from parlance.core.model.opening import Opening
from parlance.core.ports.store import Repositories, Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import bad_format
from parlance.kernel.ids import ClientId, ConvId, Ids


class OpenConversation:
    """Opens what is asked for. Two people have one direct conversation, whoever opens it."""

    def __init__(
        self, store: Store, changes: Changes, occupancy: Occupancy, bans: Bans, clock: Clock, ids: Ids
    ) -> None:
        self._store = store
        self._changes = changes
        self._occupancy = occupancy
        self._bans = bans
        self._clock = clock
        self._ids = ids

    async def __call__(self, caller: Caller, opening: Opening) -> Conversation:
        """The conversation, new or (direct) the one there is.

        Raises FOREIGN_CLIENT, UNKNOWN_CLIENT, BANNED, WRONG_KIND (a direct one not with exactly one other),
        FULL, BAD_FORMAT (lifetime, extension).
        """
        caller.speak_as(opening.creator, "client_id")
        judge_ext(opening.ext)
        new, people = self._planned(caller, opening)
        existing = await _same(self._store.read, new)
        if existing is not None:
            self._bans.check(new.app_id, *people)
            return existing
        if not opening.create_missing:
            await must_know(self._store.read, self._bans, caller, people)
        async with self._store.begin() as tx:
            existing = await _same(tx, new)
            if existing is not None:
                return existing
            if opening.create_missing:
                await make_known(tx, self._bans, caller, people, new.created_at)
            conversation = await tx.conversations.add(new)
            if conversation is None:
                raise bad_format("conv_id", "there is a conversation of that id already")
            if not conversation.abilities.present_members:
                nobody = Roster(conversation, {})
                await self._changes.joined(tx, nobody, people, conversation.creator, conversation.created_at)
        if conversation.abilities.present_members:
            await self._occupancy.joined(conversation, people, conversation.creator, conversation.created_at)
        return conversation

    def _planned(self, caller: Caller, opening: Opening) -> tuple[NewConversation, Mapping[ClientId, Standing]]:
        abilities = ABILITIES[opening.kind]
        settings = caller.app.settings
        people = {other: PLAIN for other in opening.others if other != opening.creator}
        direct = None
        if abilities.fixed_members:
            direct = pair(opening.creator, only_other(opening.creator, opening.others))
        capacity = _capacity(abilities, settings.temporary_capacity, settings.group_capacity)
        if not abilities.present_members:
            judge_size(capacity, len(people) + 1)
        now = self._clock.now()
        new = NewConversation(
            app_id=caller.app.app_id,
            conv_id=opening.conv_id or ConvId(self._ids.uuid()),
            kind=opening.kind,
            creator=opening.creator,
            created_at=now,
            capacity=capacity,
            ext=opening.ext,
            keep_history=opening.keep_history or not abilities.present_members,
            expires_at=now + lifetime(opening.ttl_seconds, settings.temporary_lifetime) if abilities.expires else None,
            direct=direct,
            name=opening.name,
            avatar=opening.avatar,
            description=opening.description,
        )
        return new, {opening.creator: OWNER, **people}


async def _same(within: Repositories, new: NewConversation) -> Conversation | None:
    """The direct conversation that the two have already."""
    return None if new.direct is None else await within.conversations.find_direct(new.app_id, new.direct)


def _capacity(abilities: Abilities, temporary: int, group: int) -> int:
    if abilities.fixed_members:
        return 2
    return temporary if abilities.expires else group
