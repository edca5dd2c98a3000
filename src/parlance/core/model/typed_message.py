"""What LeanCloud's clients write in a message, and our messages, both ways (the table of message types).

Their content is a text, by custom JSON with `_lctype`, or bytes. What it says goes into our type, text, attr and
url, so that everybody sees it; where writing it anew would not give the same, `raw` keeps it letter for letter.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from parlance.core.model.message import Draft, Message, MessageStatus, MessageType, NewContent, location_name
from parlance.core.model.system_message import SYSTEM, SystemMessageType
from parlance.kernel.ids import ClientId, ConvId

RECALLED = '{"_lctype":-127}'
"""What a message that was recalled is to them."""
NOTICE = 1
"""Their type of what the app itself says."""
BINARY = "[binary]"
"""How bytes look to who can only read."""

FILES = frozenset({MessageType.IMAGE, MessageType.VOICE, MessageType.VIDEO, MessageType.FILE})
_ABOUT_FILE = ("name", "size", "format", "duration", "width", "height")
"""What stands in a file's `metaData` with them, and in `attr` with us."""
_FILE_ID = "objId"
_COORDINATES: Mapping[str, int] = {"longitude": 180, "latitude": 90}
_OURS = frozenset(MessageType)
_NOTICES = frozenset(map(str, SystemMessageType))
_INT32 = 1 << 31
_NUL = re.compile("\x00")

Fields = dict[str, Any]


class Typed(msgspec.Struct, frozen=True, gc=False):
    """What a content says, in our terms; `attr` is JSON text."""

    type: int
    text: str | None
    attr: str | None = None
    url: str | None = None
    raw: str | None = None
    """The content as it came (of bytes the base64), unless the rest says all of it."""
    is_binary: bool = False

    def draft(self, sender: ClientId, conv_id: ConvId) -> Draft:
        """A message that says it."""
        return Draft(
            sender,
            self.type,
            conv_id,
            text=self.text,
            attr=self.attr,
            url=self.url,
            raw=self.raw,
            is_binary=self.is_binary,
        )

    def new_content(self, mention_all: bool | None = None, mentions: tuple[ClientId, ...] | None = None) -> NewContent:
        """The same, to be put in the place of what was said."""
        return NewContent(self.text, self.attr, self.type, self.url, self.raw, self.is_binary, mention_all, mentions)


def read(payload: str | bytes) -> Typed:
    """Read a content, whatever it is; `draft` and `edit` judge it afterwards."""
    if isinstance(payload, bytes):
        return Typed(MessageType.TEXT, BINARY, raw=base64.b64encode(payload).decode(), is_binary=True)
    fields = _decoded(payload)
    if fields is None or not _is_type(fields.get("_lctype")):
        words = None if fields is None else fields.get("_lctext")
        return Typed(MessageType.TEXT, _plain(words if isinstance(words, str) and words else payload), raw=payload)
    kind, words = fields["_lctype"], fields.get("_lctext")
    if kind == MessageType.TEXT and len(fields) == 2 and isinstance(words, str) and words and "\x00" not in words:
        # Nearly all of them: a text and nothing else, which says all of it.
        return Typed(kind, words)
    attr, url = _attr(kind, fields), _url(kind, fields)
    content = Typed(kind, _plain(words) if isinstance(words, str) else None, attr, url)
    says_all = kind in _OURS and (kind != MessageType.TEXT or bool(content.text))
    if says_all and _canonical(_fields(kind, content.text, attr, url)) == _canonical(fields):
        return content
    return msgspec.structs.replace(content, raw=payload)


def written(message: Message) -> str | bytes:
    """Write a message as they read it: what their own clients wrote is as it was."""
    if message.status is MessageStatus.RECALLED:
        return RECALLED
    if message.raw is None:
        kind = NOTICE if message.sender == SYSTEM and _is_notice(message.attr) else message.type
        return _anew(kind, message.text, message.attr, message.url)
    return _as_it_came(message.raw, is_binary=message.is_binary)


def written_content(content: NewContent) -> str | bytes:
    """The same of what is to be put in the place of what was said."""
    if content.raw is None:
        kind = MessageType.TEXT.value if content.type is None else content.type
        return _anew(kind, content.text, content.attr, content.url)
    return _as_it_came(content.raw, is_binary=content.is_binary)


def _anew(kind: int, text: str | None, attr: str | None, url: str | None) -> str:
    return msgspec.json.encode(_fields(kind, text, attr, url)).decode()


def _as_it_came(raw: str, *, is_binary: bool) -> str | bytes:
    if not is_binary:
        return raw
    try:
        return base64.b64decode(raw, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _fields(kind: int, text: str | None, attr: str | None, url: str | None) -> Fields:
    """A content with what their clients look for in its type."""
    attrs = _decoded_any(attr)
    fields: Fields = {"_lctype": kind}
    own: Fields = {}
    if kind in FILES:
        attrs, about = _parted(attrs, (*_ABOUT_FILE, _FILE_ID))
        file_id = {_FILE_ID: about.pop(_FILE_ID)} if _FILE_ID in about else {}
        own["_lcfile"] = {"url": url or "", **file_id, "metaData": about}
    elif kind == MessageType.LOCATION:
        if _is_place(attrs):
            attrs, place = _parted(attrs, tuple(_COORDINATES))
            own["_lcloc"] = place
        else:
            # Their clients fall over a location that lies nowhere.
            fields["_lctype"] = MessageType.TEXT.value
            text = text or location_name(text, attr)
    if text is not None:
        fields["_lctext"] = text
    if attrs is not None:
        fields["_lcattrs"] = attrs
    return fields | own


def _attr(kind: int, fields: Fields) -> str | None:
    """`_lcattrs`, and what their type has a place of its own for."""
    attrs, own = fields.get("_lcattrs"), {}
    if kind in FILES and isinstance(file := fields.get("_lcfile"), dict):
        about = file.get("metaData")
        own = dict(about) if isinstance(about, dict) else {}
        if isinstance(file.get(_FILE_ID), str):
            own[_FILE_ID] = file[_FILE_ID]
    elif kind == MessageType.LOCATION and isinstance(place := fields.get("_lcloc"), dict):
        own = dict(place)
    if own:
        attrs = {**attrs, **own} if isinstance(attrs, dict) else own
    return None if attrs is None else msgspec.json.encode(attrs).decode()


def _url(kind: int, fields: Fields) -> str | None:
    file = fields.get("_lcfile") if kind in FILES else None
    url = file.get("url") if isinstance(file, dict) else None
    return _plain(url) if isinstance(url, str) else None


def _parted(attrs: Any, names: tuple[str, ...]) -> tuple[Any, Fields]:
    """What is left without these names (nothing is None), and what stands under them."""
    if not isinstance(attrs, dict):
        return attrs, {}
    own = {name: attrs.pop(name) for name in names if name in attrs}
    return (attrs or None) if own else attrs, own


def _is_place(attrs: Any) -> bool:
    return isinstance(attrs, dict) and all(
        isinstance(number := attrs.get(name), int | float) and not isinstance(number, bool) and abs(number) <= most
        for name, most in _COORDINATES.items()
    )


def _is_notice(attr: str | None) -> bool:
    fields = _decoded(attr) if attr else None
    what = None if fields is None else fields.get("sys_message_type")
    return isinstance(what, str) and what in _NOTICES


def _is_type(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -_INT32 <= value < _INT32


def _plain(text: str) -> str:
    """Without NUL, which not every store could keep."""
    return _NUL.sub("", text)


def _canonical(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")


def _decoded(text: str) -> Fields | None:
    found = _decoded_any(text)
    return found if isinstance(found, dict) else None


def _decoded_any(text: str | None) -> Any:
    """What JSON text says; None also for what cannot be read."""
    if text is None:
        return None
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
