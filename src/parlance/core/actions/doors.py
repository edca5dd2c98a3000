"""The only ways to reach a shared thing, given a caller.

Everything is looked for within the caller's app: another app's conversation is unknown, not forbidden.
"""

from parlance.core.actions.rosters import Rosters
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.member import Role, Roster
from parlance.core.ports.store import Repositories
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


class Doors:
    """Asks, for every shared thing, whether this caller may."""

    def __init__(self, rosters: Rosters) -> None:
        self._rosters = rosters

    async def known(self, caller: Caller, conv_id: ConvId, within: Repositories | None = None) -> Conversation:
        """A conversation of the caller's app without its members, who may be many; `within` as below.

        Raises UNKNOWN_CONVERSATION.
        """
        conversation = await self._rosters.conversation(caller.app.app_id, conv_id, within)
        if conversation is None:
            raise Fault(FaultCode.UNKNOWN_CONVERSATION)
        return conversation

    async def any_conversation(self, caller: Caller, conv_id: ConvId, within: Repositories | None = None) -> Roster:
        """A conversation of the caller's app, whether or not the caller is in it.

        `within` a transaction what it sees is answered, else what is at hand. Raises UNKNOWN_CONVERSATION.
        """
        if within is None:
            roster = await self._rosters.find(caller.app.app_id, conv_id)
        else:
            roster = await self._rosters.read(within, caller.app.app_id, conv_id)
        if roster is None:
            raise Fault(FaultCode.UNKNOWN_CONVERSATION)
        return roster

    async def any_group(self, caller: Caller, group_id: int, within: Repositories | None = None) -> Roster:
        """The group of that number in the caller's app, whether or not the caller is in it.

        `within` as for `any_conversation`. Raises UNKNOWN_CONVERSATION.
        """
        if within is None:
            roster = await self._rosters.find_group(caller.app.app_id, group_id)
        else:
            roster = await self._rosters.read_group(within, caller.app.app_id, group_id)
        if roster is None:
            raise Fault(FaultCode.UNKNOWN_CONVERSATION)
        return roster

    async def conversation(self, caller: Caller, conv_id: ConvId, within: Repositories | None = None) -> Roster:
        """A conversation that the caller is in; the backend reaches all of them. Raises NOT_A_MEMBER too."""
        roster = await self.any_conversation(caller, conv_id, within)
        if caller.client_id is not None and roster.standing(caller.client_id) is None:
            raise Fault(FaultCode.NOT_A_MEMBER)
        return roster

    async def readable(self, caller: Caller, conv_id: ConvId) -> Roster:
        """A conversation in which the caller may read: one it is in, or one whose messages name their readers.

        Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER.
        """
        roster = await self.any_conversation(caller, conv_id)
        if roster.conversation.abilities.addressed:
            return roster
        return await self.conversation(caller, conv_id)


def manages(caller: Caller, roster: Roster) -> bool:
    """Whether the caller is the backend, the owner or an admin."""
    if caller.client_id is None:
        return True
    standing = roster.standing(caller.client_id)
    return standing is not None and standing.role >= Role.ADMIN


def may_remove(caller: Caller, roster: Roster, client: ClientId) -> bool:
    """Whether the caller may take `client` out: itself always, others only of a lesser role."""
    if caller.client_id is None or client == caller.client_id:
        return True
    mine, theirs = roster.standing(caller.client_id), roster.standing(client)
    return mine is not None and mine.role >= Role.ADMIN and (theirs is None or theirs.role < mine.role)


def must_move(caller: Caller, roster: Roster, clients: tuple[ClientId, ...]) -> None:
    """Refuse what only members do to others, and that anybody comes or goes where nobody does.

    Raises WRONG_KIND, NOT_A_MEMBER. To come and go by itself is another matter.
    """
    abilities = roster.conversation.abilities
    if abilities.expires or (abilities.fixed_members and not abilities.loosens):
        raise Fault(FaultCode.WRONG_KIND, "nobody comes into it or goes")
    me = caller.client_id
    if me is not None and clients != (me,) and roster.standing(me) is None:
        raise Fault(FaultCode.NOT_A_MEMBER)


def must_move_itself(caller: Caller, conversation: Conversation, clients: tuple[ClientId, ...]) -> None:
    """Where people come and go, but nobody moves others, save for the backend. Raises WRONG_KIND."""
    if not conversation.abilities.open_floor or (not caller.is_backend and clients != (caller.client_id,)):
        raise Fault(FaultCode.WRONG_KIND, "everybody comes into it and goes by itself")


def outranks(caller: Caller, roster: Roster, client: ClientId) -> bool:
    """Whether the caller manages it and stands above `client`; who started it does, in a room even from outside."""
    if caller.client_id is None:
        return True
    mine = _rank(roster, caller.client_id)
    return mine is not None and mine >= Role.ADMIN and mine > (_rank(roster, client) or Role.MEMBER)


def _rank(roster: Roster, client: ClientId) -> Role | None:
    conversation = roster.conversation
    if conversation.abilities.present_members and client == conversation.creator:
        return Role.OWNER
    standing = roster.standing(client)
    return None if standing is None else standing.role
