"""A client comes in, and hears what it has missed (wire: leancloud#session-open)."""

from collections.abc import Mapping, Sequence

import msgspec
import structlog

from parlance.core.model.places import Place, Range, UnreadConversation
from parlance.core.model.session import SessionAsked, ShownSignature
from parlance.gateway.leancloud.desk import Desk
from parlance.gateway.leancloud.faults import code_of, detail_of
from parlance.gateway.leancloud.session import Session, Socket
from parlance.gateway.leancloud.told import Told
from parlance.gateway.leancloud.wire import patched, pushed
from parlance.gateway.leancloud.words import content, conv_type, person
from parlance.kernel.faults import Fault, FaultCode
from parlance.protocols.leancloud.capabilities import Capabilities
from parlance.protocols.leancloud.codecs import Push
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.commands.command import Signature
from parlance.protocols.leancloud.commands.sessions import OpenSession
from parlance.protocols.leancloud.connection import Connection
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.pushes import messages
from parlance.protocols.leancloud.reader import Asked

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

MOST_OFFLINE = 100
"""Messages of one conversation that are pushed at login to who is not told how much is unread."""


class Missed(msgspec.Struct, frozen=True):
    """What a client is pushed after its login."""

    pushes: Sequence[Push]
    up_to: Mapping[str, int]
    """How far these describe each conversation."""

    def covers(self, told: Told) -> bool:
        """Whether an event is told by it already: a message that came while this was being looked up."""
        return told.message is not None and told.message[1] <= self.up_to.get(told.message[0], 0)


NOTHING_MISSED = Missed((), {})


async def open_session(
    desk: Desk, connection: Connection, asked: Asked, command: OpenSession, socket: Socket
) -> Session | None:
    """Decide about a login and answer it; None if it was refused, or the socket was lost meanwhile.

    Raises UNAVAILABLE if it cannot be decided now.
    """
    number = desk.ids.message()
    try:
        opened = await desk.actions.open_session(_asked(asked, command), number)
    except Fault as fault:
        if fault.code is FaultCode.UNAVAILABLE:
            raise
        if fault.code is FaultCode.SESSION_CONFLICT:
            connection.refuse_conflicting(asked)
        else:
            connection.refuse(asked, code_of(fault.code, OpenSession), detail_of(fault))
        return None
    except Exception as wrong:  # noqa: BLE001 - a bug of ours costs this client one answer, others nothing
        _log.error("login failed", exc_info=wrong)
        connection.refuse(asked, ErrorCode.INTERNAL_ERROR)
        return None
    token = opened.token
    if not connection.accept(asked, token.token, token.ttl, desk.clock.now()) or asked.session is None:
        return None
    # Who comes back by a token does not name them again.
    asked.session.tag, asked.session.device = opened.tag, opened.device
    client = opened.caller.client_id
    assert client is not None  # noqa: S101 - for the type checker: no backend logs in here
    return Session(number, opened.caller, client, asked.session, desk.wire, socket, tag_at=opened.tag_at)


def _asked(asked: Asked, command: OpenSession) -> SessionAsked:
    return SessionAsked(
        command.app_id or "",
        person(asked.peer_id or "", "peerId"),
        signature=shown(command.signature),
        token=command.st or None,
        tag=command.exclusive_tag,
        device=command.device,
        reconnect=command.reconnect,
    )


def shown(signature: Signature | None) -> ShownSignature | None:
    """A signature in the core's terms."""
    if signature is None:
        return None
    return ShownSignature(signature.timestamp, signature.nonce, signature.signature)


async def catch_up(desk: Desk, session: Session, command: OpenSession, *, counts: bool) -> Missed:
    """What a client is told that was away; `counts`: how much is unread, otherwise the messages themselves."""
    await desk.actions.hear_broadcasts(session.caller)
    since = command.last_unread_notif_time
    unread = [each for each in await desk.actions.unread_inbox(session.caller, since) if _can_take(session, each)]
    pushes: list[Push] = []
    if counts and unread:
        pushes.append(messages.unread([_row(each) for each in unread], desk.clock.now()))
    elif not counts:
        pushes += await _offline(desk, session, unread)
    if command.last_patch_time and session.can(Capabilities.PATCHES):
        changed = await desk.actions.patched_since(session.caller, command.last_patch_time)
        pushes += [patched(message) for message in changed]
    return Missed(pushes, {each.conversation.conv_id: each.last_message.seq or 0 for each in unread})


def _can_take(session: Session, unread: UnreadConversation) -> bool:
    return not unread.conversation.abilities.expires or session.can(Capabilities.TEMPORARY_CONVERSATIONS)


def _row(unread: UnreadConversation) -> pb.UnreadTuple:
    last = unread.last_message
    return messages.unread_row(
        unread.conversation.conv_id,
        unread.unread,
        mid=last.msg_id,
        timestamp=last.created_at,
        sender=last.sender,
        content=content(last),
        patch_timestamp=last.patched_at,
        mentioned=unread.mentioned,
        conv_type=conv_type(unread.conversation.kind),
    )


async def _offline(desk: Desk, session: Session, unread: Sequence[UnreadConversation]) -> list[Push]:
    """The messages themselves, all but the last saying that more follow (wire: leancloud#subprotocols)."""
    found = []
    for each in unread:
        conversation = each.conversation
        wanted = Range(Place(msg_id=each.last_message.msg_id), start_included=True, most=min(each.unread, MOST_OFFLINE))
        logged = await desk.actions.read_range(session.caller, conversation.conv_id, wanted)
        kind = conv_type(conversation.kind)
        # What has arrived once does not come again, read or not.
        new = [row.message for row in logged if (row.message.seq or 0) > each.delivered_seq]
        found += [(message, kind) for message in new if message.sender != session.client]
    return [
        pushed(message, kind, offline=True, has_more=place < len(found))
        for place, (message, kind) in enumerate(found, start=1)
    ]
