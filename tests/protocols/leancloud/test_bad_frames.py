"""What cannot be read, or is unknown, costs whoever sent it one answer."""

import pytest

from parlance.protocols.leancloud.codes import CloseCode, ErrorCode
from parlance.protocols.leancloud.commands.messages import UnsendableMessage
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.reader import Misbehaved
from protocols.leancloud.parts import LIMITS, START, ask, feed, heard, new_connection, with_clients

GARBAGE = b"\xff\xff"
ECHO = pb.GenericCommand(cmd=pb.echo, i=1)


def complaints(payload: bytes, subprotocol: str = "lc.protobuf2.3") -> list[tuple[int | None, int]]:
    """The serials and codes with which a frame is answered."""
    connection = new_connection(subprotocol)
    if connection.codec.binary:
        connection.receive_binary(payload, START)
    else:
        connection.receive_text(payload, START)
    assert connection.close_code is None
    return [(said.i if said.HasField("i") else None, said.errorMessage.code) for said in heard(connection)]


def test_a_frame_that_cannot_be_read_is_refused() -> None:
    """4114, without a serial since there is none."""
    assert [(None, 4114)] == complaints(GARBAGE)


@pytest.mark.parametrize(
    ("subprotocol", "payload"),
    [
        ("lc.proto2base64.3", b"no base64"),
        ("lc.proto2base64.3", "ö".encode()),
        ("lc.proto2base64.3", b"/////w=="),
        ("lc.json.3", b"["),
        ("lc.json.3", b"[]"),
        ("lc.json.3", b"\xff"),
        ("lc.json.3", b'"session"'),
        ("lc.json.3", b'{"cmd":1e400}'),
        ("lc.json.3", b"[" * 100_000),
    ],
)
def test_so_it_is_in_every_format(subprotocol: str, payload: bytes) -> None:
    """Text as well."""
    assert [(None, 4114)] == complaints(payload, subprotocol)


@pytest.mark.parametrize(
    "payload",
    [
        bytes.fromhex("08072805ba0600"),  # an error without code and reason
        bytes.fromhex("08012805f206022200") + bytes.fromhex("f20603aa0600"),  # a `where` without its text
    ],
)
def test_a_frame_that_lacks_what_it_must_have_is_refused_with_its_serial(payload: bytes) -> None:
    """The serial could be read, so somebody waits."""
    assert [(5, 4114)] == complaints(payload)


def test_so_it_is_in_json() -> None:
    """A field of the wrong type, after the serial."""
    assert [(5, 4114)] == complaints(b'{"i":5,"cmd":"conv","op":"start","m":"tom"}', "lc.json.3")
    assert [(None, 4114)] == complaints(b'{"i":"x","cmd":"conv","op":"start"}', "lc.json.3")


@pytest.mark.parametrize("subprotocol", ["lc.proto2base64.3", "lc.json.3"])
def test_the_wrong_kind_of_frame_is_refused(subprotocol: str) -> None:
    """Binary where text was agreed upon."""
    connection = new_connection(subprotocol)
    [event] = connection.receive_binary(b"\x08\x0e", START)
    assert isinstance(event, Misbehaved)
    assert [4114] == [said.errorMessage.code for said in heard(connection)]


def test_text_where_binary_was_agreed_upon_is_refused() -> None:
    """The other way round."""
    connection = new_connection()
    connection.receive_text("{}", START)
    assert [4114] == [said.errorMessage.code for said in heard(connection)]


def test_many_bad_frames_in_a_row_end_the_connection() -> None:
    """With a code after which clients come back."""
    connection = with_clients("tom")
    for _ in range(LIMITS.bad_frames + 5):
        connection.receive_binary(GARBAGE, START)
    assert LIMITS.bad_frames == len(heard(connection))
    assert CloseCode.UNPARSEABLE_RAW_MESSAGE is connection.close_code


def test_a_good_frame_forgives_the_bad_ones() -> None:
    """Only so many in a row are too many."""
    connection = with_clients("tom")
    for _ in range(3):
        for _ in range(LIMITS.bad_frames - 1):
            connection.receive_binary(GARBAGE, START)
        feed(connection, ECHO)
    assert connection.close_code is None


def test_too_long_a_frame_ends_the_connection() -> None:
    """Nobody looks into it."""
    connection = with_clients("tom")
    assert [] == connection.receive_binary(b"\x00" * (LIMITS.frame_bytes + 1), START)
    assert CloseCode.FRAME_TOO_LONG is connection.close_code


@pytest.mark.parametrize(
    "command",
    [
        pb.GenericCommand(i=5),
        pb.GenericCommand(cmd=pb.room, op=pb.join, i=5),
        pb.GenericCommand(cmd=pb.presence, i=5),
        pb.GenericCommand(cmd=pb.pubsub, op=pb.subscribe, i=5),
        pb.GenericCommand(cmd=pb.conv, i=5),
        pb.GenericCommand(cmd=pb.conv, op=pb.invite, i=5),
        pb.GenericCommand(cmd=pb.session, op=pb.opened, i=5),
        pb.GenericCommand(cmd=pb.goaway, i=5),
    ],
)
def test_unknown_commands_and_operations_are_refused(command: pb.GenericCommand) -> None:
    """4301, for themselves alone: the same a thousand times does not end a connection."""
    connection = with_clients("tom")
    for _ in range(LIMITS.bad_frames + 5):
        assert [] == feed(connection, command)
    assert {(5, 4301)} == {(said.i, said.errorMessage.code) for said in heard(connection)}
    assert connection.close_code is None


def test_unknown_numbers_are_refused_like_unknown_words() -> None:
    """Command 99 and operation 999 are for a later day."""
    assert [(5, 4301)] == complaints(bytes.fromhex("08632805"))
    assert [(5, 4301)] == complaints(bytes.fromhex("080110e7072805"))
    assert [(5, 4301)] == complaints(b'{"i":5,"cmd":"tea"}', "lc.json.3")
    assert [(5, 4301)] == complaints(b'{"i":5,"cmd":"conv","op":"pour"}', "lc.json.3")


def test_unknown_commands_that_nobody_waits_for_are_passed_over() -> None:
    """Some clients say that they have seen an edit; nobody asked."""
    connection = with_clients("tom")
    feed(connection, pb.GenericCommand(cmd=pb.patch, op=pb.modified, patchMessage=pb.PatchCommand(lastPatchTime=1)))
    feed(connection, pb.GenericCommand())
    assert [] == heard(connection)


def test_unknown_fields_are_passed_over() -> None:
    """There will be more of them."""
    connection = new_connection()
    [event] = connection.receive_binary(bytes.fromhex("080e2807a23801ff") + b"\xf8\x7f\x01", START)
    connection.take(event)
    assert [pb.GenericCommand(cmd=pb.echo, i=7)] == heard(connection)


def conv(op: pb.OpType, **fields: object) -> pb.GenericCommand:
    """A command about a conversation."""
    return pb.GenericCommand(cmd=pb.conv, op=op, i=5, convMessage=pb.ConvCommand(**fields))  # type: ignore[arg-type]


def text(data: str) -> pb.JsonObjectMessage:
    """JSON, or what passes for it."""
    return pb.JsonObjectMessage(data=data)


@pytest.mark.parametrize(
    ("command", "code", "detail"),
    [
        (conv(pb.start, m=["x" * 65]), 4301, "m[...]: expected str of length <= 64"),
        (conv(pb.start, m=[""]), 4301, "m[...]: expected str of length >= 1"),
        (conv(pb.start, m=["a"], attr=text("{")), 4301, "attr: expected JSON"),
        (conv(pb.start, m=["a"], attr=text("[]")), 4301, "attr: expected a JSON object"),
        (conv(pb.start, m=["a"], attr=text("[" * 9_999)), 4301, "attr: expected JSON"),
        (conv(pb.add, m=["a"]), 4301, "cid: a required field is missing"),
        (conv(pb.add, cid="c"), 4301, "m: a required field is missing"),
        (conv(pb.update, cid="c"), 4301, "attr: a required field is missing"),
        (conv(pb.count), 4301, "cid: a required field is missing"),
        (conv(pb.member_info_update, cid="c"), 4301, "info: a required field is missing"),
        (conv(pb.query, where=text('{"a":')), 4310, "where: expected JSON"),
        (conv(pb.query, where=text('{"a":' * 101 + "1" + "}" * 101)), 4310, "where: nested more than 100 deep"),
        (pb.GenericCommand(cmd=pb.blacklist, op=pb.block, i=5), 4301, "srcCid: a required field is missing"),
        (pb.GenericCommand(cmd=pb.logs, i=5), 4301, "cid: a required field is missing"),
        (pb.GenericCommand(cmd=pb.patch, op=pb.modify, i=5), 4301, "patches: a required field is missing"),
        (
            pb.GenericCommand(cmd=pb.patch, op=pb.modify, i=5, patchMessage=pb.PatchCommand(patches=[{"cid": "c"}])),
            4301,
            "patches[0].mid: a required field is missing",
        ),
    ],
)
def test_incomplete_commands_are_refused_with_the_field(command: pb.GenericCommand, code: int, detail: str) -> None:
    """By the wire's own names."""
    connection = with_clients("tom")
    assert [] == feed(connection, command)
    [said] = heard(connection)
    assert (5, code, ErrorCode(code).name) == (said.i, said.errorMessage.code, said.errorMessage.reason)
    assert detail.replace("[...]", "[0]") == said.errorMessage.detail.replace("[...]", "[0]")


def test_text_that_is_not_utf8_is_refused() -> None:
    """Wherever it stands; protobuf itself lets it through."""
    connection = with_clients("tom")
    for command, code in (
        (pb.GenericCommand(cmd=pb.echo, i=5, peerId="AAAA"), 4114),
        (conv(pb.count, cid="AAAA"), 4301),
        (conv(pb.start, m=["AAAA"]), 4301),
        (conv(pb.query, where=text("AAAA")), 4310),
        (pb.GenericCommand(cmd=pb.session, op=pb.open, i=5, sessionMessage=pb.SessionCommand(ua="AAAA")), 4103),
    ):
        payload = command.SerializeToString().replace(b"AAAA", b"\xff\xfe\xfd\xfc")
        [event] = connection.receive_binary(payload, START)
        assert not connection.take(event)
        assert [(5, code)] == [(said.i, said.errorMessage.code) for said in heard(connection)]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (pb.DirectCommand(msg="hi"), ErrorCode.INVALID_MESSAGING_TARGET),
        (pb.DirectCommand(cid="c1"), ErrorCode.CONVERSATION_API_FAILED),
        (pb.DirectCommand(cid="c1", msg="x" * 5_121), ErrorCode.FRAME_TOO_LONG),
        (pb.DirectCommand(cid="c1", msg="ö" * 2_561), ErrorCode.FRAME_TOO_LONG),
        (pb.DirectCommand(cid="c1", binaryMsg=b"x" * 5_121), ErrorCode.FRAME_TOO_LONG),
        (pb.DirectCommand(cid="c1", msg="x" * 5_000, pushData="y" * 121), ErrorCode.FRAME_TOO_LONG),
    ],
)
def test_a_message_that_cannot_be_sent_is_left_to_the_gateway(message: pb.DirectCommand, code: ErrorCode) -> None:
    """Its refusal has an id and a time, which the core has not."""
    connection = with_clients("tom")
    asked = ask(connection, pb.GenericCommand(cmd=pb.direct, i=5, peerId="tom", directMessage=message))
    assert isinstance(asked.command, UnsendableMessage)
    assert (code, 5, "tom") == (asked.command.code, asked.i, asked.peer_id)
    assert [] == heard(connection)


def test_a_message_of_the_greatest_length_is_sent() -> None:
    """Empty ones are messages as well."""
    connection = with_clients("tom")
    for words in ("x" * 5_120, ""):
        command = pb.GenericCommand(cmd=pb.direct, i=5, directMessage=pb.DirectCommand(cid="c1", msg=words))
        assert words == ask(connection, command).command.msg  # type: ignore[attr-defined]


def test_a_message_does_not_grow_by_being_edited() -> None:
    """What it is to say instead has the same limit, for each of several."""
    connection = with_clients("tom")
    for size, refused in ((5_120, []), (5_121, [(5, 4109)])):
        for longest in (pb.PatchItem(cid="c1", mid="m2", data="x" * size), pb.PatchItem(binaryMsg=b"x" * size)):
            longest.cid, longest.mid = "c1", "m2"
            items = [pb.PatchItem(cid="c1", mid="m1", data="short"), longest]
            command = pb.GenericCommand(
                cmd=pb.patch, op=pb.modify, i=5, peerId="tom", patchMessage=pb.PatchCommand(patches=items)
            )
            [event] = connection.receive_binary(command.SerializeToString(), START)
            assert bool(refused) is not connection.take(event)
            assert refused == [(said.i, said.errorMessage.code) for said in heard(connection)]
