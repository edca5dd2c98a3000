"""Each answer: what is said in it, and what is not there at all."""

from typing import Any

import msgspec
import pytest

from parlance.protocols.leancloud.answers import conversations, failures, messages, sessions
from parlance.protocols.leancloud.codecs import CODECS
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.json_frames import flattened
from protocols.leancloud.parts import TIME, decoded

UDATE = "2026-01-01T00:00:00.000Z"
FAILED = failures.failure(ErrorCode.BLOCKED_BY_CONV, pids=["b"])
FAILED_ROWS = [{"code": 4548, "reason": "BLOCKED_BY_CONV", "pids": ["b"]}]


def conv(op: str, **fields: Any) -> dict[str, Any]:
    """A conversation's answer, flat."""
    return {"cmd": "conv", "op": op, **fields}


def blacklist(op: str, **fields: Any) -> dict[str, Any]:
    """The same of the blacklist."""
    return {"cmd": "blacklist", "op": op, **fields}


CASES: list[tuple[pb.GenericCommand, dict[str, Any]]] = [
    (
        sessions.opened("st", 60, TIME),
        {"cmd": "session", "op": "opened", "serverTs": TIME, "st": "st", "stTtl": 60},
    ),
    (sessions.refreshed("st", 60), {"cmd": "session", "op": "refreshed", "st": "st", "stTtl": 60}),
    (sessions.closed(), {"cmd": "session", "op": "closed"}),
    (
        sessions.conflicting(),
        {"cmd": "session", "op": "closed", "code": 4111, "reason": "SESSION_CONFLICT"},
    ),
    (sessions.online(["a"]), {"cmd": "session", "op": "query-result", "onlineSessionPeerIds": ["a"]}),
    (sessions.online([]), {"cmd": "session", "op": "query-result"}),
    (sessions.uploaded(), {"cmd": "report", "op": "uploaded"}),
    (sessions.logged_in("i", 1), {"cmd": "loggedin", "installationId": "i", "service": 1}),
    (sessions.logged_out(None, None), {"cmd": "loggedout", "service": 0}),
    (sessions.echo(), {"cmd": "echo"}),
    (conversations.started("c", UDATE), conv("started", cid="c", cdate=UDATE)),
    (
        conversations.started("c", UDATE, unique_id="u", existing=True, temp_conv_ttl=9),
        conv("started", cid="c", cdate=UDATE, uniqueId="u", existing=True, tempConvTTL=9),
    ),
    (conversations.added("c", ["a"], [], UDATE), conv("added", cid="c", udate=UDATE, allowedPids=["a"])),
    (
        conversations.removed("c", ["a"], [FAILED], None),
        conv("removed", cid="c", allowedPids=["a"], failedPids=FAILED_ROWS),
    ),
    (conversations.updated("c", UDATE), conv("updated", cid="c", udate=UDATE)),
    (
        conversations.updated("c", UDATE, {"a.b": 1}, {"a.b": 1}),
        conv("updated", cid="c", udate=UDATE, attr={"a.b": 1}, attrModified={"a.b": 1}),
    ),
    (conversations.counted("c", 0), conv("result", cid="c", count=0)),
    (conversations.members("c", ["a"]), conv("members", cid="c", m=["a"])),
    (conversations.membership({"c": True, "d": False}), conv("results", results={"c": True, "d": False})),
    (conversations.max_read("c", None, None), conv("max-read", cid="c")),
    (
        conversations.max_read("c", 1, 2),
        conv("max-read", cid="c", maxAckTimestamp=1, maxReadTimestamp=2),
    ),
    (
        conversations.max_read_of_each("c", [("a", 1, None), ("b", None, 2)]),
        conv("max-read", cid="c", maxReadTuples=[
            {"pid": "a", "maxAckTimestamp": 1}, {"pid": "b", "maxReadTimestamp": 2},
        ]),
    ),
    (conversations.rows([]), conv("results", results=[])),
    (conversations.rows([{"objectId": "c"}]), conv("results", results=[{"objectId": "c"}])),
    (conversations.member_info_updated("c"), conv("member-info-updated", cid="c")),
    (conversations.shut_up("c", ["a"], []), conv("shutup-added", cid="c", allowedPids=["a"])),
    (conversations.let_speak("c", ["a"], []), conv("shutup-removed", cid="c", allowedPids=["a"])),
    (conversations.shut_up_list("c", ["a"], None), conv("shutup-result", cid="c", m=["a"])),
    (conversations.shut_up_list("c", ["a"], "n"), conv("shutup-result", cid="c", m=["a"], next="n")),
    (conversations.shut_up_among("c", []), conv("check-result", cid="c")),
    (
        conversations.blocked("c", [], [FAILED]),
        blacklist("blocked", srcCid="c", failedPids=FAILED_ROWS),
    ),
    (conversations.unblocked("c", ["a"], []), blacklist("unblocked", srcCid="c", allowedPids=["a"])),
    (
        conversations.blocked_list("c", ["a"], "n"),
        blacklist("query-result", srcCid="c", blockedPids=["a"], next="n"),
    ),
    (conversations.blocked_among("c", ["a"]), blacklist("check-result", srcCid="c", blockedPids=["a"])),
    (messages.message_taken("m", TIME, "c"), {"cmd": "ack", "uid": "m", "t": TIME, "cid": "c"}),
    (
        messages.logs("c", [messages.log_item("a", "hi", TIME, "m", 1)]),
        {"cmd": "logs", "cid": "c", "logs": [
            {"from": "a", "data": "hi", "timestamp": TIME, "msgId": "m", "convType": 1},
        ]},
    ),
    (messages.logs("c", []), {"cmd": "logs", "cid": "c"}),
    (messages.patched(TIME), {"cmd": "patch", "op": "modified", "lastPatchTime": TIME}),
    (
        messages.message_refused("m", TIME, "c", ErrorCode.SILIENCED),
        {"cmd": "ack", "uid": "m", "t": TIME, "cid": "c", "code": 4563, "reason": "SILIENCED"},
    ),
    (
        messages.message_refused("m", TIME, None, ErrorCode.MESSAGE_REJECTED_BY_APP, app_code=7, app_msg="no"),
        {"cmd": "ack", "uid": "m", "t": TIME, "code": 4402, "reason": "MESSAGE_REJECTED_BY_APP", "appCode": 7,
         "appMsg": "no"},
    ),
    (
        failures.error(ErrorCode.CONVERSATION_NOT_FOUND),
        {"cmd": "error", "code": 4303, "reason": "CONVERSATION_NOT_FOUND"},
    ),
    (
        failures.error(ErrorCode.CONVERSATION_REJECTED_BY_APP, "hook", app_code=1, app_msg="no"),
        {"cmd": "error", "code": 4305, "reason": "CONVERSATION_REJECTED_BY_APP", "detail": "hook", "appCode": 1,
         "appMsg": "no"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "expected"), CASES)
def test_each_answer(answer: pb.GenericCommand, expected: dict[str, Any]) -> None:
    """Says what it was given, and sets no other field."""
    said = flattened(answer)
    for name in ("attr", "attrModified", "results"):
        if name in said:
            said[name] = _json(said[name])
    assert expected == said


@pytest.mark.parametrize(("answer", "expected"), CASES)
def test_each_answer_travels(answer: pb.GenericCommand, expected: dict[str, Any]) -> None:
    """In every format, without losing anything."""
    for codec in CODECS.values():
        assert answer == decoded(codec, codec.write(answer))


def test_a_closed_session_has_a_body() -> None:
    """An empty one: clients look into it for a code."""
    assert sessions.closed().HasField("sessionMessage")


def test_a_binary_message_of_the_history_is_base64() -> None:
    """And says so."""
    item = messages.log_item("a", b"\xff\x00", TIME, "m", 1, ack_at=1, read_at=2, patch_timestamp=3, mention_all=True)
    assert ("/wA=", True, 1, 2, 3, True) == (
        item.data,
        item.bin,
        item.ackAt,
        item.readAt,
        item.patchTimestamp,
        item.mentionAll,
    )


def test_a_reason_is_the_name_of_its_code() -> None:
    """Clients show it."""
    for code in ErrorCode:
        assert code.name == failures.failure(code).reason


def _json(raw: Any) -> Any:
    return msgspec.json.decode(bytes(raw))
