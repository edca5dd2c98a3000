"""RongCloud's objects and our messages, both ways."""

import json
from typing import Any

import pytest

from parlance.core.model.message import Message, MessageType
from parlance.core.model.rong_objects import SHAPES, said, written
from parlance.kernel.ids import AppId, ClientId, ConvId

URL = "https://example.com/a"
OBJECTS: dict[str, tuple[dict[str, Any], MessageType, str | None, str | None, dict[str, Any]]] = {
    "RC:TxtMsg": ({"content": "hi"}, MessageType.TEXT, "hi", None, {}),
    "RC:ImgMsg": ({"content": "AAAA", "imageUri": URL}, MessageType.IMAGE, None, URL, {}),
    "RC:HQVCMsg": ({"remoteUrl": URL, "duration": 7}, MessageType.VOICE, None, URL, {"duration": 7}),
    "RC:SightMsg": (
        {"sightUrl": URL, "content": "AAAA", "duration": 7, "size": 9, "name": "a.mp4"},
        MessageType.VIDEO,
        None,
        URL,
        {"duration": 7, "size": 9, "name": "a.mp4"},
    ),
    "RC:LBSMsg": (
        {"content": "AAAA", "latitude": 39.9, "longitude": 116.4, "poi": "天安门"},
        MessageType.LOCATION,
        "天安门",
        None,
        {"latitude": 39.9, "longitude": 116.4, "name": "天安门"},
    ),
    "RC:FileMsg": (
        {"name": "a.pdf", "size": "9", "type": "pdf", "fileUrl": URL},
        MessageType.FILE,
        None,
        URL,
        {"name": "a.pdf", "size": "9", "type": "pdf"},
    ),
}
MORE = {"extra": "x", "user": {"id": "1", "name": "Ada", "portrait": "", "extra": ""}}


def message(type_: int, text: str | None, url: str | None, attr: Any, *, mention_all: bool = False) -> Message:
    """A stored message."""
    encoded = attr if attr is None or isinstance(attr, str) else json.dumps(attr)
    return Message(
        1, AppId("hall"), 1, ConvId("c"), 1, ClientId("ada"), type_, text, encoded, url, mention_all, (), False, None, 1
    )


def test_the_table_has_every_type_once() -> None:
    """Each type of ours is one object of RongCloud's."""
    assert set(MessageType) == {shape.type for shape in SHAPES.values()}
    assert len(MessageType) == len(SHAPES)


@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_is_a_message(name: str) -> None:
    """Type, text, address, and what stands in `attr`."""
    content, type_, text, url, attr = OBJECTS[name]
    found = said(name, json.dumps(content), {})
    kept = json.loads(found.attr)
    assert name == kept.pop("rongcloud")["object_name"]
    assert (type_, text, url, attr) == (found.type, found.text, found.url, kept)


@pytest.mark.parametrize("name", OBJECTS)
def test_what_goes_back_is_what_came(name: str) -> None:
    """Whatever else stood in it."""
    content = {**OBJECTS[name][0], **MORE}
    found = said(name, json.dumps(content), {"uid": "5FGT"})
    back = written(message(found.type, found.text, found.url, found.attr))
    assert (name, content) == (back.object_name, json.loads(back.content))


@pytest.mark.parametrize("content", ['{"card":7}', "not json", '["list"]'])
def test_so_does_what_we_have_no_place_for(content: str) -> None:
    """Unharmed, though it is a text here."""
    found = said("app:card", content, {})
    assert (MessageType.TEXT, "[app:card]") == (found.type, found.text)
    back = written(message(found.type, found.text, found.url, found.attr))
    assert "app:card" == back.object_name
    assert content in {back.content, json.dumps(back.content)}


def test_a_notice_says_what_it_says() -> None:
    """Some objects have words for people."""
    assert "Ada invited Ben" == said("RC:InfoNtf", '{"message":"Ada invited Ben"}', {}).text


@pytest.mark.parametrize("name", OBJECTS)
def test_without_what_makes_it_one_it_is_none(name: str) -> None:
    """An empty object of a known type is kept as it came."""
    found = said(name, "{}", {})
    assert (MessageType.TEXT, f"[{name}]") == (found.type, found.text)


@pytest.mark.parametrize(
    ("type_", "text", "url", "attr", "name", "content"),
    [
        (-1, "hi", None, None, "RC:TxtMsg", {"content": "hi"}),
        (-2, None, URL, None, "RC:ImgMsg", {"content": "", "imageUri": URL}),
        (-3, None, URL, {"duration": 3}, "RC:HQVCMsg", {"remoteUrl": URL, "duration": 3}),
        (-6, None, URL, {"name": "a"}, "RC:FileMsg", {"name": "a", "size": 0, "type": "", "fileUrl": URL}),
        (-1, "hi", None, {"n": 1}, "RC:TxtMsg", {"content": "hi", "extra": '{"n":1}'}),
        (-1, "hi", None, "[1]", "RC:TxtMsg", {"content": "hi"}),
        (-1, "hi", None, {"rongcloud": 7}, "RC:TxtMsg", {"content": "hi"}),
    ],
)
def test_a_message_of_ours_is_an_object(
    type_: int, text: str | None, url: str | None, attr: Any, name: str, content: Any
) -> None:
    """With the fields that RongCloud's clients look for; what is in `attr` besides is `extra`."""
    back = written(message(type_, text, url, attr))
    assert (name, content) == (back.object_name, json.loads(back.content))


def test_mentions_are_written() -> None:
    """Of everybody, or of some by their numbers."""
    some = written(message(-1, "hi", None, None), ("2", "3"))
    everybody = written(message(-1, "hi", None, None, mention_all=True))
    infos = [json.loads(each.content)["mentionedInfo"] for each in (some, everybody)]
    assert (True, True) == (some.mentions, everybody.mentions)
    assert [(2, ["2", "3"]), (1, [])] == [(info["type"], info["userIdList"]) for info in infos]
