"""From plain values to the text of a server's frame.

Measured: encoding a struct beats filling a bytes template (0.6 against 0.8 µs for `msg.new`), and it
cannot forget to escape anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from parlance.protocols.platform import payloads
from parlance.protocols.platform.payloads import SUCCESS, ConversationChange, MessageRow, SyncRow

RECALLED: Final = 3
"""The `msg_status` of a message that was taken back."""
_ABSENT: Final = "null"

_encode = msgspec.json.Encoder().encode


def login_success(time: int, ref: str | None = None) -> bytes:
    """The login is accepted; `time` is the server's."""
    return _encode(payloads.LoginSuccess(data=payloads.Moment(time, _given(ref))))


def logout_success(ref: str | None = None) -> bytes:
    """The client said goodbye."""
    return _encode(payloads.LogoutSuccess(data=payloads.Answer(_given(ref))))


def logout_kick() -> bytes:
    """The same client logged in from the same device."""
    return _encode(payloads.LogoutKick(msg="the same client logged in on the same device", data=payloads.Nothing()))


def going_away(words: str, reason: payloads.AwayReason, retry_after: int) -> bytes:
    """The server lets go; `retry_after` is in seconds."""
    return _encode(payloads.ServerGoingAway(msg=words, data=payloads.Farewell(reason, retry_after)))


def error(code: int, words: str, ref: str | None = None, *, retry_after: int | None = None) -> bytes:
    """A refusal; `retry_after` (seconds) goes with a rate limit."""
    wait = UNSET if retry_after is None else retry_after
    return _encode(payloads.Error(msg=words, data=payloads.Complaint(code, ref, wait)))


def msg_sent(ref: str | None, conv_id: str, msg_id: str, seq: int | None, time: int) -> bytes:
    """The message was taken."""
    return _encode(payloads.MsgSent(data=payloads.Receipt(ref, conv_id, msg_id, seq, time)))


def message_row(
    from_client: str,
    conv_id: str,
    msg_id: str,
    ctime: int,
    type: int,  # noqa: A002 - the wire's name
    text: str | None,
    attr: str | None,
    url: str | None,
    seq: int | None,
    mention_all: bool = False,
    mention_client_ids: Sequence[str] = (),
    *,
    msg_status: int | None = None,
    mtime: int | None = None,
) -> MessageRow:
    """A message as sockets show it, for `msg_new`, `msg_list`, `msg_edited` and `sync_row`.

    `attr` is JSON text. No `seq` means transient. `msg_status` (`RECALLED`) and `mtime` only where there is
    something to tell: the document's own `msg.new` has neither.
    """
    row = MessageRow(
        from_client,
        conv_id,
        msg_id,
        ctime,
        type,
        text,
        _ABSENT if attr is None else attr,
        _ABSENT if url is None else _encode(url).decode(),
        "1" if seq is None else "0",
        1 if mention_all else 0,
        _encode(mention_client_ids).decode() if mention_client_ids else _ABSENT,
        seq,
    )
    if msg_status is not None:
        row.msg_status = msg_status
    if mtime is not None:
        row.mtime = mtime
    return row


def msg_new(row: MessageRow) -> bytes:
    """A message for who is online."""
    return _encode(payloads.MsgNew(data=row))


def msg_list(conv_id: str, messages: list[MessageRow], more: bool, ref: str | None = None) -> bytes:
    """Messages ascending by `seq`; `more` says that there are others in the direction that was asked for."""
    return _encode(payloads.MsgListAnswer(data=payloads.MessageList(conv_id, messages, more, _given(ref))))


def msg_read(conv_id: str, client_id: str, seq: int, time: int) -> bytes:
    """Somebody has read up to `seq`."""
    return _encode(payloads.MsgRead(data=payloads.ReadMark(conv_id, client_id, seq, time)))


def msg_recalled(
    conv_id: str,
    msg_id: str,
    seq: int | None,
    by: str | None,
    time: int,
    ref: str | None = None,
    *,
    answer: bool = False,
) -> bytes:
    """A message was taken back, by the backend if `by` is None: the `answer` to who asked, or news."""
    row = payloads.RecalledRow(conv_id, msg_id, seq, by, time, _given(ref))
    return _encode(payloads.MsgRecalled(msg=_said(answer), data=row))


def msg_edited(row: MessageRow, ref: str | None = None, *, answer: bool = False) -> bytes:
    """A message says something else now; `row` has its `mtime`. The `answer` to who asked, or news."""
    data = row if ref is None else msgspec.structs.replace(row, ref=ref)
    return _encode(payloads.MsgEdited(msg=_said(answer), data=data))


def typing(conv_id: str, client_id: str) -> bytes:
    """Somebody is writing."""
    return _encode(payloads.TypingShown(data=payloads.TypingSeen(conv_id, client_id)))


def presence(clients: Mapping[str, bool], ref: str | None = None, *, answer: bool = False) -> bytes:
    """Who is online, and who is not: the `answer` to who asked, or a change."""
    data = payloads.OnlineClients(dict(clients), _given(ref))
    return _encode(payloads.PresenceShown(msg=_said(answer), data=data))


def sync_row(
    conv_id: str,
    conv_type: int,
    last_seq: int,
    read_seq: int,
    unread: int,
    last_message: MessageRow | None,
    *,
    conv_extend: str | None,
    ctime: int,
    mtime: int | None,
    left: bool = False,
) -> SyncRow:
    """A conversation for `sync`; `conv_extend` is JSON text and goes out decoded."""
    extend = msgspec.Raw(_ABSENT if conv_extend is None else conv_extend)
    return SyncRow(conv_id, conv_type, last_seq, read_seq, unread, last_message, extend, ctime, mtime, left)


def sync(conversations: list[SyncRow], time: int, more: bool, ref: str | None = None) -> bytes:
    """What changed; the client asks again from `time`, at once if there is `more`."""
    return _encode(payloads.SyncAnswer(data=payloads.SyncPage(conversations, time, more, _given(ref))))


def pong(time: int, ref: str | None = None) -> bytes:
    """The server lives, and this is its time."""
    return _encode(payloads.Pong(data=payloads.Moment(time, _given(ref))))


def conv_join(conv_id: str, ref: str | None = None) -> bytes:
    """The room was entered."""
    return _encode(payloads.ConvJoin(data=payloads.ConversationAnswer(conv_id, _given(ref))))


def conv_leave(conv_id: str, ref: str | None = None) -> bytes:
    """The room was left."""
    return _encode(payloads.ConvLeave(data=payloads.ConversationAnswer(conv_id, _given(ref))))


def conv_joined(conv_id: str, by: str | None, time: int, client_ids: Iterable[str]) -> bytes:
    """For who came: they are in a conversation now. `client_ids` are all who came with them."""
    return _encode(payloads.ConvJoined(data=ConversationChange(conv_id, by, time, list(client_ids))))


def conv_left(conv_id: str, by: str | None, time: int, client_ids: Iterable[str]) -> bytes:
    """For who went: they are no longer in a conversation."""
    return _encode(payloads.ConvLeft(data=ConversationChange(conv_id, by, time, list(client_ids))))


def conv_members_joined(conv_id: str, by: str | None, time: int, client_ids: Iterable[str]) -> bytes:
    """For who was in already: others came."""
    return _encode(payloads.ConvMembersJoined(data=ConversationChange(conv_id, by, time, list(client_ids))))


def conv_members_left(conv_id: str, by: str | None, time: int, client_ids: Iterable[str]) -> bytes:
    """For who stays: others went."""
    return _encode(payloads.ConvMembersLeft(data=ConversationChange(conv_id, by, time, list(client_ids))))


def conv_updated(conv_id: str, by: str | None, time: int) -> bytes:
    """What is said about a conversation changed."""
    return _encode(payloads.ConvUpdated(data=ConversationChange(conv_id, by, time)))


def conv_deleted(conv_id: str, by: str | None, time: int) -> bytes:
    """A conversation is gone."""
    return _encode(payloads.ConvDeleted(data=ConversationChange(conv_id, by, time)))


def _given(ref: str | None) -> str | UnsetType:
    return UNSET if ref is None else ref


def _said(answer: bool) -> str | UnsetType:
    return SUCCESS if answer else UNSET
