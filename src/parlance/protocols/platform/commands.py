"""What a client sends: one struct per `type`, so that reading a frame is also judging it.

Rule: a decoded struct is the event that the gateway handles; nothing is copied out of it on the way.
Unknown fields are ignored (wire: platform#frames).
"""

from typing import Annotated, Any, Final, Literal, final

import msgspec

ClientIdSent = str | Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
"""A client id as it may come: a JSON number stands for its decimal string (wire: platform#client-ids)."""
Place = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
"""A sequence number or a time: what every JSON reader takes for a whole number."""
Amount = Annotated[int, msgspec.Meta(ge=-(2**53), lt=2**53)]
"""How many rows; clamped, never refused (wire: platform#limits)."""
Flag = Literal[0, 1, "0", "1"] | bool
"""Yes or no, in every spelling that the document's examples use."""
MessageTypeSent = Annotated[int, msgspec.Meta(ge=-6, le=-1)]

DEEPEST: Final = 100
"""How deep an `attr` or `ext` may be nested: so much every later reader of it can take."""
_encode = msgspec.json.Encoder().encode


class _ReadAs(type):
    """For types that are read in a special way (`read_special`), whose values are plain `str`, `dict` and `list`.

    No instance is ever made: encoders and database drivers take plain values only.
    """

    def __instancecheck__(cls, value: object) -> bool:
        return type(value) is cls.__base__


class JsonText(str, metaclass=_ReadAs):
    """Any JSON value, as compact and valid JSON text."""

    __slots__ = ()


class JsonObject(dict[str, Any], metaclass=_ReadAs):
    """A JSON object of anything."""

    __slots__ = ()


class ClientIdList(list[str | int], metaclass=_ReadAs):
    """Client ids, sent as a list or as the JSON text of one (wire: platform#encoded-strings)."""

    __slots__ = ()


class Asked(msgspec.Struct, gc=False, kw_only=True):
    """What is in `data`; the answer and the error carry `ref` back."""

    ref: str | None = None


class _Command(msgspec.Struct, gc=False, kw_only=True, tag_field="type"):
    """The frame around it."""


class LoginAsked(Asked, kw_only=True):
    """Who wants in, from which device."""

    app_id: ClientIdSent
    client_id: ClientIdSent
    device_id: ClientIdSent = ""
    token: str | None = None
    ext: JsonObject | None = None


class SendAsked(Asked, kw_only=True):
    """A message, for a conversation or for a client."""

    conv_id: str | None = None
    to_client_id: ClientIdSent | None = None
    type: MessageTypeSent
    text: str | None = None
    attr: JsonText | None = None
    url: str | None = None
    transient: Flag = 0
    no_sync: Flag = 0
    mention_all: Flag = 0
    mention_client_ids: ClientIdList | None = None


class ListAsked(Asked, kw_only=True):
    """Some of a conversation's messages: after a place, before one, or the newest."""

    conv_id: str
    after_seq: Place | None = None
    before_seq: Place | None = None
    limit: Amount = 20


class ReadAsked(Asked, kw_only=True):
    """How far the client has read."""

    conv_id: str
    seq: Place


class RecallAsked(Asked, kw_only=True):
    """Which message to take back."""

    conv_id: str
    msg_id: str


class EditAsked(Asked, kw_only=True):
    """What a message shall say from now on."""

    conv_id: str
    msg_id: str
    text: str | None = None
    attr: JsonText | None = None


class ConversationAsked(Asked, kw_only=True):
    """A conversation."""

    conv_id: str


class PresenceAsked(Asked, kw_only=True):
    """Whom to watch."""

    client_ids: list[ClientIdSent]


class SyncAsked(Asked, kw_only=True):
    """Since when, and how many conversations at most."""

    since: Place = 0
    limit: Amount = 100


@final
class Login(_Command, tag="login"):
    """Say who you are (wire: platform#login)."""

    data: LoginAsked


@final
class SendMessage(_Command, tag="msg.send"):
    """Send a message (wire: platform#msg-send)."""

    data: SendAsked


@final
class ListMessages(_Command, tag="msg.list"):
    """Read back what was said (wire: platform#msg-list)."""

    data: ListAsked


@final
class ReadMessages(_Command, tag="msg.read"):
    """Move one's read mark (wire: platform#msg-read)."""

    data: ReadAsked


@final
class RecallMessage(_Command, tag="msg.recall"):
    """Take a message back (wire: platform#msg-recall)."""

    data: RecallAsked


@final
class EditMessage(_Command, tag="msg.edit"):
    """Put other words in a message (wire: platform#msg-edit)."""

    data: EditAsked


@final
class Typing(_Command, tag="typing"):
    """Show that one is writing (wire: platform#typing)."""

    data: ConversationAsked


@final
class WatchPresence(_Command, tag="presence"):
    """Ask who is online, and be told when that changes (wire: platform#presence)."""

    data: PresenceAsked


@final
class Sync(_Command, tag="sync"):
    """Catch up after an absence (wire: platform#sync)."""

    data: SyncAsked = msgspec.field(default_factory=SyncAsked)


@final
class JoinConversation(_Command, tag="conv.join"):
    """Enter a chat room (wire: platform#rooms)."""

    data: ConversationAsked


@final
class LeaveConversation(_Command, tag="conv.leave"):
    """Leave a chat room (wire: platform#rooms)."""

    data: ConversationAsked


@final
class Ping(_Command, tag="ping"):
    """Show a sign of life and ask what time it is (wire: platform#ping)."""

    data: Asked = msgspec.field(default_factory=Asked)


@final
class Logout(_Command, tag="logout"):
    """Say goodbye (wire: platform#logout)."""

    data: Asked = msgspec.field(default_factory=Asked)


Command = (
    Login
    | SendMessage
    | ListMessages
    | ReadMessages
    | RecallMessage
    | EditMessage
    | Typing
    | WatchPresence
    | Sync
    | JoinConversation
    | LeaveConversation
    | Ping
    | Logout
)


def is_set(flag: Flag) -> bool:
    """Whether a flag says yes."""
    return bool(flag) and (flag == 1 or flag == "1")  # noqa: PLR1714 - a tuple would be slower, and true == 1


def read_special(wanted: type, value: Any) -> Any:
    """The hook by which msgspec reads what it has no type for; a ValueError refuses."""
    if wanted is ClientIdList:
        return _client_ids(value)
    text = _encode(value).decode()
    # Counting brackets is cheap and never too low; only who has many of them is measured.
    if text.count("[") + text.count("{") > DEEPEST and _depth(value) > DEEPEST:
        raise ValueError(f"nested more than {DEEPEST} deep")
    if wanted is JsonText:
        return text
    if not isinstance(value, dict):
        raise ValueError("expected object")  # noqa: TRY004 - what msgspec turns into a refusal
    return value


def _depth(value: Any) -> int:
    deepest = 0
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        inner, depth = waiting.pop()
        if isinstance(inner, dict | list):
            deepest = max(deepest, depth)
            children = inner.values() if isinstance(inner, dict) else inner
            waiting.extend((child, depth + 1) for child in children)
    return deepest


def _client_ids(value: Any) -> list[str | int]:
    try:
        if isinstance(value, str):
            value = msgspec.json.decode(value)
        return [] if value is None else msgspec.convert(value, list[ClientIdSent])
    except (msgspec.MsgspecError, RecursionError):
        raise ValueError("expected a list of client ids") from None
