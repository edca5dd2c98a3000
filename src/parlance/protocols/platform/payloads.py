"""What the server sends: one struct per `type`. `frames.py` fills and encodes them.

A field that is UNSET is not on the wire at all.
"""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

SUCCESS = "success"
AwayReason = Literal["restart", "slow"]
"""The server stops, or the client did not keep up."""


class _Frame(msgspec.Struct, gc=False, tag_field="type"):
    """A frame: `type` comes first, then `msg` if it is an answer, then `data`."""


class _Answer(_Frame, kw_only=True):
    """What answers one client's question."""

    msg: str = SUCCESS


class _AnswerOrNews(_Frame, kw_only=True):
    """What answers the client that asked, and without `msg` tells the others."""

    msg: str | UnsetType = UNSET


class Answer(msgspec.Struct, gc=False):
    """An answer that says nothing but which question it belongs to."""

    ref: str | UnsetType = UNSET


class Nothing(msgspec.Struct, gc=False):
    """The type says it all."""


class Moment(msgspec.Struct, gc=False):
    """The server's time."""

    time: int
    ref: str | UnsetType = UNSET


class Complaint(msgspec.Struct, gc=False):
    """What was wrong, by number; `retry_after` (seconds) only where waiting helps."""

    code: int
    ref: str | None
    retry_after: int | UnsetType = UNSET


class Farewell(msgspec.Struct, gc=False):
    """Why the server lets go, and in how many seconds to come back."""

    reason: AwayReason
    retry_after: int


class Receipt(msgspec.Struct, gc=False):
    """A message was taken: stored, unless it is transient (then `seq` is null)."""

    ref: str | None
    conv_id: str
    msg_id: str
    seq: int | None
    time: int


class MessageRow(msgspec.Struct, gc=False):
    """A message, as the document shows it, and its `seq` (wire: platform#message)."""

    from_client: str
    conv_id: str
    msg_id: str
    ctime: int
    type: int
    text: str | None
    attr: str
    url: str
    transient: str
    mention_all: int
    mention_client_ids: str
    seq: int | None
    msg_status: int | UnsetType = UNSET
    mtime: int | UnsetType = UNSET
    ref: str | UnsetType = UNSET


class MessageList(msgspec.Struct, gc=False):
    """Messages of one conversation, ascending by `seq`."""

    conv_id: str
    messages: list[MessageRow]
    more: bool
    ref: str | UnsetType = UNSET


class ReadMark(msgspec.Struct, gc=False):
    """A member has read up to `seq`."""

    conv_id: str
    client_id: str
    seq: int
    time: int


class RecalledRow(msgspec.Struct, gc=False):
    """A message was taken back."""

    conv_id: str
    msg_id: str
    seq: int | None
    by: str | None
    time: int
    ref: str | UnsetType = UNSET


class TypingSeen(msgspec.Struct, gc=False):
    """A member is writing."""

    conv_id: str
    client_id: str


class OnlineClients(msgspec.Struct, gc=False):
    """For each client, whether it is connected."""

    clients: dict[str, bool]
    ref: str | UnsetType = UNSET


class SyncRow(msgspec.Struct, gc=False):
    """A conversation as one member finds it; `left` means that it is no longer in it."""

    conv_id: str
    conv_type: int
    last_seq: int
    read_seq: int
    unread: int
    last_message: MessageRow | None
    conv_extend: msgspec.Raw
    ctime: int
    mtime: int | None
    left: bool


class SyncPage(msgspec.Struct, gc=False):
    """What changed since a sync; the next one begins at `time`, at once if there is `more`."""

    conversations: list[SyncRow]
    time: int
    more: bool
    ref: str | UnsetType = UNSET


class ConversationChange(msgspec.Struct, gc=False):
    """Something happened to a conversation; `by` is null for the app's backend."""

    conv_id: str
    by: str | None
    time: int
    client_ids: list[str] | UnsetType = UNSET


class ConversationAnswer(msgspec.Struct, gc=False):
    """The conversation was entered, or left."""

    conv_id: str
    ref: str | UnsetType = UNSET


class LoginSuccess(_Answer, tag="login.success", kw_only=True):
    """You are in."""

    data: Moment


class LogoutSuccess(_Answer, tag="logout.success", kw_only=True):
    """You are out; the socket closes."""

    data: Answer


class LogoutKick(_Frame, tag="logout.kick", kw_only=True):
    """The same client logged in on the same device; the socket closes."""

    msg: str
    data: Nothing


class ServerGoingAway(_Frame, tag="server.going_away", kw_only=True):
    """Come back later, elsewhere if there is an elsewhere; the socket closes."""

    msg: str
    data: Farewell


class Error(_Frame, tag="error", kw_only=True):
    """What was sent had no effect."""

    msg: str
    data: Complaint


class MsgSent(_Answer, tag="msg.sent", kw_only=True):
    """The answer to `msg.send`."""

    data: Receipt


class MsgNew(_Frame, tag="msg.new", kw_only=True):
    """A message arrived."""

    data: MessageRow


class MsgListAnswer(_Answer, tag="msg.list", kw_only=True):
    """The answer to `msg.list`."""

    data: MessageList


class MsgRead(_Frame, tag="msg.read", kw_only=True):
    """Somebody, perhaps oneself on another device, has read."""

    data: ReadMark


class MsgRecalled(_AnswerOrNews, tag="msg.recalled", kw_only=True):
    """The answer to `msg.recall`, and what the others get."""

    data: RecalledRow


class MsgEdited(_AnswerOrNews, tag="msg.edited", kw_only=True):
    """The answer to `msg.edit`, and what the others get."""

    data: MessageRow


class TypingShown(_Frame, tag="typing", kw_only=True):
    """Somebody is writing."""

    data: TypingSeen


class PresenceShown(_AnswerOrNews, tag="presence", kw_only=True):
    """The answer to `presence`, and each change after it."""

    data: OnlineClients


class SyncAnswer(_Answer, tag="sync", kw_only=True):
    """The answer to `sync`."""

    data: SyncPage


class Pong(_Answer, tag="pong", kw_only=True):
    """The answer to `ping`."""

    data: Moment


class ConvJoin(_Answer, tag="conv.join", kw_only=True):
    """The answer to `conv.join`."""

    data: ConversationAnswer


class ConvLeave(_Answer, tag="conv.leave", kw_only=True):
    """The answer to `conv.leave`."""

    data: ConversationAnswer


class ConvJoined(_Frame, tag="conv.joined", kw_only=True):
    """You were brought into a conversation."""

    data: ConversationChange


class ConvLeft(_Frame, tag="conv.left", kw_only=True):
    """You are no longer in a conversation."""

    data: ConversationChange


class ConvUpdated(_Frame, tag="conv.updated", kw_only=True):
    """What is said about a conversation changed."""

    data: ConversationChange


class ConvMembersJoined(_Frame, tag="conv.members_joined", kw_only=True):
    """Others came."""

    data: ConversationChange


class ConvMembersLeft(_Frame, tag="conv.members_left", kw_only=True):
    """Others went."""

    data: ConversationChange


class ConvDeleted(_Frame, tag="conv.deleted", kw_only=True):
    """A conversation is gone."""

    data: ConversationChange


ServerFrame = (
    LoginSuccess
    | LogoutSuccess
    | LogoutKick
    | ServerGoingAway
    | Error
    | MsgSent
    | MsgNew
    | MsgListAnswer
    | MsgRead
    | MsgRecalled
    | MsgEdited
    | TypingShown
    | PresenceShown
    | SyncAnswer
    | Pong
    | ConvJoin
    | ConvLeave
    | ConvJoined
    | ConvLeft
    | ConvUpdated
    | ConvMembersJoined
    | ConvMembersLeft
    | ConvDeleted
)
