"""What LeanCloud's clients say, on its way in, and how it is refused (wire: leancloud#direct)."""

from parlance.core.model import typed_message
from parlance.core.model.message import Draft
from parlance.gateway.leancloud.desk import Desk
from parlance.gateway.leancloud.faults import code_of
from parlance.gateway.leancloud.words import TEMPORARY_PREFIX, conv_id, people
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, message_hex
from parlance.protocols.leancloud.answers.messages import message_refused
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.commands.messages import SendMessage
from parlance.protocols.leancloud.generated import messages_pb2 as pb


def draft_of(command: SendMessage, sender: ClientId) -> Draft:
    """The message that a client wants to send. Raises UNKNOWN_CONVERSATION, BAD_FORMAT."""
    content = command.binary_msg if command.msg is None else command.msg
    draft = typed_message.read(b"" if content is None else content).draft(sender, conv_id(command.cid))
    draft.transient = command.transient or command.will
    draft.sync = True
    draft.mention_all = command.mention_all
    if command.mention_pids:
        draft.mentions = people(command.mention_pids, "mentionPids")
    draft.ref = command.dt or None
    draft.receipt = command.receipt and not draft.transient
    draft.from_outside = True
    draft.push_data = command.push_data
    return draft


def refused(desk: Desk, cid: str | None, why: Fault | ErrorCode) -> pb.GenericCommand:
    """An `ack` with a code; even that has an id and a time, which belong to no message."""
    uid, now = message_hex(desk.ids.message()), desk.clock.now()
    if isinstance(why, ErrorCode):
        return message_refused(uid, now, cid, why)
    code = code_of(why.code, SendMessage)
    if why.code is FaultCode.UNKNOWN_CONVERSATION and cid is not None and cid.startswith(TEMPORARY_PREFIX):
        # Clients know by this that it is over.
        code = ErrorCode.CONVERSATION_NOT_FOUND
    if why.app_code is None:
        return message_refused(uid, now, cid, code)
    return message_refused(uid, now, cid, code, app_code=why.app_code, app_msg=why.reason)
