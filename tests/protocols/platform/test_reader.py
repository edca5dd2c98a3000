"""Every way in which a frame can be wrong, and what is said about it."""

from typing import Any

import pytest

from parlance.protocols.platform.codes import ErrorCode
from parlance.protocols.platform.reader import Misbehaved, read
from protocols.platform.parts import text


def refused(frame: Any) -> Misbehaved:
    """What is said about `frame`, which must be wrong."""
    answer = read(frame if isinstance(frame, bytes | str) else text(frame))
    assert isinstance(answer, Misbehaved), answer
    return answer


@pytest.mark.parametrize(
    ("frame", "field"),
    [
        ({}, "type"),
        ({"data": {}}, "type"),
        ({"type": "msg.send"}, "data"),
        ({"type": "login", "data": {"app_id": "6"}}, "client_id"),
        ({"type": "login", "data": {"client_id": "6"}}, "app_id"),
        ({"type": "msg.send", "data": {"conv_id": "c"}}, "type"),
        ({"type": "msg.send", "data": {"type": -1, "text": "to nobody"}}, "conv_id"),
        ({"type": "msg.list", "data": {}}, "conv_id"),
        ({"type": "msg.read", "data": {"conv_id": "c"}}, "seq"),
        ({"type": "msg.recall", "data": {"conv_id": "c"}}, "msg_id"),
        ({"type": "msg.edit", "data": {"msg_id": "m"}}, "conv_id"),
        ({"type": "typing", "data": {}}, "conv_id"),
        ({"type": "presence", "data": {}}, "client_ids"),
        ({"type": "conv.join", "data": {}}, "conv_id"),
        ({"type": "conv.leave", "data": {}}, "conv_id"),
    ],
)
def test_what_is_missing_is_named(frame: Any, field: str) -> None:
    """4001, the field in the words too."""
    answer = refused(frame)
    assert (ErrorCode.MISSING, field) == (answer.code, answer.field)
    assert answer.reason.startswith(f"{field}: ")


@pytest.mark.parametrize(
    ("wire_type", "data", "field"),
    [
        ("login", {"app_id": "6", "client_id": True}, "client_id"),
        ("login", {"app_id": ["6"], "client_id": "a"}, "app_id"),
        ("login", {"app_id": "6", "client_id": "a", "device_id": None}, "device_id"),
        ("login", {"app_id": "6", "client_id": "a", "token": 1}, "token"),
        ("login", {"app_id": "6", "client_id": "a", "ext": []}, "ext"),
        ("login", {"app_id": "6", "client_id": 2**70}, "client_id"),
        ("msg.send", {"conv_id": 7, "type": -1}, "conv_id"),
        ("msg.send", {"conv_id": "c", "type": "-1"}, "type"),
        ("msg.send", {"conv_id": "c", "type": 0}, "type"),
        ("msg.send", {"conv_id": "c", "type": -7}, "type"),
        ("msg.send", {"conv_id": "c", "type": -1.5}, "type"),
        ("msg.send", {"conv_id": "c", "type": 10**30}, "type"),
        ("msg.send", {"conv_id": "c", "type": -1, "text": 5}, "text"),
        ("msg.send", {"conv_id": "c", "type": -1, "url": {}}, "url"),
        ("msg.send", {"conv_id": "c", "type": -1, "transient": 2}, "transient"),
        ("msg.send", {"conv_id": "c", "type": -1, "no_sync": "yes"}, "no_sync"),
        ("msg.send", {"conv_id": "c", "type": -1, "mention_all": None}, "mention_all"),
        ("msg.send", {"conv_id": "c", "type": -1, "mention_client_ids": "ben"}, "mention_client_ids"),
        ("msg.send", {"conv_id": "c", "type": -1, "mention_client_ids": "[true]"}, "mention_client_ids"),
        ("msg.send", {"conv_id": "c", "type": -1, "mention_client_ids": [None]}, "mention_client_ids"),
        ("msg.send", {"conv_id": "c", "type": -1, "mention_client_ids": 7}, "mention_client_ids"),
        ("msg.send", {"conv_id": "c", "type": -1, "mention_client_ids": "[" * 9_000}, "mention_client_ids"),
        ("msg.send", {"to_client_id": 1.5, "type": -1}, "to_client_id"),
        ("msg.list", {"conv_id": "c", "after_seq": -1}, "after_seq"),
        ("msg.list", {"conv_id": "c", "before_seq": 2**53}, "before_seq"),
        ("msg.list", {"conv_id": "c", "limit": "5"}, "limit"),
        ("msg.read", {"conv_id": "c", "seq": 1.5}, "seq"),
        ("msg.read", {"conv_id": "c", "seq": 10**400}, "seq"),
        ("msg.recall", {"conv_id": "c", "msg_id": None}, "msg_id"),
        ("msg.edit", {"conv_id": "c", "msg_id": "m", "text": []}, "text"),
        ("presence", {"client_ids": "ben"}, "client_ids"),
        ("presence", {"client_ids": ["ben", False]}, "client_ids"),
        ("sync", {"since": "0"}, "since"),
        ("sync", {"limit": None}, "limit"),
        ("typing", {"conv_id": []}, "conv_id"),
    ],
)
def test_what_has_the_wrong_type_is_named(wire_type: str, data: dict[str, Any], field: str) -> None:
    """4406, the field in the words too, and `ref` comes back."""
    answer = refused({"type": wire_type, "data": {**data, "ref": "r"}})
    assert (ErrorCode.BAD_FORMAT, field, "r") == (answer.code, answer.field, answer.ref)
    assert answer.reason.startswith(f"{field}: ")


def test_an_attr_nested_too_deep() -> None:
    """A hundred levels are for everybody who reads it later; a hundred and one are refused."""
    value: Any = {}
    for _ in range(100):
        value = {"in": value}
    answer = refused({"type": "msg.send", "data": {"conv_id": "c", "type": -1, "attr": value}})
    assert (ErrorCode.BAD_FORMAT, "attr") == (answer.code, answer.field)


def test_an_ext_nested_too_deep() -> None:
    """The same goes for what a login brings."""
    value: Any = 1
    for _ in range(101):
        value = {"in": value}
    answer = refused({"type": "login", "data": {"app_id": "6", "client_id": "a", "ext": value}})
    assert (ErrorCode.BAD_FORMAT, "ext") == (answer.code, answer.field)


@pytest.mark.parametrize("wire_type", ["nope", "MSG.SEND", "msg.new", "error", "", "x" * 100_000])
def test_an_unknown_command(wire_type: str) -> None:
    """4406, and the words do not repeat what was sent."""
    answer = refused({"type": wire_type, "data": {"ref": "r"}})
    assert Misbehaved(ErrorCode.BAD_FORMAT, "type: unknown command", "type", "r") == answer


@pytest.mark.parametrize("wire_type", [1, None, [], {}])
def test_a_type_that_is_no_string(wire_type: Any) -> None:
    """4406 as well."""
    answer = refused({"type": wire_type, "data": {}})
    assert (ErrorCode.BAD_FORMAT, "type") == (answer.code, answer.field)


@pytest.mark.parametrize("data", [None, 4, "text", []])
def test_data_that_is_no_object(data: Any) -> None:
    """4406, naming `data`."""
    answer = refused({"type": "msg.read", "data": data})
    assert (ErrorCode.BAD_FORMAT, "data") == (answer.code, answer.field)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"hello",
        b"{",
        b'{"type":"ping"}x',
        b'{"type":"ping",}',
        b"{'type':'ping'}",
        b"\xff\xff",
        b'{"type":"ping\xff"}',
        b'\xef\xbb\xbf{"type":"ping"}',
        b"\x00",
        b"NaN",
        b'{"type":"typing","data":{"conv_id":"\\ud800"}}',
        b'{"type":"typing","data":{"conv_id":"\\q"}}',
        b'{"type":"typing","data":{"conv_id":"a\nb"}}',
        b'{"type":"msg.send","data":{"conv_id":"c","type":-1,"attr":"\\udc00\\ud800"}}',
        b'{"type":"msg.send","data":{"conv_id":"c","type":-1,"attr":{"a":01}}}',
        '{"type":"ping","data":{"ref":"\ud800"}}',
    ],
)
def test_what_is_not_json(raw: bytes | str) -> None:
    """4406, whatever else is right in it; broken escapes and halves of surrogate pairs are not JSON here."""
    answer = refused(raw)
    assert Misbehaved(ErrorCode.BAD_FORMAT, "the frame is not JSON") == answer


@pytest.mark.parametrize("raw", ["[]", "1", "null", '"ping"', '["ping"]'])
def test_json_that_is_no_object(raw: str) -> None:
    """4406 without a field: there is none."""
    answer = refused(raw)
    assert (ErrorCode.BAD_FORMAT, None) == (answer.code, answer.field)
    assert answer.reason.startswith("the frame: ")


@pytest.mark.parametrize("bracket", ["[", '{"a":'])
@pytest.mark.parametrize("where", ['{"type":"ping","data":', '{"type":', "", '{"type":"ping","unknown":'])
def test_nesting_without_end(bracket: str, where: str) -> None:
    """A frame of nothing but brackets is an answer, not a crash."""
    assert ErrorCode.BAD_FORMAT == refused(where + bracket * 40_000).code


def test_a_number_too_big_for_any_reader() -> None:
    """Numbers that JSON can write and nobody can hold."""
    for number in ("1e400", "-1e400", "9" * 5_000):
        answer = refused('{"type":"msg.send","data":{"conv_id":"c","type":-1,"attr":' + number + "}}")
        assert (ErrorCode.BAD_FORMAT, "attr") == (answer.code, answer.field)


@pytest.mark.parametrize("ref", [1, None, ["r"], {"r": "r"}, True])
def test_a_ref_that_is_no_string_does_not_come_back(ref: Any) -> None:
    """An error's `ref` is a string or null, whatever was sent."""
    assert refused({"type": "msg.read", "data": {"conv_id": "c", "ref": ref}}).ref is None


def test_the_words_do_not_repeat_long_values() -> None:
    """A refused value of 100 KB makes no error of 100 KB."""
    answer = refused({"type": "msg.send", "data": {"conv_id": "c", "type": -1, "transient": "x" * 100_000}})
    assert "transient: expected 0 or 1" == answer.reason


def test_a_frame_of_a_megabyte() -> None:
    """Large and wrong is answered like small and wrong."""
    answer = refused({"type": "typing", "data": {"conv_id": 1, "ref": "r", "padding": "x" * 1_000_000}})
    assert (ErrorCode.BAD_FORMAT, "conv_id", "r") == (answer.code, answer.field, answer.ref)
