"""Each push: whom it is for is added later, when and how much it matters is there from the beginning."""

from typing import Any

import msgspec
import pytest

from parlance.protocols.leancloud.codecs import CODECS, Push
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.json_frames import flattened
from parlance.protocols.leancloud.pushes import conversations, farewells, messages
from protocols.leancloud.parts import TIME, decoded

UDATE = "2026-01-01T00:00:00.000Z"


def conv(op: str, notification: int, **fields: Any) -> dict[str, Any]:
    """A push about conversation `c`, flat."""
    return {"cmd": "conv", "op": op, "notificationType": notification, "cid": "c", "initBy": "tom", **fields}


CASES: list[tuple[Push, dict[str, Any]]] = [
    (conversations.joined("c", "tom", UDATE, TIME), conv("joined", 1, udate=UDATE)),
    (
        conversations.joined("c", "tom", None, TIME, temp_conv_ttl=9),
        conv("joined", 1, tempConv=True, tempConvTTL=9),
    ),
    (conversations.left("c", "tom", UDATE, TIME), conv("left", 1, udate=UDATE)),
    (
        conversations.members_joined("c", ["a"], "tom", UDATE, TIME),
        conv("members-joined", 2, m=["a"], udate=UDATE),
    ),
    (
        conversations.members_joined("c", ["a"], "tom", None, TIME, temp_conv_ttl=9),
        conv("members-joined", 2, m=["a"], tempConv=True, tempConvTTL=9),
    ),
    (conversations.members_left("c", ["a"], "tom", UDATE, TIME), conv("members-left", 2, m=["a"], udate=UDATE)),
    (
        conversations.updated("c", {"name": "x"}, {"name": "x"}, "tom", UDATE, TIME),
        conv("updated", 2, udate=UDATE, attr={"name": "x"}, attrModified={"name": "x"}),
    ),
    (
        conversations.member_info_changed("c", "a", "Manager", "i", "tom", TIME),
        conv("member-info-changed", 2, info={"pid": "a", "role": "Manager", "infoId": "i"}),
    ),
    (conversations.shut_up("c", "tom", TIME), conv("shutuped", 1)),
    (conversations.let_speak("c", "tom", TIME), conv("unshutuped", 1)),
    (conversations.members_shut_up("c", ["a"], "tom", TIME), conv("members-shutuped", 2, m=["a"])),
    (conversations.members_let_speak("c", ["a"], "tom", TIME), conv("members-unshutuped", 2, m=["a"])),
    (conversations.blocked("c", "tom", TIME), conv("blocked", 1)),
    (conversations.unblocked("c", "tom", TIME), conv("unblocked", 1)),
    (conversations.members_blocked("c", ["a"], "tom", TIME), conv("members-blocked", 2, m=["a"])),
    (conversations.members_unblocked("c", ["a"], "tom", TIME), conv("members-unblocked", 2, m=["a"])),
    (
        messages.direct("m", "c", "tom", "hi", TIME, 1, TIME),
        {"cmd": "direct", "id": "m", "cid": "c", "fromPeerId": "tom", "msg": "hi", "timestamp": TIME, "convType": 1},
    ),
    (
        messages.direct("m", "c", "tom", b"\xff\x00", TIME, 2, TIME, mention_all=True, mention_pids=["a"],
                        transient=True, patch_timestamp=5, offline=True, has_more=True),
        {"cmd": "direct", "id": "m", "cid": "c", "fromPeerId": "tom", "binaryMsg": "/wA=", "timestamp": TIME,
         "convType": 2, "mentionAll": True, "mentionPids": ["a"], "transient": True, "patchTimestamp": 5,
         "offline": True, "hasMore": True},
    ),
    (messages.delivered("m", "c", 5, "a", TIME), {"cmd": "rcp", "id": "m", "cid": "c", "t": 5, "from": "a"}),
    (
        messages.read("m", "c", 5, "a", TIME),
        {"cmd": "rcp", "id": "m", "cid": "c", "t": 5, "from": "a", "read": True, "notificationType": 1},
    ),
    (
        messages.unread([messages.unread_row("c", 3, mid="m", timestamp=5, sender="a", content="hi", conv_type=1),
                         messages.unread_row("d", 0)], TIME),
        {"cmd": "unread", "notifTime": TIME, "convs": [
            {"cid": "c", "unread": 3, "mid": "m", "timestamp": 5, "from": "a", "data": "hi", "mentioned": False,
             "convType": 1},
            {"cid": "d", "unread": 0, "mentioned": False},
        ]},
    ),
    (
        messages.unread([messages.unread_row("c", 1, content=b"\xff", patch_timestamp=6, mentioned=True)], TIME),
        {"cmd": "unread", "notifTime": TIME, "convs": [
            {"cid": "c", "unread": 1, "binaryMsg": "/w==", "patchTimestamp": 6, "mentioned": True},
        ]},
    ),
    (
        messages.patch("c", "m", "tom", "{}", 5, 6, TIME, recall=True),
        {"cmd": "patch", "op": "modify", "lastPatchTime": 6, "patches": [
            {"cid": "c", "mid": "m", "timestamp": 5, "recall": True, "data": "{}", "patchTimestamp": 6, "from": "tom"},
        ]},
    ),
    (
        messages.patch("c", "m", "tom", b"\xff", 5, 6, TIME, mention_all=True, mention_pids=["a"], patch_code=-4408,
                       patch_reason="words"),
        {"cmd": "patch", "op": "modify", "lastPatchTime": 6, "patches": [
            {"cid": "c", "mid": "m", "timestamp": 5, "recall": False, "binaryMsg": "/w==", "patchTimestamp": 6,
             "from": "tom", "mentionAll": True, "mentionPids": ["a"], "patchCode": -4408, "patchReason": "words"},
        ]},
    ),
    (
        farewells.kicked(ErrorCode.SESSION_CONFLICT, None, TIME),
        {"cmd": "session", "op": "closed", "code": 4111, "reason": "SESSION_CONFLICT"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("push", "expected"), CASES)
def test_each_push(push: Push, expected: dict[str, Any]) -> None:
    """Says what it was given, and sets no other field."""
    said = msgspec.json.decode(msgspec.json.encode(flattened(push.command)))
    assert expected | {"service": 2, "serverTs": TIME} == said


@pytest.mark.parametrize(("push", "expected"), CASES)
def test_each_push_travels(push: Push, expected: dict[str, Any]) -> None:
    """In every format, to whom it concerns, without a serial."""
    for codec in CODECS.values():
        read = decoded(codec, codec.addressed(push, "jerry"))
        assert ("jerry", False) == (read.peerId, read.HasField("i"))
        read.ClearField("peerId")
        assert push.command == read


def test_a_push_says_what_it_said_when_it_was_made() -> None:
    """Lists that change later do not change it."""
    members = ["a"]
    push = conversations.members_joined("c", members, "tom", None, TIME)
    members.append("b")
    assert ["a"] == list(push.command.convMessage.m)


def test_what_a_watched_query_found_goes_to_an_installation() -> None:
    """Which has no client id."""
    found = messages.data(["1"], [{"op": "create", "object": {}, "query_id": "q"}], "inst")
    assert {
        "cmd": "data", "service": 1, "installationId": "inst", "ids": ["1"],
        "msg": [{"op": "create", "object": {}, "query_id": "q"}],
    } == msgspec.json.decode(msgspec.json.encode(flattened(found)))  # fmt: skip
