"""Places in a conversation's history as LeanCloud's clients name them: by a time, and by a message."""

from collections.abc import Collection

import msgspec

from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.message import Message
from parlance.kernel.ids import ClientId, ConvId


class Place(msgspec.Struct, frozen=True):
    """A message, by its id if there is one, else the last at `time` (ms) or before."""

    time: int | None = None
    msg_id: str | None = None


class Range(msgspec.Struct, frozen=True):
    """A stretch of history: from `start` towards `end`, at most `most` messages; None: from now, or the beginning.

    Both ends are open unless `start_included` or `end_included`. `type`: only messages of that type.
    """

    start: Place | None = None
    end: Place | None = None
    start_included: bool = False
    end_included: bool = False
    oldest_first: bool = False
    """Towards what is newer; otherwise towards what is older."""
    most: int = 20
    type: int | None = None


class LoggedMessage(msgspec.Struct, frozen=True):
    """A message with when (ms) the first of the others had it, and had read it; None: nobody yet."""

    message: Message
    delivered_at: int | None = None
    read_at: int | None = None
    kind: Kind = Kind.GROUP
    """Its conversation's."""


class UnreadConversation(msgspec.Struct, frozen=True):
    """A conversation in which a client has something to read."""

    conversation: Conversation
    unread: int
    last_message: Message
    mentioned: bool
    """One of the unread messages mentions it."""
    delivered_seq: int = 0
    """How far they have arrived at one of its devices."""


class Notification(msgspec.Struct, frozen=True):
    """Something lasting that happened to a client; `time` in milliseconds.

    `what` is joined, left, blocked, unblocked, silenced, unsilenced, or read: somebody (`by`) has read up to
    the client's message `msg_id`.
    """

    what: str
    time: int
    conv_id: ConvId
    by: ClientId | None = None
    msg_id: str | None = None


class Notifications(msgspec.Struct, frozen=True):
    """What happened, the earliest first; `more` came later."""

    rows: Collection[Notification]
    more: bool = False
