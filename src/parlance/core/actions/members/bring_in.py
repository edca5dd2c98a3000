"""Coming in, or bringing others in, as LeanCloud's clients and backends do."""

from collections.abc import Collection

import msgspec

from parlance.core.actions.changes import Changes, last_changed
from parlance.core.actions.doors import Doors, must_move, must_move_itself
from parlance.core.actions.occupancy import Occupancy
from parlance.core.actions.people.acquaintance import make_known
from parlance.core.actions.people.bans import Bans
from parlance.core.actions.rosters import Rosters
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.member import OWNER, PLAIN, Role, Roster, Standing
from parlance.core.model.membership import MembershipChange, Refusal
from parlance.core.ports.presence import Presence
from parlance.core.ports.store import Store, Transaction
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


class _Sorted(msgspec.Struct, frozen=True):
    """Who is in, who may come, and who may not."""

    inside: tuple[ClientId, ...]
    newcomers: tuple[ClientId, ...]
    refused: tuple[Refusal, ...]


class BringIn:
    """Lets clients in: each for itself, a member others, the backend all. A room is entered by who is connected."""

    def __init__(
        self,
        store: Store,
        doors: Doors,
        rosters: Rosters,
        changes: Changes,
        presence: Presence,
        occupancy: Occupancy,
        bans: Bans,
        clock: Clock,
    ) -> None:
        self._store = store
        self._doors = doors
        self._rosters = rosters
        self._changes = changes
        self._presence = presence
        self._occupancy = occupancy
        self._bans = bans
        self._clock = clock

    async def __call__(
        self, caller: Caller, conv_id: ConvId, clients: Collection[ClientId], *, origin: int | None = None
    ) -> MembershipChange:
        """What came of it, for each: refused are BLOCKED, BANNED, UNKNOWN_CLIENT, FULL, NOT_LOGGED_IN (rooms).

        A direct conversation becomes a group by it. Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER (who is not in and
        brings in others, or comes into what is not open), NOT_PERMITTED, WRONG_KIND.
        """
        clients = tuple(dict.fromkeys(clients))
        found = await self._doors.known(caller, conv_id)
        if found.abilities.present_members:
            return await self._into_room(caller, conv_id, clients, origin)
        async with self._store.begin() as tx:
            conversation = await self._doors.known(caller, conv_id, tx)
            if conversation.abilities.addressed:
                return await self._subscribed(tx, caller, conversation, clients)
            roster = await self._rosters.around(tx, conversation)
            _must_be_allowed(caller, roster, clients)
            return await self._into_stored(tx, caller, roster, clients, origin)

    async def _into_stored(
        self, tx: Transaction, caller: Caller, roster: Roster, clients: tuple[ClientId, ...], origin: int | None
    ) -> MembershipChange:
        now = self._clock.now()
        known = await self._known(tx, caller, clients)
        conversation = roster.conversation
        capacity = conversation.capacity
        if conversation.abilities.loosens:
            capacity = caller.app.settings.group_capacity
        judged = self._judged(roster, clients, known, capacity)
        if judged.newcomers:
            await make_known(tx, self._bans, caller, judged.newcomers, now)
            if conversation.abilities.loosens:
                roster = await self._changes.loosened(tx, roster, capacity, caller.client_id, now, origin)
            standings = {client: _standing(roster, client) for client in judged.newcomers}
            roster = await self._changes.joined(tx, roster, standings, caller.client_id, now, origin)
        return _change(roster.conversation, judged, now)

    async def _subscribed(
        self, tx: Transaction, caller: Caller, conversation: Conversation, clients: tuple[ClientId, ...]
    ) -> MembershipChange:
        must_move_itself(caller, conversation, clients)
        now = self._clock.now()
        roster = Roster(conversation, {}, await tx.restrictions.of(conversation.id))
        judged = self._judged(roster, clients, await self._known(tx, caller, clients), conversation.capacity)
        await make_known(tx, self._bans, caller, judged.newcomers, now)
        await self._changes.subscribed(tx, conversation, judged.newcomers, caller.client_id, now)
        return _change(conversation, judged, now)

    async def _into_room(
        self, caller: Caller, conv_id: ConvId, clients: tuple[ClientId, ...], origin: int | None
    ) -> MembershipChange:
        roster = await self._doors.any_conversation(caller, conv_id)
        room = roster.conversation
        must_move_itself(caller, room, clients)
        # Whoever is not connected would stay in it for ever.
        online = self._presence.online(room.app_id, clients)
        here = tuple(client for client in clients if online[client])
        judged = self._judged(roster, here, here, None)
        absent = tuple(client for client in clients if not online[client])
        if absent:
            judged = msgspec.structs.replace(
                judged, refused=(*judged.refused, Refusal(FaultCode.NOT_LOGGED_IN, absent))
            )
        now = self._clock.now()
        await self._occupancy.joined(room, judged.newcomers, caller.client_id, now, origin)
        return _change(room, judged, now)

    async def _known(self, tx: Transaction, caller: Caller, clients: tuple[ClientId, ...]) -> Collection[ClientId]:
        """Those who can be let in: all, unless the app makes no users."""
        if caller.app.settings.create_users:
            return clients
        return await tx.users.find_many(caller.app.app_id, clients)

    def _judged(
        self,
        roster: Roster,
        clients: tuple[ClientId, ...],
        known: Collection[ClientId],
        capacity: int | None,
    ) -> _Sorted:
        inside = tuple(client for client in clients if roster.standing(client) is not None)
        newcomers: list[ClientId] = []
        refused: dict[FaultCode, list[ClientId]] = {}
        for client in clients:
            if client in roster.members:
                continue
            why = self._refusal(roster, client, known)
            if why is None and capacity is not None and len(roster.members) + len(newcomers) >= capacity:
                why = FaultCode.FULL
            if why is None:
                newcomers.append(client)
            else:
                refused.setdefault(why, []).append(client)
        return _Sorted(inside, tuple(newcomers), tuple(Refusal(code, tuple(who)) for code, who in refused.items()))

    def _refusal(self, roster: Roster, client: ClientId, known: Collection[ClientId]) -> FaultCode | None:
        if roster.restriction(client).blocked:
            return FaultCode.BLOCKED
        if self._bans.banned(roster.conversation.app_id, client):
            return FaultCode.BANNED
        return None if client in known else FaultCode.UNKNOWN_CLIENT


def _must_be_allowed(caller: Caller, roster: Roster, clients: tuple[ClientId, ...]) -> None:
    must_move(caller, roster, clients)
    me = caller.client_id
    if me is not None and me not in roster.members and not roster.conversation.open_door:
        raise Fault(FaultCode.NOT_A_MEMBER)


def _standing(roster: Roster, client: ClientId) -> Standing:
    """Who started it owns it again on coming back, unless somebody else does."""
    conversation = roster.conversation
    if not conversation.open_door or client != conversation.creator:
        return PLAIN
    owned = any(standing.role is Role.OWNER for standing in roster.members.values())
    return PLAIN if owned else OWNER


def _change(conversation: Conversation, judged: _Sorted, now: int) -> MembershipChange:
    allowed = (*judged.inside, *judged.newcomers)
    changed_at = now if judged.newcomers else last_changed(conversation)
    return MembershipChange(conversation, allowed, judged.refused, changed_at)
