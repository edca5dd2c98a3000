"""What the server tells, in the words of this package: messages, conversations, users, and what happens to them.

Times are milliseconds since the epoch, by the server's clock.
"""

from collections.abc import Mapping
from enum import Enum, IntEnum
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import UNSET

from parlance.protocols.platform.frames import RECALLED
from parlance.protocols.platform.payloads import ConversationChange, MessageRow, SyncRow

SYSTEM = "system"
"""The sender of what the app itself says."""
Row = TypeVar("Row")
_decoded = msgspec.json.decode


class MessageType(IntEnum):
    """What a message is."""

    TEXT = -1
    IMAGE = -2
    VOICE = -3
    VIDEO = -4
    LOCATION = -5
    FILE = -6


class Kind(IntEnum):
    """What a conversation is."""

    DIRECT = 1
    TEMPORARY = 2
    GROUP = 3
    ROOM = 4
    SYSTEM = 5
    SERVICE = 6


class Message(msgspec.Struct, frozen=True):
    """Something that was said."""

    msg_id: str
    conv_id: str
    sender: str
    type: int
    """A `MessageType`."""
    text: str | None
    seq: int | None
    """Its place in the conversation: 1, 2, 3, … None if it is transient, or came from a list over REST."""
    sent_at: int
    attr: Any = None
    """Anything the app wants to have with it, decoded."""
    url: str | None = None
    mention_all: bool = False
    mentions: tuple[str, ...] = ()
    transient: bool = False
    """Was never stored."""
    recalled: bool = False
    """Was taken back: its content is gone."""
    changed_at: int | None = None
    """When it was edited or taken back."""


class History(msgspec.Struct, frozen=True):
    """A stretch of a conversation, the oldest first; `more` lies beyond, in the direction that was asked for."""

    messages: list[Message]
    more: bool


class Standing(msgspec.Struct, frozen=True):
    """How a conversation stands for this client."""

    conv_id: str
    kind: int
    """A `Kind`."""
    last_seq: int
    read_seq: int
    unread: int
    last_message: Message | None
    extend: dict[str, Any] | None
    """What the app keeps with it."""
    created_at: int
    changed_at: int | None


class Conversation(msgspec.Struct, frozen=True):
    """A conversation, as lists over REST show it."""

    conv_id: str
    kind: int
    """A `Kind`."""
    creator: str
    size: int
    """How many are in it."""
    extend: dict[str, Any] | None
    created_at: str
    """`YYYY-MM-DD HH:MM:SS`, UTC."""
    changed_at: str | None


class User(msgspec.Struct, frozen=True):
    """A user of the app."""

    client_id: str
    uid: int
    """A number of its own within the app."""
    nickname: str
    avatar: str
    ext: dict[str, Any] | None
    status: int
    """1 while banned, else 0."""
    ctime: int

    @property
    def banned(self) -> bool:
        """Whether it is banned."""
        return self.status == 1


class Token(msgspec.Struct, frozen=True):
    """What a client shows when it logs in; good until `expires_at`."""

    token: str
    expires_at: int


class Sent(msgspec.Struct, frozen=True):
    """A message was taken, and stored unless it is transient."""

    msg_id: str
    sent_at: int


class Page(msgspec.Struct, Generic[Row], frozen=True):
    """Some rows of a longer list; pages count from 1."""

    rows: list[Row]
    number: int
    last: int
    total: int


# What happens, as `Client.events` tells it. A `Message` is an event as well.


class Connected(msgspec.Struct, frozen=True):
    """The client is logged in; what it missed follows. `again`: it was before."""

    again: bool


class Disconnected(msgspec.Struct, frozen=True):
    """The connection is gone; the next attempt comes in `retry_in` seconds."""

    reason: str
    retry_in: float


class Notice(msgspec.Struct, frozen=True):
    """The app itself says something: `message.attr` has it for programs."""

    message: Message


class Edited(msgspec.Struct, frozen=True):
    """A message says something else now."""

    message: Message


class Recalled(msgspec.Struct, frozen=True):
    """A message was taken back, by the app's backend (or unknown) if `by` is None."""

    conv_id: str
    msg_id: str
    seq: int | None
    by: str | None
    time: int


class Read(msgspec.Struct, frozen=True):
    """Somebody, perhaps this client on another device, has read up to `seq`."""

    conv_id: str
    client_id: str
    seq: int
    time: int


class Typing(msgspec.Struct, frozen=True):
    """Somebody is writing."""

    conv_id: str
    client_id: str


class Presence(msgspec.Struct, frozen=True):
    """Who of those that are watched came or went."""

    clients: dict[str, bool]


class Change(Enum):
    """What can happen to a conversation."""

    JOINED = "conv.joined"
    """This client is in it now."""
    LEFT = "conv.left"
    """This client is no longer in it."""
    MEMBERS_JOINED = "conv.members_joined"
    MEMBERS_LEFT = "conv.members_left"
    UPDATED = "conv.updated"
    """What is said about it is something else now."""
    DELETED = "conv.deleted"


class Changed(msgspec.Struct, frozen=True):
    """Something happened to a conversation; `by` is None for the app's backend, or where nobody knows any more."""

    what: Change
    conv_id: str
    by: str | None = None
    time: int = 0
    client_ids: tuple[str, ...] = ()


class Skipped(msgspec.Struct, frozen=True):
    """So many events were left out, because nobody took them. Messages never are: look again at what you show."""

    count: int


Event = Message | Notice | Edited | Recalled | Read | Typing | Presence | Changed | Connected | Disconnected | Skipped


def message_in(row: MessageRow) -> Message:
    """A message as the socket shows it."""
    mentions = _decoded(row.mention_client_ids) or ()
    return Message(
        msg_id=row.msg_id,
        conv_id=row.conv_id,
        sender=row.from_client,
        type=row.type,
        text=row.text,
        seq=row.seq,
        sent_at=row.ctime,
        attr=_decoded(row.attr),
        url=_decoded(row.url),
        mention_all=bool(row.mention_all),
        mentions=tuple(mentions),
        transient=row.transient == "1",
        recalled=row.msg_status == RECALLED,
        changed_at=None if row.mtime is UNSET else row.mtime,
    )


def message_listed(row: Mapping[str, Any]) -> Message:
    """A message as lists over REST show it."""
    return Message(
        msg_id=row["msg_id"],
        conv_id=row["conv_id"],
        sender=row["client_id"],
        type=row["type"],
        text=row["text"],
        seq=None,
        sent_at=row["ctime"],
        attr=row["attr"],
        url=_decoded(row["url"]),
        mention_all=bool(row["mention_all"]),
        mentions=tuple(_decoded(row["mention_client_ids"]) or ()),
        recalled=row["msg_status"] == RECALLED,
        changed_at=row["mtime"],
    )


def conversation_listed(row: Mapping[str, Any]) -> Conversation:
    """A conversation as lists over REST show it."""
    return Conversation(
        conv_id=row["conv_id"],
        kind=row["conv_type"],
        creator=row["conv_creater_id"],
        size=row["client_num"],
        extend=row["conv_extend"],
        created_at=row["ctime"],
        changed_at=row["mtime"],
    )


def standing_in(row: SyncRow) -> Standing:
    """A conversation as `sync` shows it."""
    return Standing(
        conv_id=row.conv_id,
        kind=row.conv_type,
        last_seq=row.last_seq,
        read_seq=row.read_seq,
        unread=row.unread,
        last_message=None if row.last_message is None else message_in(row.last_message),
        extend=_decoded(row.conv_extend),
        created_at=row.ctime,
        changed_at=row.mtime,
    )


def change_in(what: Change, data: ConversationChange) -> Changed:
    """What happened to a conversation."""
    who = () if data.client_ids is UNSET else tuple(data.client_ids)
    return Changed(what, data.conv_id, data.by, data.time, who)


def user_in(row: Any) -> User:
    """A user as REST shows it."""
    return msgspec.convert(row, User)
