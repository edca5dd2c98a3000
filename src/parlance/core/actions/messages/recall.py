"""Taking a message back."""

from parlance.core.actions.doors import Doors, manages
from parlance.core.actions.messages.patch import found, must_be_its_sender, readers
from parlance.core.actions.pace import Pace
from parlance.core.model.caller import Caller
from parlance.core.model.events import MessageRecalled
from parlance.core.model.member import Roster
from parlance.core.model.message import Message, MessageStatus
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ConvId


class RecallMessage:
    """Empties a message: its sender within the app's window, owner, admins and the backend at any time.

    Its place in the sequence stays, so unread counts do not jump. Recalling twice changes nothing.
    """

    def __init__(self, store: Store, doors: Doors, pace: Pace, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._pace = pace
        self._clock = clock

    async def __call__(self, caller: Caller, conv_id: ConvId, msg_id: str, origin: int | None = None) -> Message:
        """Raises RATE_LIMITED, UNKNOWN_CONVERSATION, NOT_A_MEMBER, UNKNOWN_MESSAGE, NOT_THE_SENDER, NOT_PERMITTED."""
        now = self._clock.now()
        self._pace.take(caller, conv_id)
        async with self._store.begin() as tx:
            roster, message = await found(tx, self._doors, caller, conv_id, msg_id)
            if not _keeps_order(caller, roster):
                must_be_its_sender(caller, message, now)
            if message.status is MessageStatus.RECALLED:
                return message
            recalled = await tx.messages.recall(message.id, now)
            if recalled is None:
                raise Fault(FaultCode.UNKNOWN_MESSAGE)
            audience = await readers(tx, roster, recalled)
            tx.announce(MessageRecalled(caller.app.app_id, recalled, caller.client_id, audience, origin))
        return recalled


def _keeps_order(caller: Caller, roster: Roster) -> bool:
    """Whether the caller may take back what others said: of two people who talk, neither stands above the other."""
    among_equals = roster.conversation.abilities.fixed_members
    return caller.is_backend or (manages(caller, roster) and not among_equals)
