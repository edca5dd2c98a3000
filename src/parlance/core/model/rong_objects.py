"""RongCloud's message contents and ours, both ways (the table of message types).

What has no place of its own in a message of ours is kept in its `attr` under `rongcloud`, so that nothing is
lost on the way here, and what goes back is what came.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from parlance.core.model.message import LARGEST_CONTENT, Message, MessageType

KEPT = "rongcloud"
"""The key of `attr` under which all that is RongCloud's stands."""
_ROOM = 1024
"""Bytes of a message's content that are left for all but RongCloud's own."""

Fields = dict[str, Any]


class Shape(msgspec.Struct, frozen=True):
    """How one of RongCloud's objects is one of our types."""

    type: MessageType
    text: str | None = None
    """The field that is our `text`."""
    url: tuple[str, ...] = ()
    """The fields that may be our `url`; the first is the one we write."""
    attr: tuple[str, ...] = ()
    """The fields that stand in `attr` under the same names."""


SHAPES: Mapping[str, Shape] = {
    "RC:TxtMsg": Shape(MessageType.TEXT, text="content"),
    "RC:ImgMsg": Shape(MessageType.IMAGE, url=("imageUri",)),
    "RC:HQVCMsg": Shape(MessageType.VOICE, url=("remoteUrl",), attr=("duration",)),
    "RC:SightMsg": Shape(MessageType.VIDEO, url=("sightUrl",), attr=("duration", "size", "name")),
    "RC:LBSMsg": Shape(MessageType.LOCATION, text="poi", attr=("latitude", "longitude")),
    "RC:FileMsg": Shape(MessageType.FILE, url=("fileUrl",), attr=("name", "size", "type", "fileType")),
}
"""The table of message types; every other object is a text that says what it is."""

_NAMES: Mapping[int, str] = {shape.type: name for name, shape in SHAPES.items()}
_NEEDED: Mapping[str, Fields] = {
    "RC:ImgMsg": {"content": "", "imageUri": ""},
    "RC:HQVCMsg": {"remoteUrl": "", "duration": 0},
    "RC:SightMsg": {"sightUrl": "", "content": "", "duration": 0, "size": 0, "name": ""},
    "RC:LBSMsg": {"content": "", "latitude": 0.0, "longitude": 0.0, "poi": ""},
    "RC:FileMsg": {"name": "", "size": 0, "type": "", "fileUrl": ""},
}
"""What RongCloud's clients look for in each."""

_EVERYBODY, _SOME = 1, 2


class Said(msgspec.Struct, frozen=True):
    """What a message of RongCloud's says, in our terms; `mentions` are users' numbers."""

    type: MessageType
    text: str | None
    url: str | None
    attr: str
    """JSON text."""
    mention_all: bool = False
    mentions: tuple[str, ...] = ()


class Written(msgspec.Struct, frozen=True):
    """A message of ours as RongCloud has it."""

    object_name: str
    content: str
    """JSON text."""
    mentions: bool = False


def said(object_name: str, content: str, about: Mapping[str, Any]) -> Said:
    """Read an object. `about` is kept beside it."""
    fields = _decoded(content)
    shape = SHAPES.get(object_name)
    kept: Fields = {"object_name": object_name, **about}
    if shape is None or fields is None or not _fits(shape, fields):
        # A type that we have no place for, or a content that its type does not have: kept as it came.
        words = fields.get("message") if fields is not None else None
        what = words if isinstance(words, str) and words else f"[{object_name}]"
        return Said(MessageType.TEXT, what, None, _attr({}, kept, content if fields is None else fields))
    rest = dict(fields)
    text = rest.pop(shape.text) if shape.text else None
    url = next((rest.pop(name) for name in shape.url if isinstance(rest.get(name), str)), None)
    attr = {name: rest.pop(name) for name in shape.attr if name in rest}
    if shape.type is MessageType.LOCATION:
        attr["name"] = text
    mentioned = rest.get("mentionedInfo") if shape.type is MessageType.TEXT else None
    everybody, some = _mentioned(mentioned)
    return Said(shape.type, text, url, _attr(attr, kept, rest), everybody, some)


def written(message: Message, mentions: tuple[str, ...] = ()) -> Written:
    """Write a message as an object; `mentions` are users' numbers."""
    attr = _decoded(message.attr or "") or {}
    kept = attr.pop(KEPT, None)
    kept = kept if isinstance(kept, dict) else {}
    name = kept.get("object_name")
    rest = kept.get("content", {})
    if isinstance(name, str) and (name not in SHAPES or SHAPES[name].type != message.type):
        return Written(name, rest if isinstance(rest, str) else _encoded(rest))
    # A type of a LeanCloud client's own is a text: what it says in words, and its attributes.
    name = _NAMES.get(message.type, _NAMES[MessageType.TEXT])
    shape = SHAPES[name]
    fields: Fields = {**_NEEDED.get(name, {}), **(rest if isinstance(rest, dict) else {})}
    if shape.text:
        fields[shape.text] = message.text or ""
    if shape.url:
        fields[shape.url[0]] = message.url or ""
    fields |= {field: attr.pop(field) for field in shape.attr if field in attr}
    if shape.type is MessageType.LOCATION:
        attr.pop("name", None)
    if attr and "extra" not in fields:
        fields["extra"] = _encoded(attr)
    mentioning = shape.type is MessageType.TEXT and (message.mention_all or bool(mentions))
    if mentioning and "mentionedInfo" not in fields:
        kind = _EVERYBODY if message.mention_all else _SOME
        fields["mentionedInfo"] = {"type": kind, "userIdList": list(mentions), "mentionedContent": ""}
    return Written(name, _encoded(fields), mentioning)


def _fits(shape: Shape, fields: Fields) -> bool:
    """Whether the fields that become ours are there, and texts."""
    if shape.text and not (isinstance(fields.get(shape.text), str) and fields[shape.text]):
        return False
    return not shape.url or any(isinstance(fields.get(name), str) and fields[name] for name in shape.url)


def _mentioned(info: Any) -> tuple[bool, tuple[str, ...]]:
    if not isinstance(info, dict):
        return False, ()
    if str(info.get("type")) == str(_EVERYBODY):
        return True, ()
    users = info.get("userIdList")
    return False, tuple(str(user) for user in users) if isinstance(users, list) else ()


def _attr(attr: Fields, kept: Fields, rest: Any) -> str:
    if rest:
        whole = _encoded({**attr, KEPT: {**kept, "content": rest}})
        if len(whole.encode()) <= LARGEST_CONTENT - _ROOM:
            return whole
        # RongCloud takes larger contents than we do. Thumbnails are what makes them large.
        return _encoded({**attr, KEPT: {**kept, "cut": True}})
    return _encoded({**attr, KEPT: kept})


def _decoded(text: str) -> Fields | None:
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _encoded(value: Any) -> str:
    return msgspec.json.encode(value).decode()
