"""Telling the others that somebody is writing."""

from parlance.core.actions.doors import Doors
from parlance.core.actions.pace import Pace
from parlance.core.model.caller import Caller
from parlance.core.model.events import Typing
from parlance.core.ports.bus import Bus
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ConvId


class Type:
    """Passes on that a member is writing; nothing is stored."""

    def __init__(self, doors: Doors, bus: Bus, pace: Pace) -> None:
        self._doors = doors
        self._bus = bus
        self._pace = pace

    async def __call__(self, caller: Caller, conv_id: ConvId, origin: int | None = None) -> None:
        """Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, RATE_LIMITED."""
        if caller.client_id is None:
            raise Fault(FaultCode.NOT_PERMITTED, "only a client writes by hand")
        roster = await self._doors.conversation(caller, conv_id)
        self._pace.take(caller, conv_id)
        audience = roster.members.keys()
        self._bus.publish([Typing(caller.app.app_id, conv_id, caller.client_id, audience, origin)])
