"""Who is in a conversation."""

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.kernel.ids import ClientId, ConvId


class ListMembers:
    """Names the members, in the order in which they joined."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    async def __call__(self, caller: Caller, conv_id: ConvId) -> list[ClientId]:
        """Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER."""
        roster = await self._doors.conversation(caller, conv_id)
        return list(roster.members)
