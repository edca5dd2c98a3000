"""What can happen to a stored conversation, and whom it concerns: written and told in one place.

Whoever may do it has been asked before. Each of these answers the roster as it is afterwards.
"""

from collections.abc import Iterable, Mapping

from parlance.core.actions.system.group_notices import GroupNotices
from parlance.core.model.conversation import Conversation, judge_size
from parlance.core.model.events import (
    ConversationDeleted,
    ConversationUpdated,
    MembersJoined,
    MembersLeft,
    StandingsChanged,
)
from parlance.core.model.member import PLAIN, Roster, Standing
from parlance.core.ports.store import Transaction
from parlance.kernel.ids import ClientId


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
        self, tx: Transaction, roster: Roster, standings: Mapping[ClientId, Standing], by: ClientId | None, at: int
    ) -> Roster:
        """Some come in who were not in; if they had asked for it, that is settled."""
        if not standings:
            return roster
        conversation = roster.conversation
        await tx.members.join(conversation.id, standings, at)
        if conversation.abilities.numbered:
            await tx.join_requests.settle(conversation.id, standings)
        after = roster.joined_by(standings)
        tx.announce(MembersJoined(conversation, standings, by, at, tuple(after.members)))
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
        tx.announce(ConversationUpdated(conversation, by, at, tuple(roster.members)))
        for client, standing in others.items():
            await tx.members.set_standing(conversation.id, client, standing, at)
        if others:
            tx.announce(StandingsChanged(conversation, others))
        after = roster.about(conversation).joined_by(others)
        if newcomers:
            await tx.members.join(conversation.id, newcomers, at)
            await tx.join_requests.settle(conversation.id, newcomers)
            after = after.joined_by(newcomers)
            tx.announce(MembersJoined(conversation, newcomers, by, at, tuple(after.members)))
        await self._notices.added(tx, after, tuple(after.members), by, at)
        return after

    async def left(
        self, tx: Transaction, roster: Roster, clients: tuple[ClientId, ...], by: ClientId | None, at: int
    ) -> Roster:
        """Some go who were in."""
        if not clients:
            return roster
        conversation = roster.conversation
        await tx.members.leave(conversation.id, clients, at)
        tx.announce(MembersLeft(conversation, clients, by, at, tuple(roster.members)))
        await self._notices.removed(tx, roster, clients, by, at)
        return roster.left_by(clients)

    async def updated(
        self, tx: Transaction, roster: Roster, conversation: Conversation, by: ClientId | None, at: int
    ) -> Roster:
        """What is said about it is `conversation` now."""
        await tx.conversations.update(conversation)
        tx.announce(ConversationUpdated(conversation, by, at, tuple(roster.members)))
        after = roster.about(conversation)
        await self._notices.modified(tx, after, by, at)
        return after

    async def ended(self, tx: Transaction, roster: Roster, by: ClientId | None, at: int) -> None:
        """It is unknown from now on."""
        await tx.conversations.delete(roster.conversation.id, at)
        tx.announce(ConversationDeleted(roster.conversation, by, at, tuple(roster.members)))
        await self._notices.dismissed(tx, roster, by, at)
