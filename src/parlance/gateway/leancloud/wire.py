"""What has happened, in the words of LeanCloud's protocol."""

from collections.abc import Callable

from parlance.core.model.conversation import Conversation
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
from parlance.core.model.member import role_record
from parlance.core.model.message import Message, MessageStatus
from parlance.core.model.restriction import Restraint
from parlance.gateway.leancloud.told import Told
from parlance.gateway.leancloud.words import (
    ROLES,
    TEMPORARY,
    changed_at,
    content,
    conv_type,
    seconds_left,
)
from parlance.kernel.ids import ClientId, message_hex
from parlance.protocols.leancloud.capabilities import Capabilities
from parlance.protocols.leancloud.codecs import Push
from parlance.protocols.leancloud.pushes import conversations, messages

_NONE = Capabilities(0)
_NEEDS = {TEMPORARY: Capabilities.TEMPORARY_CONVERSATIONS}
"""What clients must be able to take to be told of conversations of a kind."""
_SILENT: None = None
"""What is told where this protocol has no words for an event."""


class LeanCloudWire:
    """Implements `realtime.connection.Wire`."""

    name = "leancloud"

    # Messages

    def message(self, event: MessageSent) -> Told:
        """See `Wire.message` (wire: leancloud#delivery)."""
        message, kind = event.message, conv_type(event.kind)
        stored = None if message.seq is None else (message.conv_id, message.seq)
        return Told((pushed(message, kind),), needs=_NEEDS.get(kind, _NONE), origin=event.origin, message=stored)

    def recalled(self, event: MessageRecalled) -> Told:
        """See `Wire.recalled` (wire: leancloud#patch)."""
        return Told((patched(event.message),), needs=Capabilities.PATCHES)

    def edited(self, event: MessageEdited) -> Told:
        """See `Wire.edited` (wire: leancloud#patch)."""
        return Told((patched(event.message),), needs=Capabilities.PATCHES)

    def read(self, event: MessagesRead) -> Told:
        """See `Wire.read` (wire: leancloud#receipts, leancloud#unread)."""
        only = _receipts(event, messages.read)
        unread = messages.unread([messages.unread_row(event.conv_id, 0)], event.time)
        return Told(only=only, reader=event.client_id, unread=unread)

    def delivered(self, event: MessagesDelivered) -> Told | None:
        """See `Wire.delivered` (wire: leancloud#receipts)."""
        only = _receipts(event, messages.delivered)
        return Told(only=only) if only else _SILENT

    def typing(self, _: Typing, /) -> None:
        """See `Wire.typing`."""
        return _SILENT

    # Conversations and who is in them

    def brought_in(self, event: MembersJoined) -> Told | None:
        """See `Wire.brought_in` (wire: leancloud#membership)."""
        if not _tells_of_people(event.conversation):
            return _SILENT
        cid, by, udate = event.conversation.conv_id, event.by, changed_at(event.conversation, event.time)
        ttl = seconds_left(event.conversation, event.time)
        joined = conversations.joined(cid, by, udate, event.time, temp_conv_ttl=ttl)
        others = conversations.members_joined(cid, event.standings, by, udate, event.time, temp_conv_ttl=ttl)
        return Told((joined, others), needs=_NEEDS.get(conv_type(event.conversation.kind), _NONE))

    def joined(self, event: MembersJoined) -> Told | None:
        """See `Wire.joined` (wire: leancloud#membership)."""
        if not _tells_of_people(event.conversation):
            return _SILENT
        cid, udate = event.conversation.conv_id, changed_at(event.conversation, event.time)
        return Told((conversations.members_joined(cid, event.standings, event.by, udate, event.time),))

    def taken_out(self, event: MembersLeft) -> Told | None:
        """See `Wire.taken_out` (wire: leancloud#membership)."""
        if not _tells_of_people(event.conversation):
            return _SILENT
        cid, udate = event.conversation.conv_id, changed_at(event.conversation, event.time)
        return Told((conversations.left(cid, event.by, udate, event.time),))

    def left(self, event: MembersLeft) -> Told | None:
        """See `Wire.left` (wire: leancloud#membership)."""
        if not _tells_of_people(event.conversation):
            return _SILENT
        cid, udate = event.conversation.conv_id, changed_at(event.conversation, event.time)
        return Told((conversations.members_left(cid, event.client_ids, event.by, udate, event.time),))

    def deleted(self, event: ConversationDeleted) -> Told | None:
        """See `Wire.deleted`: of a conversation that is no more, everybody has left."""
        if not _tells_of_people(event.conversation):
            return _SILENT
        cid, udate = event.conversation.conv_id, changed_at(event.conversation, event.time)
        return Told((conversations.left(cid, event.by, udate, event.time),))

    def updated(self, event: ConversationUpdated) -> Told | None:
        """See `Wire.updated` (wire: leancloud#conv-update)."""
        asked = event.asked
        if asked is None:
            return _SILENT
        modified = asked if event.modified is None else event.modified
        cid, udate = event.conversation.conv_id, changed_at(event.conversation, event.time)
        return Told((conversations.updated(cid, asked, modified, event.by, udate, event.time),))

    def stands(self, event: StandingsChanged) -> Told | None:
        """See `Wire.stands` (wire: leancloud#roles)."""
        if not event.audience:
            return _SILENT
        cid, by = event.conversation.conv_id, event.by
        pushes = [
            conversations.member_info_changed(
                cid, client, ROLES[standing.role], role_record(cid, client), by, event.time
            )
            for client, standing in event.standings.items()
        ]
        return Told(tuple(pushes))

    def restricted(self, event: RestrictionsChanged) -> Told:
        """See `Wire.restricted` (wire: leancloud#shutup, leancloud#blacklist)."""
        cid, by, time = event.conversation.conv_id, event.by, event.time
        if event.restraint is Restraint.BLOCKED:
            say = conversations.unblocked if event.lifted else conversations.blocked
            return Told((say(cid, by, time),))
        say = conversations.let_speak if event.lifted else conversations.shut_up
        return Told((say(cid, by, time), _of_members(event)))

    def restriction(self, event: RestrictionsChanged) -> Told:
        """See `Wire.restriction` (wire: leancloud#shutup, leancloud#blacklist)."""
        return Told((_of_members(event),))

    def presence(self, _: PresenceChanged, /) -> None:
        """See `Wire.presence`."""
        return _SILENT


def pushed(message: Message, kind: int, *, offline: bool = False, has_more: bool = False) -> Push:
    """A message for who gets it; `offline`: at login."""
    return messages.direct(
        message.msg_id,
        message.conv_id,
        message.sender,
        content(message),
        message.created_at,
        kind,
        message.created_at,
        mention_all=message.mention_all,
        mention_pids=message.mentions,
        transient=message.transient,
        patch_timestamp=message.patched_at,
        offline=offline,
        has_more=has_more,
    )


def patched(message: Message) -> Push:
    """What a message says now."""
    at = message.created_at if message.patched_at is None else message.patched_at
    return messages.patch(
        message.conv_id,
        message.msg_id,
        message.sender,
        content(message),
        message.created_at,
        at,
        at,
        recall=message.status is MessageStatus.RECALLED,
        mention_all=message.mention_all,
        mention_pids=message.mentions,
    )


def _receipts(
    event: MessagesRead | MessagesDelivered, say: Callable[[str, str, int, str, int], Push]
) -> dict[ClientId, tuple[Push, ...]]:
    """For each sender, what has become of its messages."""
    told: dict[ClientId, tuple[Push, ...]] = {}
    for number, sender in event.receipts:
        push = say(message_hex(number), event.conv_id, event.time, event.client_id, event.time)
        told[sender] = (*told.get(sender, ()), push)
    return told


def _of_members(event: RestrictionsChanged) -> Push:
    if event.restraint is Restraint.BLOCKED:
        say = conversations.members_unblocked if event.lifted else conversations.members_blocked
    else:
        say = conversations.members_let_speak if event.lifted else conversations.members_shut_up
    return say(event.conversation.conv_id, event.restrictions, event.by, event.time)


def _tells_of_people(conversation: Conversation) -> bool:
    """Whether its people are told who comes and goes: not where they are many, or do not know of each other."""
    abilities = conversation.abilities
    return not (abilities.present_members or abilities.addressed)
