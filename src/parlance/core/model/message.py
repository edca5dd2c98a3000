"""A message: what it may be, and the rules it is judged by before it is stored."""

from enum import IntEnum
from typing import Any

import msgspec

from parlance.core.model.conversation import Conversation
from parlance.core.model.text import bytes_of
from parlance.kernel.faults import Fault, FaultCode, bad_format, missing
from parlance.kernel.ids import AppId, ClientId, ConvId, message_hex

LARGEST_CONTENT = 64 * 1024
LARGEST_BINARY = (LARGEST_CONTENT + 2) // 3 * 4
"""As many bytes, in base64."""
MOST_MENTIONS = 20
LONGEST_REF = 128
_INT32 = 1 << 31


class MessageType(IntEnum):
    """What a message is, numbered as the platform document and LeanCloud number it."""

    TEXT = -1
    IMAGE = -2
    VOICE = -3
    VIDEO = -4
    LOCATION = -5
    FILE = -6


class MessageStatus(IntEnum):
    """What has become of a message."""

    STORED = 1
    RECALLED = 3


class Draft(msgspec.Struct, gc=False):
    """A message that somebody wants to send. `attr` is JSON text.

    Addressed by `conv_id`, or by `to` for the direct conversation with that client; by both only if they
    mean the same.
    """

    sender: ClientId
    type: int
    conv_id: ConvId | None = None
    to: ClientId | None = None
    text: str | None = None
    attr: str | None = None
    url: str | None = None
    transient: bool = False
    sync: bool = False
    """The sender's other devices get it too."""
    mention_all: bool = False
    mentions: tuple[ClientId, ...] = ()
    ref: str | None = None
    """The sender's own name for it: the same `ref` in the same conversation is the same message."""
    create_missing: bool = False
    """The sender, and who is written to, become known by it if nobody has heard of them."""
    raw: str | None = None
    """What a LeanCloud client wrote, letter for letter (of a binary message base64), if the rest does not say all."""
    is_binary: bool = False
    receipt: bool = False
    """The sender wants to be told when it has arrived, and when it was read."""
    from_outside: bool = False
    """The sender need not be in it, where the floor is open; a backend's sender nowhere."""
    number: int | None = None
    """The message's number, if it was drawn before."""
    push_data: str | None = None
    """JSON text for who is told of it while away."""


class Message(msgspec.Struct, gc=False):
    """A message in its conversation.

    `seq` is None for what is never stored (transient). It is set once, by the store, at the commit; until
    then a message that is to be stored carries 0. With it the store sets `created_at`, so that times in a
    conversation grow with its numbers: never back, and at most as far on as messages came in one millisecond.
    Nothing else of a message changes in place.
    """

    id: int
    app_id: AppId
    conversation: int
    conv_id: ConvId
    seq: int | None
    sender: ClientId
    type: int
    text: str | None
    attr: str | None
    url: str | None
    mention_all: bool
    mentions: tuple[ClientId, ...]
    sync: bool
    ref: str | None
    created_at: int
    status: MessageStatus = MessageStatus.STORED
    patched_at: int | None = None
    raw: str | None = None
    """What its sender wrote, letter for letter, where type, text, attr and url do not say all of it."""
    is_binary: bool = False
    """`raw` is base64 of bytes."""
    receipt: bool = False
    """Its sender is told when it has arrived, and when it was read."""
    foreign_id: str | None = None
    """What it was called where it was sent, if that was not here: the world goes on to call it so."""
    _msg_id: str = ""

    @property
    def msg_id(self) -> str:
        """By what the world knows it: 32 hex digits, unless it was sent elsewhere."""
        # Asked for once by the acknowledgement and once by every protocol that passes the message on.
        known = self._msg_id
        if not known:
            known = self._msg_id = message_hex(self.id) if self.foreign_id is None else self.foreign_id
        return known

    @property
    def transient(self) -> bool:
        """Whether it was only for who was online."""
        return self.seq is None


def message_of(draft: Draft, conversation: Conversation, number: int, now: int) -> Message:
    """What a draft becomes in a conversation."""
    passing = draft.transient or not conversation.keep_history
    # On the road of every message: by position, because names take longer.
    return Message(
        number,
        conversation.app_id,
        conversation.id,
        conversation.conv_id,
        None if passing else 0,
        draft.sender,
        draft.type,
        draft.text,
        draft.attr,
        draft.url,
        draft.mention_all,
        draft.mentions,
        draft.sync,
        draft.ref,
        now,
        MessageStatus.STORED,
        None,
        draft.raw,
        draft.is_binary,
        draft.receipt,
    )


class _Place(msgspec.Struct, frozen=True):
    """What the `attr` of a location may say about it."""

    name: Any = None
    title: Any = None
    address: Any = None


class NewContent(msgspec.Struct, frozen=True):
    """What an edit puts in the place of what was said; `attr` is JSON text.

    Without a `type`, type and `url` stay as they were, and so do mentions that are None.
    """

    text: str | None
    attr: str | None
    type: int | None = None
    url: str | None = None
    raw: str | None = None
    is_binary: bool = False
    mention_all: bool | None = None
    mentions: tuple[ClientId, ...] | None = None


def judge(draft: Draft) -> None:
    """Refuse a draft that no conversation would take.

    Raises BAD_FORMAT (type, size, mentions, ref, NUL) or MISSING_FIELD (a text message without text).
    """
    if draft.raw is not None:
        _judge_raw(draft.type, draft.raw, is_binary=draft.is_binary)
    elif not -6 <= draft.type <= -1 or (draft.type == MessageType.TEXT and not draft.text):
        _judge_type(draft.type, draft.text)
    if len(draft.mentions) > MOST_MENTIONS:
        raise bad_format("mention_client_ids", f"at most {MOST_MENTIONS} mentions")
    if draft.ref is not None and not 1 <= len(draft.ref) <= LONGEST_REF:
        raise bad_format("ref", f"a ref has 1 to {LONGEST_REF} characters")
    _judge_content(draft.text, draft.attr, draft.url)
    if draft.ref is not None:
        bytes_of(draft.ref, "ref")
    if draft.push_data is not None:
        _grown(0, "push_data", draft.push_data)


def judge_edit(message: Message, content: NewContent) -> None:
    """Refuse an edit of what is gone, or to what could not have been sent."""
    if message.status is MessageStatus.RECALLED:
        raise Fault(FaultCode.NOT_PERMITTED, "the message was recalled")
    if content.raw is not None:
        _judge_raw(message.type if content.type is None else content.type, content.raw, is_binary=content.is_binary)
    elif content.type is not None:
        _judge_type(content.type, content.text)
    elif message.type == MessageType.TEXT and not content.text:
        raise missing("text")
    if len(content.mentions or ()) > MOST_MENTIONS:
        raise bad_format("mention_client_ids", f"at most {MOST_MENTIONS} mentions")
    _judge_content(content.text, content.attr, content.url)


def _judge_type(kind: int, text: str | None) -> None:
    if not -6 <= kind <= -1:
        raise bad_format("type", "message types are -1 to -6")
    if kind == MessageType.TEXT and not text:
        raise missing("text")


def _judge_raw(kind: int, raw: str, *, is_binary: bool) -> None:
    """What LeanCloud's clients write may be of a type of their own, and need say nothing."""
    if not -_INT32 <= kind < _INT32:
        raise bad_format("type", "a message type is a 32-bit number")
    if bytes_of(raw, "raw") > (LARGEST_BINARY if is_binary else LARGEST_CONTENT):
        raise bad_format("raw", f"a message has at most {LARGEST_CONTENT} bytes")


def _judge_content(text: str | None, attr: str | None, url: str | None) -> None:
    # On the road of every message, most of which are a text and nothing else.
    size = 0 if text is None else _grown(0, "text", text)
    if attr is not None:
        size = _grown(size, "attr", attr)
    if url is not None:
        _grown(size, "url", url)


def _grown(size: int, field: str, value: str) -> int:
    size += bytes_of(value, field)
    if size > LARGEST_CONTENT:
        raise bad_format(field, f"a message has at most {LARGEST_CONTENT} bytes")
    return size


def location_name(text: str | None, attr: str | None) -> str:
    """What a location is called: its text, else what its `attr` (JSON text) says; "" if neither does."""
    if text:
        return text
    try:
        place = _read_place(attr or "{}")
    except msgspec.DecodeError:
        # Anything may be had with a message: a list, a number.
        return ""
    said = (place.name, place.title, place.address)
    return next((name for name in said if isinstance(name, str) and name), "")


_read_place = msgspec.json.Decoder(_Place).decode
