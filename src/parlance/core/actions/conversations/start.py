"""Starting a conversation as LeanCloud's clients and backends do."""

from collections.abc import Mapping

import msgspec

from parlance.core.actions.changes import Changes
from parlance.core.actions.conversations.again import Again, find_again
from parlance.core.actions.occupancy import Occupancy
from parlance.core.actions.people.acquaintance import make_known
from parlance.core.actions.people.bans import Bans
from parlance.core.actions.rosters import Rosters
from parlance.core.model.caller import Caller
from parlance.core.model.columns import Said, judge_said
from parlance.core.model.conversation import ABILITIES, Kind, NewConversation, judge_size, lifetime, pair
from parlance.core.model.member import OWNER, PLAIN, Roster, Standing
from parlance.core.model.starting import Started, Starting
from parlance.core.ports.presence import Presence
from parlance.core.ports.store import Repositories, Store, Transaction
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ClientId, ConvId, Ids

TEMPORARY_PREFIX = "_tmp:"
"""Clients tell temporary conversations by their ids."""
_UNLIMITED = (1 << 31) - 1


class _Plan(msgspec.Struct, frozen=True):
    """What is to be made, with whom; `unique`: unless it is there already."""

    new: NewConversation
    people: Mapping[ClientId, Standing]
    unique: bool


class StartConversation:
    """Starts what is asked for, or finds it again. Whoever knows its id may come in."""

    def __init__(
        self,
        store: Store,
        rosters: Rosters,
        changes: Changes,
        presence: Presence,
        occupancy: Occupancy,
        bans: Bans,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._store = store
        self._rosters = rosters
        self._changes = changes
        self._presence = presence
        self._occupancy = occupancy
        self._bans = bans
        self._clock = clock
        self._ids = ids
        self._latest = 0

    async def __call__(self, caller: Caller, starting: Starting, *, origin: int | None = None) -> Started:
        """The conversation with everybody in it; people nobody has heard of become known by it.

        A backend may leave the creator out (""): then nobody owns it. What was found is left as it is, and told
        to nobody. Raises FOREIGN_CLIENT, NOT_PERMITTED (a service conversation by a client), WRONG_KIND,
        BAD_FORMAT, FULL, BANNED, UNKNOWN_CLIENT (if the app makes none).
        """
        caller.speak_as(starting.creator, "creator")
        judge_said(Said(starting.name, starting.ext, starting.columns))
        plan = self._planned(caller, starting)
        self._bans.check(caller.app.app_id, *plan.people)
        if plan.unique:
            again = await self._again(self._store.read, plan)
            if again.roster is not None:
                return Started(again.roster, existing=True)
        async with self._store.begin() as tx:
            started = await self._started(tx, caller, plan, origin)
        room = started.roster.conversation
        if room.abilities.present_members:
            return Started(await self._entered(started.roster, plan.people, origin))
        return started

    async def _started(self, tx: Transaction, caller: Caller, plan: _Plan, origin: int | None) -> Started:
        unique_id = None
        if plan.unique:
            again = await self._again(tx, plan)
            if again.roster is not None:
                return Started(again.roster, existing=True)
            unique_id = again.unique_id
        at = self._moment()
        await make_known(tx, self._bans, caller, tuple(plan.people), at)
        made = await tx.conversations.add(_dated(plan.new, at, unique_id))
        if made is None:
            # Somebody else was quicker, on another server.
            again = await self._again(tx, plan) if plan.unique else Again(None)
            if again.roster is None:
                raise bad_format("conv_id", "there is a conversation of that id already")
            return Started(again.roster, existing=True)
        roster = Roster(made, {})
        if made.abilities.present_members:
            return Started(roster)
        if made.abilities.addressed:
            await self._changes.subscribed(tx, made, plan.people, caller.client_id, at)
            return Started(roster.joined_by(plan.people))
        by = made.creator or None
        return Started(await self._changes.joined(tx, roster, plan.people, by, at, origin))

    async def _again(self, within: Repositories, plan: _Plan) -> Again:
        return await find_again(within, self._rosters, plan.new, plan.people, self._clock.now())

    def _planned(self, caller: Caller, starting: Starting) -> _Plan:
        abilities = ABILITIES[starting.kind]
        if abilities.fixed_members:
            raise Fault(FaultCode.WRONG_KIND, "what two people start is unique, nothing more", field="kind")
        if abilities.addressed and not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED, "only the backend starts a service conversation")
        settings = caller.app.settings
        people = {other: PLAIN for other in starting.others if other != starting.creator}
        if starting.creator and not abilities.addressed:
            people = {starting.creator: OWNER, **people}
        kind, direct = starting.kind, _pair(people) if starting.unique and abilities.numbered else None
        capacity = settings.temporary_capacity if abilities.expires else settings.group_capacity
        if direct is not None:
            kind, capacity = Kind.DIRECT, len(direct)
        elif abilities.addressed:
            capacity = _UNLIMITED
        if abilities.present_members:
            people = {client: standing for client, standing in people.items() if client == starting.creator}
        judge_size(capacity, len(people))
        span = lifetime(starting.ttl_seconds, settings.temporary_lifetime) if abilities.expires else None
        new = NewConversation(
            caller.app.app_id,
            starting.conv_id or self._id(expires=abilities.expires),
            kind,
            starting.creator,
            0,
            capacity,
            ext=starting.ext,
            expires_at=span,
            direct=direct,
            name=starting.name,
            columns=starting.columns,
            open_door=True,
        )
        return _Plan(new, people, bool(people) and (abilities.expires or (starting.unique and abilities.numbered)))

    def _id(self, *, expires: bool) -> ConvId:
        return ConvId(f"{TEMPORARY_PREFIX}{self._ids.random_hex()}" if expires else self._ids.object_id())

    def _moment(self) -> int:
        """Now, or as soon after the last one as can be: those who sort by it expect that no two are alike."""
        self._latest = max(self._clock.now(), self._latest + 1)
        return self._latest

    async def _entered(self, room: Roster, people: Mapping[ClientId, Standing], origin: int | None) -> Roster:
        """Who starts a room is in it, if it is connected."""
        conversation = room.conversation
        await self._occupancy.joined(conversation, people, conversation.creator, conversation.created_at, origin)
        return Roster(conversation, self._presence.occupants(conversation.id), room.restrictions)


def _dated(planned: NewConversation, at: int, unique_id: str | None) -> NewConversation:
    """The plan, whose end is so long after its beginning, made at `at`."""
    ends = None if planned.expires_at is None else at + planned.expires_at
    return msgspec.structs.replace(planned, created_at=at, expires_at=ends, unique_id=unique_id)


def _pair(people: Mapping[ClientId, Standing]) -> tuple[ClientId, ClientId] | None:
    """The two, if they are two, and can be told apart from any other two in the way in which pairs are kept."""
    if len(people) != 2 or any(" " in client for client in people):
        return None
    one, other = people
    return pair(one, other)
