"""Not being told of a conversation's messages while away."""

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


class Mute:
    """A member's own wish; nobody else hears of it, and its messages come all the same."""

    def __init__(self, store: Store, doors: Doors) -> None:
        self._store = store
        self._doors = doors

    async def __call__(self, caller: Caller, conv_id: ConvId, *, muted: bool) -> Conversation:
        """Takes a client. In a room, where nobody is away, it means nothing.

        Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, WRONG_KIND (a temporary one), NOT_PERMITTED (a backend).
        """
        client = caller.client_id
        if client is None:
            raise Fault(FaultCode.NOT_PERMITTED, "only a client mutes a conversation")
        async with self._store.begin() as tx:
            conversation = await self._doors.known(caller, conv_id, tx)
            abilities = conversation.abilities
            if abilities.expires:
                raise Fault(FaultCode.WRONG_KIND, "a temporary conversation is not muted")
            if abilities.present_members:
                return conversation
            if not await tx.members.set_muted(conversation.id, client, muted=muted):
                raise Fault(FaultCode.NOT_A_MEMBER)
        return conversation


class ListMuted:
    """Who of a conversation's members is not told."""

    def __init__(self, store: Store, doors: Doors) -> None:
        self._store = store
        self._doors = doors

    async def __call__(self, caller: Caller, conv_id: ConvId) -> list[ClientId]:
        """Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER."""
        conversation = (await self._doors.conversation(caller, conv_id)).conversation
        return (await self._store.read.members.muted([conversation.id])).get(conversation.id, [])
