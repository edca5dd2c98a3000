"""How many are in a conversation."""

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.ports.presence import Presence
from parlance.core.ports.store import Store
from parlance.kernel.ids import ConvId


class CountMembers:
    """Counts members, who is in a room, or subscribers."""

    def __init__(self, store: Store, doors: Doors, presence: Presence) -> None:
        self._store = store
        self._doors = doors
        self._presence = presence

    async def __call__(self, caller: Caller, conv_id: ConvId) -> int:
        """Of rooms and service conversations anybody may know. Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER."""
        conversation = await self._doors.known(caller, conv_id)
        if not conversation.abilities.open_floor:
            return len((await self._doors.conversation(caller, conv_id)).members)
        if conversation.abilities.present_members:
            return len(self._presence.occupants(conversation.id))
        counts = await self._store.read.conversations.counts([conversation.id])
        return counts.get(conversation.id, 0)
