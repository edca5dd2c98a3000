"""Every command as a client may write it."""

from typing import Any, get_args

import msgspec
import pytest

from parlance.protocols.platform.commands import (
    Command,
    EditMessage,
    JoinConversation,
    LeaveConversation,
    ListMessages,
    Login,
    Logout,
    Ping,
    ReadMessages,
    RecallMessage,
    SendAsked,
    SendMessage,
    Sync,
    Typing,
    WatchPresence,
    is_set,
)
from parlance.protocols.platform.reader import Misbehaved, read
from protocols.platform.parts import text


def read_well(frame: Any) -> Command:
    """The command that `frame` must be."""
    command = read(frame if isinstance(frame, bytes | str) else text(frame))
    assert not isinstance(command, Misbehaved), command
    return command


def sent(**fields: Any) -> SendAsked:
    """What a text message with these `fields` is read as."""
    command = read_well({"type": "msg.send", "data": {"conv_id": "c", "type": -1, **fields}})
    assert isinstance(command, SendMessage)
    return command.data


def test_login_as_documented() -> None:
    """The document's own login is read, field by field."""
    command = read_well(
        {
            "type": "login",
            "data": {"device_id": "1111", "app_id": "666666", "client_id": "1111", "ext": {"nickname": "liliSara"}},
        }
    )
    assert isinstance(command, Login)
    asked = command.data
    assert ("1111", "666666", "1111") == (asked.device_id, asked.app_id, asked.client_id)
    assert {"nickname": "liliSara"} == asked.ext
    assert asked.token is None


def test_a_login_needs_neither_device_nor_token() -> None:
    """Whether a token is needed is for the app's policy to say."""
    command = read_well({"type": "login", "data": {"app_id": 666666, "client_id": 7}})
    assert isinstance(command, Login)
    assert (666666, 7, "", None) == (
        command.data.app_id,
        command.data.client_id,
        command.data.device_id,
        command.data.token,
    )


def test_a_message_with_every_field() -> None:
    """All that the REST call takes, the socket takes."""
    asked = sent(
        ref="r-1",
        type=-2,
        text="look",
        attr={"a": [1, 2.5, None, True, "é"]},
        url="http://127.0.0.1/x.jpg",
        transient=1,
        no_sync=1,
        mention_all=1,
        mention_client_ids=["ben", 7],
    )
    assert ("r-1", "c", -2, "look") == (asked.ref, asked.conv_id, asked.type, asked.text)
    assert '{"a":[1,2.5,null,true,"é"]}' == asked.attr
    assert "http://127.0.0.1/x.jpg" == asked.url
    assert (True, True, True) == (is_set(asked.transient), is_set(asked.no_sync), is_set(asked.mention_all))
    assert ["ben", 7] == asked.mention_client_ids


def test_what_is_read_specially_is_plain() -> None:
    """Encoders and database drivers refuse subclasses of what they know."""
    asked = sent(attr={"a": 1}, mention_client_ids="[1]")
    login = read_well({"type": "login", "data": {"app_id": "6", "client_id": "a", "ext": {"a": 1}}})
    assert isinstance(login, Login)
    assert (str, list, dict) == (type(asked.attr), type(asked.mention_client_ids), type(login.data.ext))


def test_a_message_with_the_least() -> None:
    """What is left out is absent, not empty."""
    asked = sent()
    assert (None, None, None, None) == (asked.ref, asked.text, asked.attr, asked.url)
    assert (False, False, False) == (is_set(asked.transient), is_set(asked.no_sync), is_set(asked.mention_all))
    assert not asked.mention_client_ids


def test_a_message_to_a_client() -> None:
    """The other way to address one: a client id, as a number or a string."""
    command = read_well({"type": "msg.send", "data": {"to_client_id": 2, "type": -1}})
    assert isinstance(command, SendMessage)
    assert (None, 2) == (command.data.conv_id, command.data.to_client_id)


@pytest.mark.parametrize("yes", [1, "1", True])
@pytest.mark.parametrize("no", [0, "0", False])
def test_flags_in_every_spelling(yes: Any, no: Any) -> None:
    """wire: platform#flags"""
    asked = sent(transient=yes, mention_all=no)
    assert (True, False) == (is_set(asked.transient), is_set(asked.mention_all))


@pytest.mark.parametrize(
    ("value", "json_text"),
    [
        ({"b": 1, "a": [{}]}, '{"b":1,"a":[{}]}'),
        ("text", '"text"'),
        ("null", '"null"'),
        (0, "0"),
        (False, "false"),
        ([], "[]"),
        ("\x00", '"\\u0000"'),
        (12345678901234567890123, "12345678901234567890123"),
    ],
)
def test_attr_is_any_json_value(value: Any, json_text: str) -> None:
    """It ends as compact JSON text, whatever it was."""
    assert json_text == sent(attr=value).attr


def test_attr_loses_its_spaces_and_nothing_else() -> None:
    """Escapes are written out, big numbers stay whole."""
    raw = '{"type":"msg.send","data":{"type":-1,"conv_id":"c","attr": { "k" : "\\u00e9\\ud83d\\ude00" , "n": 1e2 } }}'
    command = read_well(raw)
    assert isinstance(command, SendMessage)
    assert '{"k":"é😀","n":100.0}' == command.data.attr


def test_an_attr_of_null_is_none() -> None:
    """Null and absent are the same."""
    assert sent(attr=None).attr is None


def test_attr_may_be_nested_a_hundred_deep() -> None:
    """So deep, and no deeper: see the refusals."""
    value: Any = "core"
    for _ in range(100):
        value = [value]
    assert "[" * 100 + '"core"' + "]" * 100 == sent(attr=value).attr


def test_attr_may_be_broad() -> None:
    """Many brackets are not depth."""
    assert msgspec.json.encode([[]] * 5_000).decode() == sent(attr=[[]] * 5_000).attr


@pytest.mark.parametrize(
    ("mentions", "read_as"),
    [('["ben",7]', ["ben", 7]), ("null", []), ("[]", []), ([], []), (["ben", "ben"], ["ben", "ben"])],
)
def test_mentions_may_come_encoded(mentions: Any, read_as: list[Any]) -> None:
    """wire: platform#encoded-strings: what msg.new carries can be sent back."""
    assert read_as == sent(mention_client_ids=mentions).mention_client_ids


def test_a_long_text_is_kept_whole() -> None:
    """10 000 characters, and none of them ASCII."""
    assert "字" * 10_000 == sent(text="字" * 10_000).text


def test_msg_list() -> None:
    """After a place, before one, or neither."""
    after = read_well({"type": "msg.list", "data": {"conv_id": "c", "after_seq": 0, "limit": 1000, "ref": "r"}})
    before = read_well({"type": "msg.list", "data": {"conv_id": "c", "before_seq": 9}})
    newest = read_well({"type": "msg.list", "data": {"conv_id": "c", "before_seq": None}})
    assert isinstance(after, ListMessages)
    assert isinstance(before, ListMessages)
    assert isinstance(newest, ListMessages)
    assert (0, None, 1000) == (after.data.after_seq, after.data.before_seq, after.data.limit)
    assert (None, 9, 20) == (before.data.after_seq, before.data.before_seq, before.data.limit)
    assert (None, None) == (newest.data.after_seq, newest.data.before_seq)


def test_msg_read() -> None:
    """A conversation and a place in it."""
    command = read_well({"type": "msg.read", "data": {"conv_id": "c", "seq": 2**53 - 1}})
    assert isinstance(command, ReadMessages)
    assert ("c", 2**53 - 1) == (command.data.conv_id, command.data.seq)


def test_msg_recall_and_edit() -> None:
    """Both name the message; an edit says what it shall say."""
    recall = read_well({"type": "msg.recall", "data": {"conv_id": "c", "msg_id": "m"}})
    edit = read_well({"type": "msg.edit", "data": {"conv_id": "c", "msg_id": "m", "text": "t", "attr": {"x": 1}}})
    assert isinstance(recall, RecallMessage)
    assert isinstance(edit, EditMessage)
    assert ("c", "m") == (recall.data.conv_id, recall.data.msg_id)
    assert ("c", "m", "t", '{"x":1}') == (edit.data.conv_id, edit.data.msg_id, edit.data.text, edit.data.attr)


def test_presence() -> None:
    """Client ids, and an empty list is one."""
    command = read_well({"type": "presence", "data": {"client_ids": ["ben", 7]}})
    nobody = read_well({"type": "presence", "data": {"client_ids": []}})
    assert isinstance(command, WatchPresence)
    assert isinstance(nobody, WatchPresence)
    assert (["ben", 7], []) == (command.data.client_ids, nobody.data.client_ids)


def test_sync() -> None:
    """With and without anything in it."""
    command = read_well({"type": "sync", "data": {"since": 5, "limit": 3}})
    first = read_well({"type": "sync"})
    assert isinstance(command, Sync)
    assert isinstance(first, Sync)
    assert ((5, 3), (0, 100)) == ((command.data.since, command.data.limit), (first.data.since, first.data.limit))


@pytest.mark.parametrize(
    ("wire_type", "struct"),
    [("typing", Typing), ("conv.join", JoinConversation), ("conv.leave", LeaveConversation)],
)
def test_what_takes_a_conversation(wire_type: str, struct: type[Command]) -> None:
    """Typing, entering and leaving name one, and no more."""
    command = read_well({"type": wire_type, "data": {"conv_id": "c", "ref": "r"}})
    assert isinstance(command, struct)
    assert isinstance(command, Typing | JoinConversation | LeaveConversation)
    assert ("c", "r") == (command.data.conv_id, command.data.ref)


@pytest.mark.parametrize(("wire_type", "struct"), [("ping", Ping), ("logout", Logout)])
@pytest.mark.parametrize("data", [{}, {"data": {}}, {"data": {"ref": "r"}}])
def test_what_takes_nothing(wire_type: str, struct: type[Command], data: dict[str, Any]) -> None:
    """`data` may be left out."""
    assert isinstance(read_well({"type": wire_type, **data}), struct)


def test_every_command_takes_a_ref() -> None:
    """Its answer and its error have to carry it back."""
    for struct in get_args(Command):
        data = next(field.type for field in msgspec.structs.fields(struct) if field.name == "data")
        assert "ref" in {field.name for field in msgspec.structs.fields(data)}


def test_unknown_fields_are_ignored() -> None:
    """wire: platform#frames: a newer client may say more."""
    assert isinstance(read_well({"type": "ping", "msg": "x", "data": {"new": [1]}, "version": {"a": 1}}), Ping)


def test_the_type_may_come_last() -> None:
    """JSON objects have no order."""
    command = read_well('{"data":{"seq":1,"conv_id":"c"},"type":"msg.read"}')
    assert isinstance(command, ReadMessages)


def test_of_a_field_that_comes_twice_the_last_counts() -> None:
    """As most readers of JSON do."""
    command = read_well('{"type":"msg.read","data":{"conv_id":"a","seq":1,"conv_id":"b"}}')
    assert isinstance(command, ReadMessages)
    assert "b" == command.data.conv_id
