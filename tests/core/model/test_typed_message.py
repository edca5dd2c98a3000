"""What LeanCloud's clients write in a message, and our messages."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parlance.core.model.message import Message, MessageStatus, MessageType, NewContent
from parlance.core.model.system_message import SYSTEM
from parlance.core.model.typed_message import BINARY, FILES, NOTICE, RECALLED, Typed, read, written, written_content
from parlance.kernel.ids import AppId, ClientId, ConvId

URL = "https://example.com/a"
_NOT_NOTICES: tuple[Any, ...] = (None, {"sys_message_type": []})
META = {"name": "a.bin", "size": 9, "format": "image/png", "width": 4, "height": 3}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "_lctype": st.sampled_from([-1, -2, -3, -4, -5, -6, -7, -127, 0, 1, 99, 1 << 31, 1.0, True, "1", None]),
    "_lctext": st.text() | JSON,
    "_lcattrs": st.dictionaries(st.text(), JSON, max_size=3) | JSON,
    "_lcfile": st.fixed_dictionaries(
        {"url": st.text() | JSON}, optional={"objId": st.text() | JSON, "metaData": st.just(META) | JSON}
    )
    | JSON,
    "_lcloc": st.fixed_dictionaries({}, optional={"longitude": st.integers() | JSON, "latitude": st.integers() | JSON})
    | JSON,
}
OBJECTS = st.builds(
    lambda known, more: {**more, **known},
    st.fixed_dictionaries({}, optional=FIELDS),
    st.dictionaries(st.text(), JSON, max_size=2),
)


def stored(content: Typed, **more: Any) -> Message:
    """A message that says it."""
    message = Message(
        1,
        AppId("hall"),
        1,
        ConvId("c"),
        1,
        ClientId("ada"),
        content.type,
        content.text,
        content.attr,
        content.url,
        False,
        (),
        False,
        None,
        1,
        raw=content.raw,
        is_binary=content.is_binary,
    )
    return msgspec.structs.replace(message, **more)


def ours(kind: int, text: str | None = None, attr: Any = None, url: str | None = None, **more: Any) -> Any:
    """What a message that no client of theirs sent is to them."""
    return json.loads(written(stored(Typed(kind, text, None if attr is None else json.dumps(attr), url), **more)))


def theirs(**fields: Any) -> Typed:
    """A content of theirs, read."""
    return read(json.dumps({f"_lc{name}": value for name, value in fields.items()}))


def test_a_text_is_a_text() -> None:
    """Text and attributes; nothing more need be kept."""
    assert Typed(-1, "hi", '{"a":1}') == theirs(type=-1, text="hi", attrs={"a": 1})
    assert Typed(-1, "hi") == theirs(type=-1, text="hi")


@pytest.mark.parametrize("kind", sorted(FILES))
def test_a_file_has_its_address_and_what_is_known_about_it(kind: int) -> None:
    """`url`, and in `attr` what stood in the file's data, beside the attributes."""
    found = theirs(type=kind, text="look", attrs={"a": 1}, file={"url": URL, "objId": "f1", "metaData": META})
    assert (kind, "look", URL, None) == (found.type, found.text, found.url, found.raw)
    assert {"a": 1, "objId": "f1", **META} == json.loads(found.attr or "")


def test_a_location_has_its_coordinates() -> None:
    """`attr` has them by their names."""
    found = theirs(type=-5, text="the gate", loc={"longitude": 116.4, "latitude": 39.9})
    assert Typed(-5, "the gate", '{"longitude":116.4,"latitude":39.9}') == found


@pytest.mark.parametrize("words", ["hello", "", "[1]", '"x"', "7", "{", '{"a":1e400}', "[" * 5000])
def test_what_is_no_object_is_a_text(words: str) -> None:
    """A text of that, and that very text again."""
    found = read(words)
    assert (Typed(-1, words, raw=words), words) == (found, written(stored(found)))


def test_an_object_without_a_type_is_a_text() -> None:
    """What it says, if it says something in words, else all of it."""
    assert "hi" == read('{"_lctext":"hi"}').text
    assert '{"a":1}' == read('{"a":1}').text


def test_bytes_are_bytes() -> None:
    """They come back as they were; who can only read sees that there is something."""
    found = read(b"\x00\xff")
    assert (BINARY, True, b"\x00\xff") == (found.text, found.is_binary, written(stored(found)))


def test_a_type_of_their_own_is_kept_as_it_came() -> None:
    """Its number, its words and its attributes are ours as well, and nothing of it is lost."""
    payload = '{"_lctype": 7, "_lctext":"a poll", "_lcattrs":{"a":1},  "options":["x"]}'
    found = read(payload)
    assert Typed(7, "a poll", '{"a":1}', raw=payload) == found
    assert payload == written(stored(found))


def test_what_has_no_place_is_kept_as_it_came() -> None:
    """Attributes that would be taken for the file's, more data of it, more fields: then all of it is kept."""
    file = {"url": URL, "metaData": META}
    odds: tuple[dict[str, Any], ...] = (
        {"attrs": {"name": "x"}, "file": file},
        {"file": {**file, "metaData": {**META, "owner": "ada"}}},
        {"file": {**file, "more": 1}},
        {"text": None, "file": file},
        {"attrs": [1], "file": file},
    )
    for odd in odds:
        found = theirs(type=-2, **odd)
        assert (URL, json.dumps({"_lctype": -2, **{f"_lc{k}": v for k, v in odd.items()}})) == (found.url, found.raw)


def test_a_text_that_says_nothing_is_kept_as_it_came() -> None:
    """We would not take it otherwise; they may."""
    assert '{"_lctype": -1, "_lctext": ""}' == theirs(type=-1, text="").raw


def test_nul_is_left_out_of_what_is_shown() -> None:
    """Not every store could keep it; what was written is kept in its escaped form."""
    found = theirs(type=-1, text="a\x00b")
    assert ("ab", '{"_lctype": -1, "_lctext": "a\\u0000b"}') == (found.text, found.raw)


def test_an_image_of_ours_has_all_that_their_clients_look_for() -> None:
    """The address and the data of the file; what else is known of it are attributes."""
    assert {"_lctype": -2, "_lcfile": {"url": URL, "metaData": {}}} == ours(-2, url=URL)
    assert {
        "_lctype": -6,
        "_lctext": "notes",
        "_lcattrs": {"a": 1},
        "_lcfile": {"url": URL, "metaData": {"name": "a.pdf", "size": 9}},
    } == ours(-6, "notes", {"name": "a.pdf", "a": 1, "size": 9}, URL)


def test_a_location_of_ours_is_one_only_with_coordinates() -> None:
    """Without, or with impossible ones, it is a text with its name: their clients would fall over it."""
    assert {"_lctype": -5, "_lctext": "gate", "_lcloc": {"longitude": 1, "latitude": 2}, "_lcattrs": {"name": "x"}} == (
        ours(-5, "gate", {"latitude": 2, "longitude": 1, "name": "x"})
    )
    assert {"_lctype": -1, "_lctext": "x", "_lcattrs": {"name": "x"}} == ours(-5, None, {"name": "x"})
    assert -1 == ours(-5, "gate", {"latitude": 91, "longitude": 1})["_lctype"]


def test_what_the_app_says_has_a_type_of_its_own() -> None:
    """Notices are of their type 1, with all their fields as attributes; others called `system` are not."""
    notice = {"sys_message_type": "added_to_group", "gid": 7}
    assert {"_lctype": NOTICE, "_lctext": "come in", "_lcattrs": notice} == (ours(-1, "come in", notice, sender=SYSTEM))
    assert -1 == ours(-1, "come in", notice)["_lctype"]
    assert [-1, -1] == [ours(-1, "x", attr, sender=SYSTEM)["_lctype"] for attr in _NOT_NOTICES]


def test_what_was_recalled_says_so() -> None:
    """Whatever it was."""
    gone = stored(Typed(-2, None), status=MessageStatus.RECALLED, patched_at=2)
    assert RECALLED == written(gone)


def test_an_edit_takes_all_of_it() -> None:
    """A new content is a draft's, with its mentions."""
    content = theirs(type=7, text="x").new_content(mention_all=True)
    assert (7, "x", True, None) == (content.type, content.text, content.mention_all, content.mentions)
    draft = theirs(type=7, text="x").draft(ClientId("ada"), ConvId("c"))
    assert (7, "x", content.raw) == (draft.type, draft.text, draft.raw)


def test_an_edit_is_written_as_a_message_is() -> None:
    """Anew, or as it came; without a type it is a text."""
    for payload in ('{"_lctype":-1,"_lctext":"x"}', '{"_lctype":7}', b"\x00"):
        assert payload == written_content(read(payload).new_content())
    assert '{"_lctype":-1,"_lctext":"x"}' == written_content(NewContent("x", None))


def test_what_cannot_be_bytes_is_none() -> None:
    """Nothing that stands in the store makes anything fall over."""
    assert b"" == written(stored(Typed(-1, BINARY, raw="?", is_binary=True)))


def _canonical(payload: str | bytes) -> bytes:
    return msgspec.json.encode(msgspec.json.decode(payload), order="sorted")


@given(OBJECTS)
@example({"_lctype": -1, "_lctext": "x", "_lcattrs": {}})
@example({"_lctype": -2, "_lcattrs": {}, "_lcfile": {"url": "", "metaData": {"name": 1}}})
@example({"_lctype": -5, "_lcloc": {"longitude": 1, "latitude": True}})
@example({"_lctype": -5, "_lcloc": {"longitude": 1, "latitude": 2, "x": 3}})
def test_any_object_comes_back(fields: dict[str, Any]) -> None:
    """What is read and written again is the same JSON, and its type is a number."""
    payload = json.dumps(fields)
    found = read(payload)
    assert _canonical(payload) == _canonical(written(stored(found)))
    assert found.raw == payload or found.type in set(MessageType)


@given(st.text() | st.binary())
def test_anything_comes_back(payload: str | bytes) -> None:
    """Any text as it was, or as the same JSON; any bytes as they were."""
    back = written(stored(read(payload)))
    assert payload == back or _canonical(payload) == _canonical(back)


@given(st.sampled_from(sorted(MessageType)), st.none() | st.text(), st.none() | JSON, st.none() | st.text())
def test_any_message_of_ours_is_a_typed_one(kind: int, text: str | None, attr: Any, url: str | None) -> None:
    """Whatever was sent through another face is an object with a type that they know, and says the same if read."""
    fields = ours(kind, text, attr, url)
    assert fields["_lctype"] in {kind, MessageType.TEXT}
    assert text is None or text == fields["_lctext"] or (not text and kind == MessageType.LOCATION)
