"""Who is in a conversation, and what they are called there."""

import msgspec

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.model.user import User
from parlance.core.ports.store import Store
from parlance.kernel.ids import ClientId, ConvId


class MemberDescribed(msgspec.Struct, frozen=True):
    """A member with its user, if that is known, and what it is called in this conversation ("": nothing else)."""

    client_id: ClientId
    user: User | None
    alias: str


class DescribeMembers:
    """Names the members with their profiles, in the order in which they joined."""

    def __init__(self, store: Store, doors: Doors) -> None:
        self._store = store
        self._doors = doors

    async def __call__(self, caller: Caller, conv_id: ConvId) -> list[MemberDescribed]:
        """Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER."""
        roster = await self._doors.conversation(caller, conv_id)
        people = await self._store.read.users.find_many(caller.app.app_id, roster.members)
        aliases = await self._store.read.members.aliases(roster.conversation.id)
        return [MemberDescribed(client, people.get(client), aliases.get(client, "")) for client in roster.members]
