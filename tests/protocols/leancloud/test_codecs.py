"""Three formats of the same commands, and how one is agreed upon."""

import json
from typing import Any

import pytest

from parlance.protocols.leancloud.codecs import CODECS, Push, Undecodable
from parlance.protocols.leancloud.commands.sessions import OpenSession
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.subprotocols import SUBPROTOCOLS, Format, Offline, choose
from protocols.leancloud.parts import OPEN_TOM, START, TIME, decoded, heard, log_in, new_connection

QUERY = pb.GenericCommand(
    cmd=pb.conv, op=pb.query, peerId="tom", i=-3,
    convMessage=pb.ConvCommand(where=pb.JsonObjectMessage(data='{"m":"tom"}'), limit=0, tempConvIds=["_tmp:1"]),
)  # fmt: skip
DIRECT = pb.GenericCommand(
    cmd=pb.direct, service=2, directMessage=pb.DirectCommand(cid="c", binaryMsg=b"\xff\x00", mentionPids=["ö"])
)
LOGS = pb.GenericCommand(
    cmd=pb.logs,
    logsMessage=pb.LogsCommand(direction=pb.LogsCommand.NEW, logs=[pb.LogItem(msgId="m", timestamp=TIME, bin=True)]),
)
MEMBERS = pb.GenericCommand(cmd=pb.conv, op=pb.members_joined, convMessage=pb.ConvCommand(m=["a"], info={"pid": "a"}))


@pytest.mark.parametrize("format_", list(Format))
@pytest.mark.parametrize("command", [OPEN_TOM, QUERY, DIRECT, LOGS, MEMBERS, pb.GenericCommand(cmd=pb.echo, i=0)])
def test_every_format_carries_every_command(format_: Format, command: pb.GenericCommand) -> None:
    """What is written is read, presence of fields included."""
    codec = CODECS[format_]
    assert command == decoded(codec, codec.write(command))


@pytest.mark.parametrize("format_", list(Format))
@pytest.mark.parametrize("peer_id", ["tom", "", 'a"\\b', "用户" * 32, "x" * 64])
def test_a_push_is_addressed(format_: Format, peer_id: str) -> None:
    """Encoded once, read by each as if it were for nobody else."""
    codec, push = CODECS[format_], Push(DIRECT)
    expected = pb.GenericCommand()
    expected.CopyFrom(DIRECT)
    expected.peerId = peer_id
    assert expected == decoded(codec, codec.addressed(push, peer_id))
    assert not DIRECT.HasField("peerId")


def read_json(text: Any) -> pb.GenericCommand | Undecodable:
    """A JSON frame, read."""
    return CODECS[Format.JSON].read_text(text if isinstance(text, str | bytes) else json.dumps(text))


def written_json(command: pb.GenericCommand) -> Any:
    """A JSON frame, written."""
    return json.loads(CODECS[Format.JSON].write(command))


def test_json_is_flat() -> None:
    """As the clients that speak it write it."""
    frame = {"cmd": "session", "op": "open", "appId": "app", "peerId": "tom", "i": -65535, "ua": "net", "st": "x"}
    expected = pb.GenericCommand(
        cmd=pb.session,
        op=pb.open,
        appId="app",
        peerId="tom",
        i=-65_535,
        sessionMessage=pb.SessionCommand(ua="net", st="x"),
    )
    assert expected == read_json(frame)
    assert frame == written_json(expected)


def test_json_has_hyphens() -> None:
    """Underscores are read as well."""
    assert {"cmd": "conv", "op": "members-joined", "m": ["a"], "info": {"pid": "a"}} == written_json(MEMBERS)
    for spelling in ("members-joined", "members_joined"):
        assert MEMBERS == read_json({"cmd": "conv", "op": spelling, "m": ["a"], "info": {"pid": "a"}})


def test_json_within_json_is_json() -> None:
    """Attributes are objects, results are an array; text of them is read as well."""
    for where in ({"m": "tom"}, '{"m":"tom"}'):
        frame = {"cmd": "conv", "op": "query", "peerId": "tom", "i": -3, "where": where, "limit": 0}
        assert {"m": "tom"} == json.loads(read_json(frame | {"tempConvIds": ["_tmp:1"]}).convMessage.where.data)  # type: ignore[union-attr]
    found = pb.GenericCommand(cmd=pb.conv, op=pb.results, convMessage={"results": {"data": '[{"objectId":"c"}]'}})
    assert {"cmd": "conv", "op": "results", "results": [{"objectId": "c"}]} == written_json(found)


def test_bytes_are_base64_in_json() -> None:
    """JSON has no other way."""
    assert "/wA=" == written_json(DIRECT)["binaryMsg"]


def test_a_sign_of_life_in_json() -> None:
    """Empty objects, there and back."""
    connection = new_connection("lc.json.3")
    for event in connection.receive_text(b"{}", START):
        connection.take(event)
    assert [b"{}"] == connection.outgoing()
    for event in connection.receive_text(b'{"cmd":"echo","i":1}', START):
        connection.take(event)
    assert [b'{"cmd":"echo","i":1}'] == connection.outgoing()


def test_an_error_in_json_is_where_every_client_looks() -> None:
    """At the top, and in an object of its own."""
    refusal = pb.GenericCommand(cmd=pb.error, i=1, errorMessage={"code": 4303, "reason": "CONVERSATION_NOT_FOUND"})
    expected = {"code": 4303, "detail": "CONVERSATION_NOT_FOUND"}
    assert (4303, expected) == (written_json(refusal)["code"], written_json(refusal)["error"])
    refusal.errorMessage.detail = "gone"
    assert {"code": 4303, "detail": "gone"} == written_json(refusal)["error"]


def test_watched_queries_in_json() -> None:
    """What they log in with, and what they are answered."""
    connection = new_connection("lc.json.3")
    login = b'{"cmd":"login","appId":"a","installationId":"x","clientTs":5,"service":1,"i":1}'
    [event] = connection.receive_text(login, START)
    assert connection.take(event)
    connection.accept_login(event)
    [answer] = connection.outgoing()
    assert {"cmd": "loggedin", "i": 1, "installationId": "x", "service": 1} == json.loads(answer)


def test_null_and_strangers_are_absent_in_json() -> None:
    """Nothing else is."""
    assert pb.GenericCommand(cmd=pb.echo) == read_json({"cmd": "echo", "i": None, "colour": "red", "directMessage": {}})


@pytest.mark.parametrize("value", ["4.7.1", 4.5, True, 2**31, [1], {}])
def test_a_serial_in_json_is_a_whole_number(value: object) -> None:
    """Anything else is no frame."""
    assert Undecodable() == read_json({"cmd": "echo", "i": value})


@pytest.mark.parametrize(
    "fields",
    [{"m": "tom"}, {"m": [1]}, {"cid": 5}, {"info": "x"}, {"unique": "yes"}, {"limit": 2**40}, {"failedPids": [{}]}],
)
def test_fields_of_a_wrong_type_in_json_are_refused(fields: dict[str, object]) -> None:
    """With the serial."""
    assert Undecodable(5) == read_json({"cmd": "conv", "op": "start", "i": 5} | fields)


@pytest.mark.parametrize("name", sorted(SUBPROTOCOLS))
def test_a_client_comes_in_by_every_subprotocol(name: str) -> None:
    """And is answered in the same format."""
    connection = new_connection(name)
    log_in(connection)
    assert ["tom"] == [session.peer_id for session in connection.clients]


def test_a_subprotocol_is_chosen() -> None:
    """The first of those offered that is known."""
    agreed = choose(["chat", "lc.protobuf2.3", "lc.json.3"])
    assert agreed is not None
    assert ("lc.protobuf2.3", Format.PROTOBUF, Offline.UNREAD) == (agreed.name, agreed.format, agreed.offline)
    old = choose(["lc.proto2base64.1"])
    assert old is not None
    assert (Format.BASE64, Offline.MESSAGES) == (old.format, old.offline)


def test_a_subprotocol_may_stand_in_the_address() -> None:
    """Where the header has none that is known."""
    agreed = choose([], "lc.json.3")
    assert agreed is not None
    assert Format.JSON is agreed.format
    assert choose(["lc.protobuf2.2", "LC.JSON.3"], "lc.xml.3") is None


@pytest.mark.parametrize(
    ("payload", "binary"),
    [
        (OPEN_TOM.SerializeToString(), True),
        (CODECS[Format.BASE64].write(OPEN_TOM), False),
        (b" " + CODECS[Format.JSON].write(OPEN_TOM), False),
        (CODECS[Format.JSON].write(OPEN_TOM).decode(), False),
    ],
)
def test_without_a_subprotocol_the_first_frame_tells(payload: Any, binary: bool) -> None:
    """And from then on it is agreed."""
    connection = new_connection(None)
    [event] = connection.receive_binary(payload, START) if binary else connection.receive_text(payload, START)
    assert connection.take(event)
    assert isinstance(event.command, OpenSession)
    assert connection.accept(event, "st", 1, TIME)
    assert [pb.opened] == [answer.op for answer in heard(connection)]
    assert binary == connection.codec.binary
