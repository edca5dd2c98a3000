"""How far the others have come in a conversation."""

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.model.member import MemberMark
from parlance.core.ports.store import Store
from parlance.kernel.ids import ConvId


class MemberMarks:
    """Tells a member what has arrived at the others, and what they have read."""

    def __init__(self, store: Store, doors: Doors) -> None:
        self._store = store
        self._doors = doors

    async def __call__(self, caller: Caller, conv_id: ConvId) -> list[MemberMark]:
        """By client id; none where nothing is kept of anybody. Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER."""
        conversation = await self._doors.known(caller, conv_id)
        if conversation.abilities.open_floor or conversation.abilities.addressed:
            return []
        await self._doors.conversation(caller, conv_id)
        marks = await self._store.read.members.marks(conversation.id)
        return [mark for mark in marks if mark.client_id != caller.client_id]
