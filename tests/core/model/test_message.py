"""Messages."""

from typing import Any

import msgspec
import pytest

from core.world import refused
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.message import (
    LARGEST_BINARY,
    LARGEST_CONTENT,
    LONGEST_REF,
    Draft,
    MessageStatus,
    MessageType,
    NewContent,
    judge,
    judge_edit,
    location_name,
    message_of,
)
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import AppId, ClientId, ConvId, message_hex
from realtime.parts import clients, message

TWENTY = clients(f"p{number}" for number in range(20))


def _draft(**what: Any) -> Draft:
    return Draft(ClientId("ada"), **{"type": -1, "text": "hello", **what})


def test_types_are_numbered() -> None:
    """As the platform document and LeanCloud number them."""
    assert [-1, -2, -3, -4, -5, -6] == [kind.value for kind in MessageType]


@pytest.mark.parametrize(
    "what",
    [
        {},
        {"text": " "},
        *({"type": kind, "text": None} for kind in range(-6, -1)),
        {"type": -2, "text": "", "url": "https://x/cat.png"},
        {"text": "x" * LARGEST_CONTENT},
        {"text": "é" * (LARGEST_CONTENT // 2)},
        {"text": "x" * 60_000, "attr": "y" * 5_000, "url": "z" * 536},
        {"mentions": TWENTY},
        {"ref": "r"},
        {"ref": "ü" * LONGEST_REF},
    ],
    ids=lambda what: str(what)[:40],
)
def test_what_can_be_said(what: dict[str, Any]) -> None:
    """A text needs words, everything else needs nothing; there is a bound for all of it together."""
    judge(_draft(**what))


@pytest.mark.parametrize(
    ("what", "code", "field"),
    [
        ({"type": 0}, FaultCode.BAD_FORMAT, "type"),
        ({"type": -7}, FaultCode.BAD_FORMAT, "type"),
        ({"type": 1 << 70}, FaultCode.BAD_FORMAT, "type"),
        ({"text": None}, FaultCode.MISSING_FIELD, "text"),
        ({"text": ""}, FaultCode.MISSING_FIELD, "text"),
        ({"text": "x" * (LARGEST_CONTENT + 1)}, FaultCode.BAD_FORMAT, "text"),
        ({"text": "é" * (LARGEST_CONTENT // 2) + "x"}, FaultCode.BAD_FORMAT, "text"),
        ({"attr": "x" * LARGEST_CONTENT}, FaultCode.BAD_FORMAT, "attr"),
        ({"url": "x" * LARGEST_CONTENT}, FaultCode.BAD_FORMAT, "url"),
        ({"text": "a\x00b"}, FaultCode.BAD_FORMAT, "text"),
        ({"attr": "\x00"}, FaultCode.BAD_FORMAT, "attr"),
        ({"url": "\x00"}, FaultCode.BAD_FORMAT, "url"),
        ({"mentions": (*TWENTY, ClientId("one"))}, FaultCode.BAD_FORMAT, "mention_client_ids"),
        ({"ref": ""}, FaultCode.BAD_FORMAT, "ref"),
        ({"ref": "r" * (LONGEST_REF + 1)}, FaultCode.BAD_FORMAT, "ref"),
        ({"ref": "\x00"}, FaultCode.BAD_FORMAT, "ref"),
        ({"text": "\ud800"}, FaultCode.BAD_FORMAT, "text"),
        ({"attr": "\udfff"}, FaultCode.BAD_FORMAT, "attr"),
        ({"ref": "\ud800"}, FaultCode.BAD_FORMAT, "ref"),
    ],
    ids=lambda what: ascii(what)[:40],
)
def test_what_cannot_be_said(what: dict[str, Any], code: FaultCode, field: str) -> None:
    """The refusal names what was wrong."""
    with pytest.raises(Fault) as caught:
        judge(_draft(**what))
    assert (code, field) == (caught.value.code, caught.value.field)


def test_an_edit_is_judged_like_a_draft() -> None:
    """A text keeps words; an image may lose them; what was recalled is gone."""
    text, image = message("ada", "hello"), msgspec.structs.replace(message("ada", ""), type=-2)
    judge_edit(text, NewContent("better", None))
    judge_edit(image, NewContent(None, None))
    assert FaultCode.MISSING_FIELD is refused(lambda: judge_edit(text, NewContent("", None)))
    assert FaultCode.BAD_FORMAT is refused(lambda: judge_edit(text, NewContent("a\x00", None)))
    assert FaultCode.BAD_FORMAT is refused(lambda: judge_edit(image, NewContent(None, "x" * (LARGEST_CONTENT + 1))))
    recalled = msgspec.structs.replace(text, status=MessageStatus.RECALLED)
    assert FaultCode.NOT_PERMITTED is refused(lambda: judge_edit(recalled, NewContent("again", None)))


def test_the_world_knows_it_by_its_number() -> None:
    """The same every time one asks."""
    said = message("ada", "hello")
    assert message_hex(said.id) == said.msg_id == said.msg_id


def test_what_has_no_place_is_transient() -> None:
    """Place 0 is a place that is still to be given."""
    assert [True, False, False] == [message("ada", "x", seq).transient for seq in (None, 0, 1)]


@pytest.mark.parametrize(
    ("text", "attr", "expected"),
    [
        ("人民医院", '{"name":"elsewhere"}', "人民医院"),
        (None, '{"name":"人民医院","title":"t","address":"a"}', "人民医院"),
        ("", '{"title":"t","address":"a"}', "t"),
        (None, '{"name":"","title":7,"address":"a"}', "a"),
        (None, '{"latitude":39.9}', ""),
        (None, None, ""),
        (None, "[1,2]", ""),
        (None, '"here"', ""),
        (None, "null", ""),
    ],
)
def test_a_location_has_a_name(text: str | None, attr: str | None, expected: str) -> None:
    """Its text, else what its extension calls it, in this order; none is no error."""
    assert expected == location_name(text, attr)


@pytest.mark.parametrize(
    "what",
    [
        {"type": 7, "text": None},
        {"type": -(1 << 31), "raw": ""},
        {"type": (1 << 31) - 1, "raw": "x" * LARGEST_CONTENT},
        {"text": ""},
        {"raw": "A" * LARGEST_BINARY, "is_binary": True},
        {"push_data": "x" * LARGEST_CONTENT},
    ],
    ids=lambda what: str(what)[:40],
)
def test_what_leancloud_s_clients_write_may_be_of_any_type(what: dict[str, Any]) -> None:
    """Theirs need say nothing that others read; its size has a bound of its own, for bytes the same."""
    judge(_draft(**{"raw": "{}", **what}))


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"type": 1 << 31}, "type"),
        ({"type": -(1 << 31) - 1}, "type"),
        ({"raw": "x" * (LARGEST_CONTENT + 1)}, "raw"),
        ({"raw": "A" * (LARGEST_BINARY + 4), "is_binary": True}, "raw"),
        ({"raw": "\x00"}, "raw"),
        ({"push_data": "x" * (LARGEST_CONTENT + 1)}, "push_data"),
        ({"push_data": "\x00"}, "push_data"),
    ],
    ids=lambda what: ascii(what)[:40],
)
def test_what_leancloud_s_clients_cannot_say(what: dict[str, Any], field: str) -> None:
    """A type that is no 32-bit number, too much of it, and what is no text."""
    with pytest.raises(Fault) as caught:
        judge(_draft(**{"raw": "{}", **what}))
    assert (FaultCode.BAD_FORMAT, field) == (caught.value.code, caught.value.field)


def test_an_edit_may_make_another_type_of_it() -> None:
    """Judged as what is sent; one that says nothing of the type leaves it."""
    said = message("ada", "hi")
    for content in (
        NewContent(None, None, type=-2, url="https://x/a.png"),
        NewContent(None, None, type=7, raw="{}"),
        NewContent(None, None, raw="{}"),
        NewContent("x", None, mentions=TWENTY),
    ):
        judge_edit(said, content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (NewContent("x", None, type=7), FaultCode.BAD_FORMAT),
        (NewContent(None, None, type=-1), FaultCode.MISSING_FIELD),
        (NewContent("x", None, type=1 << 31, raw="{}"), FaultCode.BAD_FORMAT),
        (NewContent("x", None, raw="x" * (LARGEST_CONTENT + 1)), FaultCode.BAD_FORMAT),
        (NewContent("x", None, type=-2, url="x" * LARGEST_CONTENT), FaultCode.BAD_FORMAT),
        (NewContent("x", None, mentions=(*TWENTY, ClientId("one"))), FaultCode.BAD_FORMAT),
    ],
    ids=lambda what: str(what)[:40],
)
def test_an_edit_cannot_say_more_than_a_message(content: NewContent, code: FaultCode) -> None:
    """Its types, its size and its mentions have the same bounds."""
    assert code is refused(lambda: judge_edit(message("ada", "hi"), content))


def test_a_draft_becomes_a_message() -> None:
    """With everything that it says; what passes by has no place."""
    room = Conversation(7, AppId("hall"), ConvId("c"), Kind.ROOM, ClientId("ada"), 1, 10)
    draft = _draft(raw="{}", is_binary=True, receipt=True, sync=True, mentions=TWENTY, ref="r", url="u", attr="{}")
    made = message_of(draft, room, 5, 9)
    assert (5, "hall", 7, "c", 0, "ada", 9) == (
        made.id,
        made.app_id,
        made.conversation,
        made.conv_id,
        made.seq,
        made.sender,
        made.created_at,
    )
    for name in ("type", "text", "attr", "url", "mentions", "sync", "ref", "raw", "is_binary", "receipt"):
        assert getattr(draft, name) == getattr(made, name)
    assert message_of(_draft(transient=True), room, 5, 9).transient
    assert message_of(_draft(), msgspec.structs.replace(room, keep_history=False), 5, 9).transient
