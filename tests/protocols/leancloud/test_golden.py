"""The frames that are known byte by byte."""

from typing import Any

import pytest

from parlance.protocols.leancloud.answers.failures import error
from parlance.protocols.leancloud.answers.messages import message_taken
from parlance.protocols.leancloud.answers.sessions import opened
from parlance.protocols.leancloud.codecs import CODECS
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.commands.conversations import StartConversation
from parlance.protocols.leancloud.commands.messages import Direction, QueryHistory, SendMessage
from parlance.protocols.leancloud.commands.sessions import Echo, OpenSession
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.pushes.farewells import goaway
from parlance.protocols.leancloud.pushes.messages import direct
from parlance.protocols.leancloud.reader import Asked, read
from parlance.protocols.leancloud.subprotocols import Format
from protocols.leancloud.parts import PROTOBUF_CODEC, TIME, decoded, heard, new_connection, with_clients

OPEN = "080010011a036170702203746f6d2801b20615220d6a732f352e302e302d72632e3828009801bb01"
OPENED = "080010052203746f6d280140024880d0eab6b733b206095203746f6b5880a305"
START = "0801101e2802f2061f0a056a657272790a03746f6d1801ba060e0a0c7b226e616d65223a2274227d"
DIRECT = "08022803c206230a1d7b225f6c6374797065223a2d312c225f6c6374657874223a226869227d5a026331"
ACK = "080328034002ca060f220263312881d0eab6b73332026d31"
PUSH = "080222056a657272794002c2061b0a0268691a03746f6d2081d0eab6b7335a02633162026d31b00101"
ERROR = "0807288080fcffffffffffff014002ba061b08cf211216434f4e564552534154494f4e5f4e4f545f464f554e44"
ECHO = "080e2807"
GOAWAY = "0815"
LOGS = "08062804ea06130a02633110002081d0eab6b7333a026d315002"
OPEN_IN_BASE64 = "CAAQARoDYXBwIgN0b20oAbIGFSINanMvNS4wLjAtcmMuOCgAmAG7AQ=="

ALL = [OPEN, OPENED, START, DIRECT, ACK, PUSH, ERROR, ECHO, GOAWAY, LOGS]


def golden(text: str) -> pb.GenericCommand:
    """A golden frame, decoded: encoders may order fields as they like."""
    return decoded(PROTOBUF_CODEC, bytes.fromhex(text))


def asked(text: str) -> Asked:
    """A golden frame, read."""
    event = read(PROTOBUF_CODEC.read_binary(bytes.fromhex(text)), 5_120)
    assert isinstance(event, Asked)
    return event


@pytest.mark.parametrize("text", ALL)
def test_what_is_read_can_be_written_again(text: str) -> None:
    """To the same bytes, even, since our encoder orders fields by number."""
    assert bytes.fromhex(text) == PROTOBUF_CODEC.write(golden(text))


def test_the_same_bytes_travel_as_base64() -> None:
    """In a text frame."""
    codec = CODECS[Format.BASE64]
    assert golden(OPEN) == decoded(codec, OPEN_IN_BASE64.encode())
    assert OPEN_IN_BASE64.encode() == codec.write(golden(OPEN))


def test_session_open() -> None:
    """A client of today, with what it can take."""
    event = asked(OPEN)
    assert OpenSession(app_id="app", peer_id="tom", ua="js/5.0.0-rc.8", config_bitmap=187) == event.command
    assert (1, "tom") == (event.i, event.peer_id)


def test_conv_start() -> None:
    """The attributes are JSON, and read."""
    event = asked(START)
    attr: Any = {"name": "t"}
    assert StartConversation(members=["jerry", "tom"], unique=True, attr=attr) == event.command
    assert (2, None) == (event.i, event.peer_id)


def test_direct() -> None:
    """The message is text that nobody looks into."""
    assert SendMessage(cid="c1", msg='{"_lctype":-1,"_lctext":"hi"}') == asked(DIRECT).command


def test_echo() -> None:
    """No body, and none needed."""
    assert (Echo(), 7) == (asked(ECHO).command, asked(ECHO).i)


def test_logs() -> None:
    """A limit of 0 is not an absent one."""
    event = asked(LOGS)
    assert QueryHistory(cid="c1", l=0, t=TIME + 1, mid="m1", direction=Direction.NEW) == event.command
    assert isinstance(event.command, QueryHistory)
    assert 0 == event.command.page


def test_opened() -> None:
    """With its token, its time, and nothing else."""
    connection = new_connection()
    [event] = connection.receive_binary(bytes.fromhex(OPEN), 1_000.0)
    assert connection.take(event)
    connection.accept(event, "tok", 86_400, TIME)
    assert [golden(OPENED)] == heard(connection)
    assert golden(OPENED).sessionMessage == opened("tok", 86_400, TIME).sessionMessage


def test_ack() -> None:
    """A message that was taken has an id and a time."""
    connection = with_clients("tom")
    [event] = connection.receive_binary(bytes.fromhex(DIRECT), 1_000.0)
    assert connection.take(event)
    connection.answer(event, message_taken("m1", TIME + 1, "c1"), 1_000.0)
    assert [golden(ACK)] == heard(connection)


def test_a_pushed_message() -> None:
    """Addressed to Jerry; ours has the server's time besides, as clients want of pushes."""
    push = direct("m1", "c1", "tom", "hi", TIME + 1, 1, TIME + 1)
    read_by_jerry = decoded(PROTOBUF_CODEC, PROTOBUF_CODEC.addressed(push, "jerry"))
    assert TIME + 1 == read_by_jerry.serverTs
    read_by_jerry.ClearField("serverTs")
    assert golden(PUSH) == read_by_jerry


def test_an_error_with_a_negative_serial() -> None:
    """Ten bytes of serial, and the reason is the code's name."""
    answer = error(ErrorCode.CONVERSATION_NOT_FOUND)
    answer.i, answer.service = -65_536, 2
    assert golden(ERROR) == answer


def test_goaway() -> None:
    """Two bytes."""
    assert golden(GOAWAY) == goaway()
