"""What both ways of changing a stored message share: finding it, and judging who may."""

from collections.abc import Collection

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.model.member import Roster
from parlance.core.model.message import Message
from parlance.core.ports.store import Transaction
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


async def found(tx: Transaction, doors: Doors, caller: Caller, conv_id: ConvId, msg_id: str) -> tuple[Roster, Message]:
    """The message and where it stands. Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, UNKNOWN_MESSAGE."""
    roster = await doors.any_conversation(caller, conv_id, tx)
    client = caller.client_id
    # What somebody has said for the app alone it may take back, in or not.
    if client is not None and not roster.conversation.abilities.addressed and roster.standing(client) is None:
        raise Fault(FaultCode.NOT_A_MEMBER)
    message = await tx.messages.named(roster.conversation.id, msg_id)
    if message is None:
        raise Fault(FaultCode.UNKNOWN_MESSAGE)
    return roster, message


async def readers(tx: Transaction, roster: Roster, message: Message) -> Collection[ClientId]:
    """Who has seen it, and is told that it changed."""
    if roster.conversation.abilities.addressed:
        return await tx.addressed.readers(roster.conversation.id, message.seq or 0)
    return tuple(roster.members)


def must_be_its_sender(caller: Caller, message: Message, now: int) -> None:
    """Refuse that others change it, and that its sender does when the app's window for that is closed.

    Raises NOT_THE_SENDER, NOT_PERMITTED.
    """
    if message.sender != caller.client_id:
        raise Fault(FaultCode.NOT_THE_SENDER)
    window = caller.app.settings.recall_window
    if window is not None and now - message.created_at > window:
        raise Fault(FaultCode.NOT_PERMITTED, "it was sent too long ago")
