"""Coming into a room and leaving it: as light as walking through a door, nothing is stored."""

from parlance.core.actions.doors import Doors
from parlance.core.actions.occupancy import Occupancy
from parlance.core.actions.pace import Pace
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.ports.presence import Presence
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


class EnterRoom:
    """A connected client comes in. Coming in twice changes nothing."""

    def __init__(self, doors: Doors, presence: Presence, occupancy: Occupancy, pace: Pace, clock: Clock) -> None:
        self._doors = doors
        self._presence = presence
        self._occupancy = occupancy
        self._pace = pace
        self._clock = clock

    async def __call__(self, caller: Caller, conv_id: ConvId) -> None:
        """Raises UNKNOWN_CONVERSATION, WRONG_KIND (not a room), RATE_LIMITED, NOT_LOGGED_IN (not connected)."""
        conversation, client = await _room(self._doors, caller, conv_id)
        self._pace.take(caller, conv_id)
        # It may have gone while the room was looked for, and nobody would ever take it out again.
        if not self._presence.online(conversation.app_id, (client,))[client]:
            raise Fault(FaultCode.NOT_LOGGED_IN)
        await self._occupancy.joined(conversation, (client,), client, self._clock.now())


class LeaveRoom:
    """A client goes out, or turns out to be gone."""

    def __init__(self, doors: Doors, occupancy: Occupancy, pace: Pace, clock: Clock) -> None:
        self._doors = doors
        self._occupancy = occupancy
        self._pace = pace
        self._clock = clock

    async def __call__(self, caller: Caller, conv_id: ConvId) -> None:
        """Not being in is no error. Raises UNKNOWN_CONVERSATION, WRONG_KIND (not a room), RATE_LIMITED."""
        conversation, client = await _room(self._doors, caller, conv_id)
        self._pace.take(caller, conv_id)
        await self._occupancy.left(conversation, (client,), client, self._clock.now())


async def _room(doors: Doors, caller: Caller, conv_id: ConvId) -> tuple[Conversation, ClientId]:
    if caller.client_id is None:
        raise Fault(FaultCode.NOT_PERMITTED, "only a client comes and goes")
    conversation = (await doors.any_conversation(caller, conv_id)).conversation
    if not conversation.abilities.present_members:
        raise Fault(FaultCode.WRONG_KIND, "only a chat room is entered and left like this")
    return conversation, caller.client_id
