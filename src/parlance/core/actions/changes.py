"""What can happen to a stored conversation, and whom it concerns: written and told in one place.

Whoever may do it has been asked before. Each of these answers the roster as it is afterwards.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from parlance.core.actions.system.group_notices import GroupNotices
from parlance.core.model.columns import asked_for
from parlance.core.model.conversation import Conversation, judge_size
from parlance.core.model.events import (
    ConversationDeleted,
    ConversationUpdated,
    MembersJoined,
    MembersLeft,
    RestrictionsChanged,
    StandingsChanged,
)
from parlance.core.model.member import PLAIN, Roster, Standing
from parlance.core.model.restriction import Restraint, Restriction
from parlance.core.ports.store import Transaction
from parlance.kernel.ids import ClientId


def last_changed(conversation: Conversation) -> int:
    """When (ms) what is said about it was changed, or it was made."""
    return conversation.updated_at or conversation.created_at


async def _dated(tx: Transaction, conversation: Conversation, at: int) -> Conversation:
    """To LeanCloud's clients who is in is a column like others: their conversation has changed by it.

    To everybody else it has not.
    """
    if not conversation.open_door or at <= last_changed(conversation):
        return conversation
    await tx.conversations.date(conversation.id, at)
    return msgspec.structs.replace(conversation, updated_at=at)


class Changes:
    """Carries changes out within a transaction."""

    def __init__(self, notices: GroupNotices) -> None:
        self._notices = notices

    async def let_in(
        self, tx: Transaction, roster: Roster, clients: Iterable[ClientId], by: ClientId | None, at: int
    ) -> Roster:
        """Those of `clients` who are not in yet come in as plain members; all of them, or FULL."""
        newcomers = {client: PLAIN for client in clients if roster.standing(client) is None}
        judge_size(roster.conversation.capacity, len(roster.members) + len(newcomers))
        return await self.joined(tx, roster, newcomers, by, at)

    async def joined(
        self,
        tx: Transaction,
        roster: Roster,
        standings: Mapping[ClientId, Standing],
        by: ClientId | None,
        at: int,
        origin: int | None = None,
    ) -> Roster:
        """Some come in who were not in; if they had asked for it, that is settled."""
        if not standings:
            return roster
        conversation = await _dated(tx, roster.conversation, at)
        await tx.members.join(conversation.id, standings, at, by)
        if conversation.abilities.numbered:
            await tx.join_requests.settle(conversation.id, standings)
        after = roster.about(conversation).joined_by(standings)
        tx.announce(MembersJoined(conversation, standings, by, at, tuple(after.members), origin))
        await self._notices.added(tx, after, tuple(standings), by, at)
        return after

    async def adopted(
        self,
        tx: Transaction,
        roster: Roster,
        conversation: Conversation,
        standings: Mapping[ClientId, Standing],
        by: ClientId | None,
        at: int,
    ) -> Roster:
        """A conversation that was there becomes what `conversation` says, with `standings` new or otherwise."""
        newcomers = {client: how for client, how in standings.items() if roster.standing(client) is None}
        others = {client: how for client, how in standings.items() if client not in newcomers}
        await tx.conversations.update(conversation)
        asked, modified = asked_for(roster.conversation, conversation)
        tx.announce(ConversationUpdated(conversation, by, at, tuple(roster.members), asked, modified))
        for client, standing in others.items():
            await tx.members.set_standing(conversation.id, client, standing, at)
        if others:
            tx.announce(StandingsChanged(conversation, others, by, at, tuple(roster.members)))
        after = roster.about(conversation).joined_by(others)
        if newcomers:
            await tx.members.join(conversation.id, newcomers, at, by)
            await tx.join_requests.settle(conversation.id, newcomers)
            after = after.joined_by(newcomers)
            tx.announce(MembersJoined(conversation, newcomers, by, at, tuple(after.members)))
        await self._notices.added(tx, after, tuple(after.members), by, at)
        return after

    async def left(
        self,
        tx: Transaction,
        roster: Roster,
        clients: tuple[ClientId, ...],
        by: ClientId | None,
        at: int,
        origin: int | None = None,
    ) -> Roster:
        """Some go who were in."""
        if not clients:
            return roster
        conversation = await _dated(tx, roster.conversation, at)
        await tx.members.leave(conversation.id, clients, at, by)
        tx.announce(MembersLeft(conversation, clients, by, at, tuple(roster.members), origin))
        await self._notices.removed(tx, roster, clients, by, at)
        return roster.about(conversation).left_by(clients)

    async def subscribed(
        self, tx: Transaction, conversation: Conversation, clients: Iterable[ClientId], by: ClientId | None, at: int
    ) -> list[ClientId]:
        """Some come who hear of nobody else who is in, and of whom nobody hears; answer who was not in yet."""
        came = await tx.members.join(conversation.id, dict.fromkeys(clients, PLAIN), at, by)
        if came:
            tx.announce(MembersJoined(conversation, dict.fromkeys(came, PLAIN), by, at, tuple(came)))
        return came

    async def unsubscribed(
        self, tx: Transaction, conversation: Conversation, clients: Iterable[ClientId], by: ClientId | None, at: int
    ) -> list[ClientId]:
        """They go as they came; answer who was in."""
        gone = await tx.members.leave(conversation.id, tuple(clients), at, by)
        if gone:
            tx.announce(MembersLeft(conversation, tuple(gone), by, at, tuple(gone)))
        return gone

    async def loosened(
        self, tx: Transaction, roster: Roster, capacity: int, by: ClientId | None, at: int, origin: int | None = None
    ) -> Roster:
        """A direct conversation becomes a group of `capacity`, to which people come and from which they go.

        Of what is said about it nothing has changed by that.
        """
        wider = msgspec.structs.replace(roster.conversation, capacity=capacity)
        group = await tx.conversations.loosen(wider, at)
        tx.announce(ConversationUpdated(group, by, at, tuple(roster.members), origin=origin))
        return roster.about(group)

    async def stand(
        self,
        tx: Transaction,
        roster: Roster,
        standings: Mapping[ClientId, Standing],
        by: ClientId | None,
        at: int,
        origin: int | None = None,
    ) -> Roster:
        """Some who are in stand otherwise from now on."""
        for client, standing in standings.items():
            await tx.members.set_standing(roster.conversation.id, client, standing, at)
        tx.announce(StandingsChanged(roster.conversation, standings, by, at, tuple(roster.members), origin))
        return roster.joined_by(standings)

    async def restricted(
        self,
        tx: Transaction,
        roster: Roster,
        restraint: Restraint,
        restrictions: Mapping[ClientId, Restriction],
        by: ClientId | None,
        at: int,
        *,
        lifted: bool,
        origin: int | None = None,
    ) -> Roster:
        """Some may do less here, or more again; members or not."""
        if not restrictions:
            return roster
        await tx.restrictions.put(roster.conversation.id, restrictions, at, by)
        audience = tuple(roster.members)
        tx.announce(
            RestrictionsChanged(
                roster.conversation, restraint, restrictions, lifted, by, at, audience=audience, origin=origin
            )
        )
        return roster.restricted_by(restrictions)

    async def updated(
        self,
        tx: Transaction,
        roster: Roster,
        conversation: Conversation,
        by: ClientId | None,
        at: int,
        *,
        asked: Mapping[str, Any] | None = None,
        modified: Mapping[str, Any] | None = None,
        origin: int | None = None,
    ) -> Roster:
        """What is said about it is `conversation` now; `asked`, `modified` and `origin` as in the event.

        Who did not ask by columns is understood to have asked for what comes out.
        """
        await tx.conversations.update(conversation)
        if asked is None:
            asked, modified = asked_for(roster.conversation, conversation)
        tx.announce(ConversationUpdated(conversation, by, at, tuple(roster.members), asked, modified, origin))
        after = roster.about(conversation)
        await self._notices.modified(tx, after, by, at)
        return after

    async def ended(self, tx: Transaction, roster: Roster, by: ClientId | None, at: int) -> None:
        """It is unknown from now on."""
        await tx.conversations.delete(roster.conversation.id, at)
        tx.announce(ConversationDeleted(roster.conversation, by, at, tuple(roster.members)))
        await self._notices.dismissed(tx, roster, by, at)
