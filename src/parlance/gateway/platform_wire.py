"""What has happened, in the words of the platform protocol."""

from parlance.core.model.events import (
    ConversationDeleted,
    ConversationUpdated,
    MembersJoined,
    MembersLeft,
    MessageEdited,
    MessageRecalled,
    MessagesDelivered,
    MessageSent,
    MessagesRead,
    PresenceChanged,
    RestrictionsChanged,
    StandingsChanged,
    Typing,
)
from parlance.core.model.message import Message, MessageStatus
from parlance.protocols.platform import frames
from parlance.protocols.platform.payloads import MessageRow
from parlance.protocols.websocket import websocket_frame


def row(message: Message) -> MessageRow:
    """A message as this protocol shows it (wire: platform#message)."""
    return frames.message_row(
        message.sender,
        message.conv_id,
        message.msg_id,
        message.created_at,
        message.type,
        message.text,
        message.attr,
        message.url,
        message.seq,
        message.mention_all,
        message.mentions,
        msg_status=frames.RECALLED if message.status is MessageStatus.RECALLED else None,
        mtime=message.patched_at,
    )


_SILENCE = b""
"""What is told where this protocol has no words for an event."""


class PlatformWire:
    """Implements `realtime.connection.Wire`."""

    name = "platform"

    def message(self, event: MessageSent) -> bytes:
        """See `Wire.message`."""
        return websocket_frame(frames.msg_new(row(event.message)))

    def recalled(self, event: MessageRecalled) -> bytes:
        """See `Wire.recalled`."""
        return websocket_frame(recalled(event.message, event.by))

    def edited(self, event: MessageEdited) -> bytes:
        """See `Wire.edited`."""
        return websocket_frame(frames.msg_edited(row(event.message)))

    def read(self, event: MessagesRead) -> bytes:
        """See `Wire.read`."""
        return websocket_frame(frames.msg_read(event.conv_id, event.client_id, event.seq, event.time))

    def delivered(self, _: MessagesDelivered, /) -> bytes:
        """See `Wire.delivered`."""
        return _SILENCE

    def typing(self, event: Typing) -> bytes:
        """See `Wire.typing`."""
        return websocket_frame(frames.typing(event.conv_id, event.client_id))

    def brought_in(self, event: MembersJoined) -> bytes:
        """See `Wire.brought_in`."""
        return websocket_frame(
            frames.conv_joined(event.conversation.conv_id, event.by, event.time, list(event.standings))
        )

    def joined(self, event: MembersJoined) -> bytes:
        """See `Wire.joined`."""
        return websocket_frame(
            frames.conv_members_joined(event.conversation.conv_id, event.by, event.time, list(event.standings))
        )

    def taken_out(self, event: MembersLeft) -> bytes:
        """See `Wire.taken_out`."""
        return websocket_frame(frames.conv_left(event.conversation.conv_id, event.by, event.time, event.client_ids))

    def left(self, event: MembersLeft) -> bytes:
        """See `Wire.left`."""
        return websocket_frame(
            frames.conv_members_left(event.conversation.conv_id, event.by, event.time, event.client_ids)
        )

    def updated(self, event: ConversationUpdated) -> bytes:
        """See `Wire.updated`."""
        return websocket_frame(frames.conv_updated(event.conversation.conv_id, event.by, event.time))

    def deleted(self, event: ConversationDeleted) -> bytes:
        """See `Wire.deleted`."""
        return websocket_frame(frames.conv_deleted(event.conversation.conv_id, event.by, event.time))

    def stands(self, _: StandingsChanged, /) -> bytes:
        """See `Wire.stands`."""
        return _SILENCE

    def restricted(self, _: RestrictionsChanged, /) -> bytes:
        """See `Wire.restricted`."""
        return _SILENCE

    def restriction(self, _: RestrictionsChanged, /) -> bytes:
        """See `Wire.restriction`."""
        return _SILENCE

    def presence(self, event: PresenceChanged) -> bytes:
        """See `Wire.presence`."""
        return websocket_frame(frames.presence({event.client_id: event.online}))


def recalled(message: Message, by: str | None, ref: str | None = None, *, answer: bool = False) -> bytes:
    """What is said of a message that was taken back, as answer (with `ref`) and to the others."""
    time = message.created_at if message.patched_at is None else message.patched_at
    return frames.msg_recalled(message.conv_id, message.msg_id, message.seq, by, time, ref, answer=answer)
