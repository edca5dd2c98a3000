"""One table of message types: whatever face a message came by, each face shows it as its own kind of it."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from parlance.apis.clinic import contents
from parlance.core.model import rong_objects, typed_message
from parlance.core.model.message import Message, MessageStatus, MessageType
from parlance.kernel.ids import AppId, ClientId, ConvId

URL = "https://example.com/a.bin"
PLACE = {"latitude": 39.9, "longitude": 116.4}
Shown = dict[str, Any]


def stored(
    kind: int, text: str | None = None, attr: Any = None, url: str | None = None, raw: str | None = None, **more: Any
) -> Message:
    """A message as it is kept."""
    encoded = attr if attr is None or isinstance(attr, str) else json.dumps(attr)
    who, where = ClientId("ada"), ConvId("c")
    return Message(
        1, AppId("hall"), 1, where, 1, who, kind, text, encoded, url, False, (), False, None, 1, raw=raw, **more
    )


def by_leancloud(**fields: Any) -> Message:
    """Sent by one of LeanCloud's clients."""
    content = typed_message.read(json.dumps({f"_lc{name}": value for name, value in fields.items()}))
    return stored(content.type, content.text, content.attr, content.url, content.raw)


def by_clinic(number: int, msg: str) -> Message:
    """Sent by a clinic backend."""
    kind, text, url = contents.sent(number, msg)
    return stored(kind, text, None, url)


def by_rong(object_name: str, /, **content: Any) -> Message:
    """Sent by one of RongCloud's clients."""
    said = rong_objects.said(object_name, json.dumps(content), {})
    return stored(said.type, said.text, said.attr, said.url)


def file_by_leancloud(kind: int) -> Message:
    """As an official client sends a file."""
    meta = {"name": "a.bin", "size": 9, "duration": 7}
    return by_leancloud(type=kind, text="look", file={"url": URL, "objId": "f", "metaData": meta})


def in_leancloud(message: Message) -> Shown:
    """As one of LeanCloud's clients reads it: parsed as its plugin for typed messages does."""
    fields: Shown = json.loads(typed_message.written(message))
    kind = fields["_lctype"]
    if kind in typed_message.FILES:
        assert isinstance(fields["_lcfile"]["url"], str)
        assert isinstance(fields["_lcfile"]["metaData"], dict)
    if kind == MessageType.LOCATION:
        assert {"latitude", "longitude"} <= fields["_lcloc"].keys()
    return fields


def in_rong(message: Message) -> tuple[str, Shown]:
    """As one of RongCloud's clients reads it."""
    written = rong_objects.written(message)
    return written.object_name, json.loads(written.content)


class Kind(NamedTuple):
    """A meaning, who sends it, and what it is in each face."""

    type: MessageType
    clinic: int
    rong: str
    senders: tuple[Callable[[], Message], ...]


KINDS = [
    Kind(
        MessageType.TEXT,
        0,
        "RC:TxtMsg",
        (
            lambda: stored(-1, "hi"),
            lambda: by_clinic(0, "hi"),
            lambda: by_rong("RC:TxtMsg", content="hi"),
            lambda: by_leancloud(type=-1, text="hi"),
        ),
    ),
    Kind(
        MessageType.IMAGE,
        1,
        "RC:ImgMsg",
        (
            lambda: stored(-2, None, {"width": 3}, URL),
            lambda: by_clinic(1, URL),
            lambda: by_rong("RC:ImgMsg", imageUri=URL, content="AAAA"),
            lambda: file_by_leancloud(-2),
        ),
    ),
    Kind(
        MessageType.VOICE,
        2,
        "RC:HQVCMsg",
        (
            lambda: stored(-3, None, {"duration": 7}, URL),
            lambda: by_clinic(2, URL),
            lambda: by_rong("RC:HQVCMsg", remoteUrl=URL, duration=7),
            lambda: file_by_leancloud(-3),
        ),
    ),
    Kind(
        MessageType.VIDEO,
        3,
        "RC:SightMsg",
        (
            lambda: stored(-4, None, {"duration": 7}, URL),
            lambda: by_clinic(3, URL),
            lambda: by_rong("RC:SightMsg", sightUrl=URL, duration=7, size=9, name="a.bin"),
            lambda: file_by_leancloud(-4),
        ),
    ),
    Kind(
        MessageType.FILE,
        4,
        "RC:FileMsg",
        (
            lambda: stored(-6, None, {"name": "a.bin"}, URL),
            lambda: by_clinic(4, URL),
            lambda: by_rong("RC:FileMsg", fileUrl=URL, name="a.bin", size=9, type="bin"),
            lambda: file_by_leancloud(-6),
        ),
    ),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type.name)
@pytest.mark.parametrize("sender", range(4), ids=["platform", "clinic", "rong", "leancloud"])
def test_each_face_shows_its_own_kind_of_it(kind: Kind, sender: int) -> None:
    """The same type everywhere, and the same words or the same address."""
    message = kind.senders[sender]()
    said = "hi" if kind.type is MessageType.TEXT else URL
    assert (kind.type, None if said == URL else said, URL if said == URL else None) == (
        message.type,
        message.text if said != URL else None,
        message.url,
    )
    assert (kind.clinic, said) == contents.shown(message)
    name, content = in_rong(message)
    assert (kind.rong, True) == (name, said in content.values())
    fields = in_leancloud(message)
    assert kind.type == fields["_lctype"]
    assert said == (fields["_lctext"] if kind.type is MessageType.TEXT else fields["_lcfile"]["url"])


@pytest.mark.parametrize(
    "message",
    [
        stored(-5, "the gate", PLACE),
        by_rong("RC:LBSMsg", poi="the gate", **PLACE),
        by_leancloud(type=-5, text="the gate", loc=PLACE),
    ],
    ids=["platform", "rong", "leancloud"],
)
def test_a_place_is_a_place(message: Message) -> None:
    """With its coordinates, where there are such; in words where there are none."""
    assert (MessageType.LOCATION, (0, "[位置]the gate")) == (message.type, contents.shown(message))
    name, content = in_rong(message)
    assert ("RC:LBSMsg", {**PLACE, "poi": "the gate"}) == (name, {key: content[key] for key in (*PLACE, "poi")})
    assert PLACE == in_leancloud(message)["_lcloc"]


def test_what_is_known_of_a_file_is_known_everywhere() -> None:
    """How long it is and what it is called, by the names that each face has for that."""
    for message in (file_by_leancloud(-4), by_rong("RC:SightMsg", sightUrl=URL, duration=7, size=9, name="a.bin")):
        known = {"name": "a.bin", "size": 9, "duration": 7}
        assert known.items() <= json.loads(message.attr or "{}").items()
        assert known.items() <= in_rong(message)[1].items()
        assert known == in_leancloud(message)["_lcfile"]["metaData"]


def test_a_type_of_ones_own_is_a_text_elsewhere() -> None:
    """With its words, if it has any; at home it is what it was."""
    message = by_leancloud(type=7, text="a poll", attrs={"a": 1}, poll=[1])
    assert (7, "a poll", {"a": 1}) == (message.type, message.text, json.loads(message.attr or ""))
    assert (0, "a poll") == contents.shown(message)
    name, content = in_rong(message)
    assert ("RC:TxtMsg", "a poll", '{"a":1}') == (name, content["content"], content["extra"])
    assert {"_lctype": 7, "_lctext": "a poll", "_lcattrs": {"a": 1}, "_lcpoll": [1]} == in_leancloud(message)
    bare = by_leancloud(type=7)
    assert ((0, ""), "") == (contents.shown(bare), in_rong(bare)[1]["content"])


def test_an_object_of_rongclouds_own_is_a_text_elsewhere() -> None:
    """That says what it is."""
    message = by_rong("App:Gift", roses=3)
    assert (0, "[App:Gift]") == contents.shown(message)
    assert (-1, "[App:Gift]") == (in_leancloud(message)["_lctype"], in_leancloud(message)["_lctext"])
    assert ("App:Gift", {"roses": 3}) == in_rong(message)


def test_bytes_are_a_word_elsewhere() -> None:
    """Nobody else could read them."""
    content = typed_message.read(b"\x00\x01")
    message = stored(content.type, content.text, None, None, content.raw, is_binary=True)
    assert ((0, "[binary]"), b"\x00\x01") == (contents.shown(message), typed_message.written(message))


def test_what_was_recalled_is_gone_everywhere() -> None:
    """Each face has its word for that."""
    message = stored(-2, status=MessageStatus.RECALLED, patched_at=2)
    assert ((0, contents.RECALLED), {"_lctype": -127}) == (contents.shown(message), in_leancloud(message))
