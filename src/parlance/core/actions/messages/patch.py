"""What both ways of changing a stored message share: finding it, and judging who may."""

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.model.member import Roster
from parlance.core.model.message import Message
from parlance.core.ports.store import Transaction
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ConvId, message_number


async def found(tx: Transaction, doors: Doors, caller: Caller, conv_id: ConvId, msg_id: str) -> tuple[Roster, Message]:
    """The message and where it stands. Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, UNKNOWN_MESSAGE."""
    roster = await doors.conversation(caller, conv_id, tx)
    number = message_number(msg_id)
    message = None if number is None else await tx.messages.find(roster.conversation.id, number)
    if message is None:
        raise Fault(FaultCode.UNKNOWN_MESSAGE)
    return roster, message


def in_time(caller: Caller, message: Message, now: int) -> bool:
    """Whether the app's window for taking words back is still open."""
    window = caller.app.settings.recall_window
    return window is None or now - message.created_at <= window
