"""Making a group, or making a conversation that there is already one."""

import msgspec

from parlance.core.actions.changes import Changes
from parlance.core.actions.doors import Doors, manages
from parlance.core.actions.people.acquaintance import must_know_or_make
from parlance.core.actions.people.bans import Bans
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind, NewConversation, judge_size
from parlance.core.model.group import NewGroup, judge_new_group
from parlance.core.model.member import OWNER, PLAIN, Role, Roster, Standing
from parlance.core.ports.store import Store, Transaction
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId, Ids


class CreateGroup:
    """Makes a group with its owner and members, under a new public id or one from outside."""

    def __init__(self, store: Store, doors: Doors, changes: Changes, bans: Bans, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._doors = doors
        self._changes = changes
        self._bans = bans
        self._clock = clock
        self._ids = ids

    async def __call__(self, caller: Caller, new: NewGroup) -> Roster:
        """The group with everybody in it. A client makes groups of its own only.

        Raises FOREIGN_CLIENT (field owner), BAD_FORMAT, UNKNOWN_CLIENT, BANNED, FULL; for a conversation that
        there is already WRONG_KIND (no group), NOT_A_MEMBER, NOT_PERMITTED (somebody else manages it).
        """
        caller.speak_as(new.owner, "owner")
        judge_new_group(new)
        people = tuple(dict.fromkeys((new.owner, *new.members)))
        now = self._clock.now()
        async with self._store.begin() as tx:
            await must_know_or_make(tx, self._bans, caller, people, now, make=new.create_missing)
            known = await self._known(tx, caller, new.conv_id, now)
            if known is None:
                return await self._made(tx, caller, new, people, now)
            return await self._adopted(tx, caller, known, new, people, now)

    async def _known(self, tx: Transaction, caller: Caller, conv_id: ConvId | None, now: int) -> Roster | None:
        """The conversation that is to be the group, if there is one. Only who manages it gives it away."""
        if conv_id is None or await tx.conversations.find(caller.app.app_id, conv_id, now) is None:
            return None
        roster = await self._doors.conversation(caller, conv_id, tx)
        if not roster.conversation.abilities.numbered:
            raise Fault(FaultCode.WRONG_KIND, "that conversation is no group", field="conversation_id")
        if not manages(caller, roster):
            raise Fault(FaultCode.NOT_PERMITTED)
        return roster

    async def _made(
        self, tx: Transaction, caller: Caller, new: NewGroup, people: tuple[ClientId, ...], now: int
    ) -> Roster:
        capacity = caller.app.settings.group_capacity if new.capacity is None else new.capacity
        judge_size(capacity, len(people))
        made = await tx.conversations.add(
            NewConversation(
                caller.app.app_id,
                new.conv_id or ConvId(self._ids.uuid()),
                Kind.GROUP,
                new.owner,
                now,
                capacity,
                name=new.name or new.default_name,
                avatar=new.avatar,
                description=new.description,
                organization_id=new.organization_id,
                code=new.code,
                notices=new.notices,
                group_id=new.group_id,
            )
        )
        if made is None:
            raise Fault(FaultCode.UNAVAILABLE, retry_after=1)
        standings = {client: OWNER if client == new.owner else PLAIN for client in people}
        return await self._changes.joined(tx, Roster(made, {}), standings, new.owner, now)

    async def _adopted(
        self, tx: Transaction, caller: Caller, known: Roster, new: NewGroup, people: tuple[ClientId, ...], now: int
    ) -> Roster:
        conversation = _as_asked(known.conversation, new, now)
        standings = _under(new.owner, known, people)
        judge_size(conversation.capacity, len(known.joined_by(standings).members))
        return await self._changes.adopted(tx, known, conversation, standings, caller.client_id or new.owner, now)


def _as_asked(conversation: Conversation, new: NewGroup, now: int) -> Conversation:
    """What is known of it stays, save for what is said otherwise."""
    return msgspec.structs.replace(
        conversation,
        name=new.name or conversation.name or new.default_name,
        avatar=new.avatar or conversation.avatar,
        description=new.description or conversation.description,
        organization_id=conversation.organization_id if new.organization_id is None else new.organization_id,
        capacity=conversation.capacity if new.capacity is None else new.capacity,
        notices=conversation.notices or new.notices,
        updated_at=now,
    )


def _under(owner: ClientId, known: Roster, people: tuple[ClientId, ...]) -> dict[ClientId, Standing]:
    """How those stand who come, and those who stand otherwise once `owner` is the only owner."""
    standings = {}
    for client in (*people, *known.members):
        before = known.standing(client)
        role = Role.OWNER if client == owner else Role.MEMBER if before in (None, OWNER) else before.role
        after = msgspec.structs.replace(before or PLAIN, role=role)
        if after != before:
            standings[client] = after
    return standings
