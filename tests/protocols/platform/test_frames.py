"""What the server says, byte by byte where the document shows it."""

import json
from typing import Any, get_args

import msgspec
import pytest

from parlance.protocols.platform import frames
from parlance.protocols.platform.codes import ErrorCode
from parlance.protocols.platform.payloads import MessageRow, ServerFrame

TIME = 1_608_126_111_618


def said(payload: bytes) -> Any:
    """A frame as any reader of JSON sees it."""
    return json.loads(payload)


def hello(**others: Any) -> MessageRow:
    """The document's message."""
    fields: dict[str, Any] = {
        "from_client": "2",
        "conv_id": "cd7fc5304f56f52488d5246b0ebbdbfb",
        "msg_id": "1228a6554433f500a034b3f8d0b93571",
        "ctime": TIME,
        "type": -1,
        "text": "HELLO !",
        "attr": None,
        "url": None,
        "seq": 7,
    }
    return frames.message_row(**{**fields, **others})


def test_login_success_as_documented() -> None:
    """The same text, spaces aside."""
    assert b'{"type":"login.success","msg":"success","data":{"time":1599927082012}}' == frames.login_success(
        1599927082012
    )


def test_msg_new_as_documented() -> None:
    """Every field of the example in its order, and then `seq`."""
    documented = (
        b'{"type":"msg.new","data":{"from_client":"2","conv_id":"cd7fc5304f56f52488d5246b0ebbdbfb",'
        b'"msg_id":"1228a6554433f500a034b3f8d0b93571","ctime":1608126111618,"type":-1,"text":"HELLO !","attr":"null",'
        b'"url":"null","transient":"0","mention_all":0,"mention_client_ids":"null","seq":7}}'
    )
    assert documented == frames.msg_new(hello())


def test_attr_url_and_mentions_are_encoded_once_more() -> None:
    """wire: platform#encoded-strings"""
    row = hello(
        attr='{"mood":"good"}', url='http://x/"a".jpg', mention_client_ids=('b"en', "cy"), mention_all=True, text=None
    )
    data = said(frames.msg_new(row))["data"]
    assert {"mood": "good"} == json.loads(data["attr"])
    assert 'http://x/"a".jpg' == json.loads(data["url"])
    assert ['b"en', "cy"] == json.loads(data["mention_client_ids"])
    assert (1, None) == (data["mention_all"], data["text"])


def test_a_transient_message_has_no_seq() -> None:
    """It has no place in the conversation."""
    data = said(frames.msg_new(hello(seq=None)))["data"]
    assert ("1", None) == (data["transient"], data["seq"])


def test_a_recalled_row_says_so() -> None:
    """Two fields more than the document's, only where there is something to tell."""
    [row] = said(frames.msg_list("c", [hello(text="", msg_status=frames.RECALLED, mtime=TIME + 1)], False))["data"][
        "messages"
    ]
    assert ("", 3, TIME + 1) == (row["text"], row["msg_status"], row["mtime"])


@pytest.mark.parametrize("hostile", ['"}}', "\\", "\x00", "\u2028", "</script>", "字\n", "\x7f😀"])
def test_nothing_breaks_out_of_its_string(hostile: str) -> None:
    """What a client says stays inside quotes, everywhere."""
    data = said(frames.msg_new(hello(from_client=hostile, conv_id=hostile, text=hostile, url=hostile)))["data"]
    assert (hostile, hostile, hostile, hostile) == (
        data["from_client"],
        data["conv_id"],
        data["text"],
        json.loads(data["url"]),
    )
    sent = said(frames.msg_sent(hostile, hostile, "m", 1, TIME))["data"]
    assert (hostile, hostile) == (sent["ref"], sent["conv_id"])
    assert hostile == said(frames.error(1, hostile, hostile))["msg"]


def test_msg_sent() -> None:
    """`ref` is there even if there was none; a transient message has no `seq`."""
    assert {
        "type": "msg.sent",
        "msg": "success",
        "data": {"ref": "r", "conv_id": "c", "msg_id": "m", "seq": 7, "time": TIME},
    } == said(frames.msg_sent("r", "c", "m", 7, TIME))
    bare = said(frames.msg_sent(None, "c", "m", None, TIME))["data"]
    assert (None, None) == (bare["ref"], bare["seq"])


def test_msg_list() -> None:
    """Rows in the order they are given."""
    answer = said(frames.msg_list("c", [hello(seq=1), hello(seq=2)], True, "r"))
    assert ("success", "c", True, "r") == (
        answer["msg"],
        answer["data"]["conv_id"],
        answer["data"]["more"],
        answer["data"]["ref"],
    )
    assert [1, 2] == [row["seq"] for row in answer["data"]["messages"]]


def test_error() -> None:
    """Words, a number, and the ref; when to try again, only where that helps."""
    assert {"type": "error", "msg": "no", "data": {"code": 4011, "ref": None}} == said(
        frames.error(ErrorCode.UNKNOWN_CONVERSATION, "no")
    )
    assert {"code": 4029, "ref": "r", "retry_after": 2} == said(frames.error(4029, "slow", "r", retry_after=2))["data"]


def test_msg_read_and_typing() -> None:
    """Who, where, how far."""
    assert {
        "type": "msg.read",
        "data": {"conv_id": "c", "client_id": "ben", "seq": 7, "time": TIME},
    } == said(frames.msg_read("c", "ben", 7, TIME))
    assert {"type": "typing", "data": {"conv_id": "c", "client_id": "ben"}} == said(frames.typing("c", "ben"))


def test_recalled_and_edited_as_answer_and_as_news() -> None:
    """Only the answer has `msg` and `ref`."""
    data = {"conv_id": "c", "msg_id": "m", "seq": 7, "by": "ada", "time": TIME}
    assert {"type": "msg.recalled", "data": data} == said(frames.msg_recalled("c", "m", 7, "ada", TIME))
    assert {"type": "msg.recalled", "msg": "success", "data": {**data, "ref": "r"}} == said(
        frames.msg_recalled("c", "m", 7, "ada", TIME, "r", answer=True)
    )
    row = hello(mtime=TIME + 1)
    news, answer = said(frames.msg_edited(row)), said(frames.msg_edited(row, "r", answer=True))
    assert ("success", {**news["data"], "ref": "r"}) == (answer["msg"], answer["data"])
    assert "msg" not in news
    assert (TIME + 1, 7) == (news["data"]["mtime"], news["data"]["seq"])


def test_presence_as_answer_and_as_news() -> None:
    """A change names only who changed."""
    assert {"type": "presence", "data": {"clients": {"ben": False}}} == said(frames.presence({"ben": False}))
    assert {"type": "presence", "msg": "success", "data": {"clients": {}, "ref": "r"}} == said(
        frames.presence({}, "r", answer=True)
    )


def test_sync() -> None:
    """`conv_extend` comes decoded, the last message as a message."""
    row = frames.sync_row("c", 3, 7, 5, 2, hello(), conv_extend='{"conv_name":"x"}', ctime=TIME, mtime=None)
    gone = frames.sync_row("d", 1, 7, 5, 0, None, conv_extend=None, ctime=TIME, mtime=TIME, left=True)
    answer = said(frames.sync([row, gone], TIME, True))
    assert ("sync", TIME, True) == (answer["type"], answer["data"]["time"], answer["data"]["more"])
    first, second = answer["data"]["conversations"]
    assert ({"conv_name": "x"}, "HELLO !", False) == (
        first["conv_extend"],
        first["last_message"]["text"],
        first["left"],
    )
    assert ("c", 3, 7, 5, 2) == tuple(
        first[name] for name in ("conv_id", "conv_type", "last_seq", "read_seq", "unread")
    )
    assert (None, None, True) == (second["conv_extend"], second["last_message"], second["left"])


def test_pong_rooms_and_goodbyes() -> None:
    """The short ones."""
    assert {"type": "pong", "msg": "success", "data": {"time": TIME}} == said(frames.pong(TIME))
    assert {"type": "conv.join", "msg": "success", "data": {"conv_id": "c"}} == said(frames.conv_join("c"))
    assert {"type": "conv.leave", "msg": "success", "data": {"conv_id": "c", "ref": "r"}} == said(
        frames.conv_leave("c", "r")
    )
    assert {"type": "logout.success", "msg": "success", "data": {}} == said(frames.logout_success())
    assert ("logout.kick", {}) == (said(frames.logout_kick())["type"], said(frames.logout_kick())["data"])


def test_changes_to_a_conversation() -> None:
    """`client_ids` where people come or go, and only there."""
    change = {"conv_id": "c", "by": None, "time": TIME}
    for encode, name in (
        (frames.conv_joined, "conv.joined"),
        (frames.conv_left, "conv.left"),
        (frames.conv_members_joined, "conv.members_joined"),
        (frames.conv_members_left, "conv.members_left"),
    ):
        people = ("ben", "cy")
        assert {"type": name, "data": {**change, "client_ids": ["ben", "cy"]}} == said(encode("c", None, TIME, people))
    assert {"type": "conv.updated", "data": change} == said(frames.conv_updated("c", None, TIME))
    assert {"type": "conv.deleted", "data": {**change, "by": "ada"}} == said(frames.conv_deleted("c", "ada", TIME))


def test_type_comes_first_in_every_frame() -> None:
    """A reader that streams can decide at once."""
    for struct in get_args(ServerFrame):
        names = [field.encode_name for field in msgspec.structs.fields(struct)]
        assert names in (["data"], ["msg", "data"])
