"""Whatever clients send, in whatever order and format: the connection does not raise, and neighbours live."""

import random  # noqa: TID251 - tests draw lots as they like
from itertools import count
from typing import Any, cast

import msgspec
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st

from parlance.protocols.leancloud.answers.conversations import counted
from parlance.protocols.leancloud.codecs import CODECS, Codec, Decoded, Push, Undecodable
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.commands.messages import SendMessage
from parlance.protocols.leancloud.commands.sessions import CloseSession, Login, OpenSession
from parlance.protocols.leancloud.connection import Connection
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.limits import Limits
from parlance.protocols.leancloud.moves import OVER, SessionState
from parlance.protocols.leancloud.pushes.conversations import joined
from parlance.protocols.leancloud.reader import Asked, Misbehaved
from parlance.protocols.leancloud.subprotocols import SUBPROTOCOLS, Format, Subprotocol

MANY = 10_000
LIMITS = Limits(sessions=5)
_INTERNALS = ("msgspec", "Traceback", "parlance", "Struct", "$", "`", "<class", "0x", "python")
SUBPROTOCOL = st.sampled_from([None, *(SUBPROTOCOLS[f"lc.{name}.3"] for name in ("protobuf2", "proto2base64", "json"))])
NAMES = ["tom", "jerry", "", "x" * 65]
COMMANDS: Any = pb.CommandType.values()
OPERATIONS: Any = pb.OpType.values()
TEXTS = ["", "c", "tom", "{}", "[]", '{"m":"tom"}', "[" * 300, "\x00", "用户", "x" * 300]


def new_connection(subprotocol: Subprotocol | None) -> Connection:
    """Connected just now."""
    numbers = count()
    return Connection(subprotocol, LIMITS, lambda: f"made-{next(numbers)}", 0.0)


def filled(chance: random.Random, message: Message, depth: int = 0) -> None:
    """Set some of the fields of a message to values that are of the right type, if of nothing else."""
    for field in cast("list[FieldDescriptor]", message.DESCRIPTOR.fields):
        required = field.is_required
        if not required and chance.random() > (0.25 if depth else 0.5):
            continue
        if field.message_type is not None:
            inner = getattr(message, field.name)
            filled(chance, inner.add() if field.is_repeated else inner, depth + 1)
            if not field.is_repeated:
                inner.SetInParent()
        elif field.is_repeated:
            getattr(message, field.name).extend(chance.choices(TEXTS, k=chance.randrange(3)))
        else:
            setattr(message, field.name, _value(chance, field))


def _value(chance: random.Random, field: FieldDescriptor) -> Any:
    if field.enum_type is not None:
        return chance.choice(list(field.enum_type.values_by_number))
    if field.type == FieldDescriptor.TYPE_STRING:
        return chance.choice(NAMES) if field.name == "peerId" else chance.choice(TEXTS)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return chance.randbytes(3)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return chance.random() < 0.5
    widest = 2**63 if field.type == FieldDescriptor.TYPE_INT64 else 2**31
    return chance.choice([0, 1, -1, 20, widest - 1, -widest])


def likely(chance: random.Random) -> pb.GenericCommand:
    """A command that has much of what it needs, and much that it does not."""
    command = pb.GenericCommand()
    filled(chance, command)
    if chance.random() < 0.9:
        command.MergeFrom(pb.GenericCommand(cmd=chance.choice(COMMANDS), op=chance.choice(OPERATIONS)))
    if command.cmd == pb.session and chance.random() < 0.7:
        command.op = pb.open
    return command


def mutated(chance: random.Random, payload: bytes) -> bytes:
    """A frame with a few bytes changed, lost or added."""
    data = bytearray(payload)
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(data) + 1)
        data[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
    return bytes(data)


class Gateway:
    """The least that a holder of the connection does: commands in turn, a login decided before the next."""

    def __init__(self, subprotocol: Subprotocol | None) -> None:
        self.connection = new_connection(subprotocol)
        self.now = 0.0
        self.backlog: list[Asked | Misbehaved] = []
        self.undecided: Asked | None = None
        self.heard = False

    def frame(self, payload: bytes | str, *, binary: bool) -> None:
        """A frame has come."""
        self.heard = True
        if binary:
            raw = payload.encode(errors="surrogatepass") if isinstance(payload, str) else payload
            self.backlog += self.connection.receive_binary(raw, self.now)
        else:
            self.backlog += self.connection.receive_text(payload, self.now)
        self.work()

    def work(self) -> None:
        """Take up what is waiting, up to a login."""
        while self.backlog and self.undecided is None:
            event = self.backlog.pop(0)
            assert self.now <= self.connection.turn(event, self.now) <= self.now + 0.1
            if self.connection.take(event):
                self.act(event)

    def act(self, asked: Asked) -> None:
        """Carry out a command, more or less."""
        command = asked.command
        if isinstance(command, OpenSession):
            assert asked.peer_id
            assert len(asked.peer_id) <= 64
            self.undecided = asked
        elif isinstance(command, CloseSession):
            self.connection.close(asked)
        elif isinstance(command, Login):
            self.connection.accept_login(asked)
        else:
            assert asked.session is None or asked.session.state is SessionState.OPEN
            if isinstance(command, SendMessage):
                assert (command.msg is not None) or (command.binary_msg is not None)
                assert command.size <= LIMITS.message_bytes
            self.connection.answer(asked, counted("c", 1), self.now)

    def decide(self, how: str) -> None:
        """Say yes or no to who asks to come in."""
        asked, self.undecided = self.undecided, None
        if asked is None or self.connection.state in OVER:
            return
        if how == "accept":
            self.connection.accept(asked, "st", 1, 1)
        elif how == "refuse":
            self.connection.refuse(asked, ErrorCode.SIGNATURE_FAILED)
        else:
            self.connection.refuse_conflicting(asked)
        self.work()

    def step(self, kind: str, argument: Any) -> None:
        """Let one thing happen."""
        connection = self.connection
        if kind in ("accept", "refuse", "conflict"):
            self.decide(kind)
        elif kind in ("text", "binary"):
            self.frame(argument, binary=kind == "binary")
        elif kind == "wait":
            self.now += argument
            connection.on_deadline(self.now)
        elif kind == "kick":
            connection.kick("tom", ErrorCode.KICKED_BY_APP, None, 1)
        elif kind == "hold" and self.heard:  # nobody is pushed to before they come in
            connection.hold(joined("c", "tom", None, 1), "tom", self.now + argument)
        elif kind in ("going_away", "overflowed", "peer_gone"):
            getattr(connection, kind)()
            connection.abandon()
        self.check()

    def check(self) -> None:
        """What is true after every step."""
        connection = self.connection
        for payload in connection.outgoing():
            said = (
                connection.codec.read_binary(payload)
                if connection.codec.binary
                else connection.codec.read_text(payload)
            )
            assert isinstance(said, pb.GenericCommand), payload
            if said.cmd == pb.error:
                wrong = said.errorMessage
                assert ErrorCode(wrong.code).name == wrong.reason
                assert not [word for word in _INTERNALS if word in wrong.detail], wrong.detail
                assert len(wrong.detail) < 200
        assert (connection.close_code is not None) <= (connection.state in OVER)
        assert (connection.next_deadline() is None) == (connection.state in OVER)
        assert len(connection.clients) <= LIMITS.sessions
        assert all(session.is_open for session in connection.clients)


def read_by_client(codec: Codec, payload: bytes) -> Decoded:
    """A frame of ours, read on the other side."""
    return codec.read_binary(payload) if codec.binary else codec.read_text(payload)


def log_in(gateway: Gateway, name: str) -> None:
    """A client comes in."""
    codec = gateway.connection.codec
    opening = pb.GenericCommand(cmd=pb.session, op=pb.open, peerId=name, i=1)
    gateway.frame(codec.write(opening), binary=codec.binary)
    gateway.decide("accept")
    gateway.check()


any_text = st.text(st.characters(), max_size=30)
chances = st.integers(0, 2**32).map(random.Random)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(-(10**400), 10**400) | st.floats(allow_nan=False)
    | any_text.map(lambda text: text.encode("utf-8", "replace").decode()) | st.sampled_from(TEXTS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=3),
    max_leaves=10,
)  # fmt: skip
FIELDS = sorted(
    {field.name for field in pb.GenericCommand.DESCRIPTOR.fields}
    | {
        inner.name
        for field in pb.GenericCommand.DESCRIPTOR.fields
        if field.message_type is not None
        for inner in field.message_type.fields
    }
)
WORDS = st.sampled_from([name.replace("_", "-") for name in (*pb.CommandType.keys(), *pb.OpType.keys())])
json_frames = st.dictionaries(st.sampled_from(FIELDS), any_json | WORDS, max_size=8).map(
    lambda fields: msgspec.json.encode(_writable(fields))
)


def _writable(value: Any) -> Any:
    """Numbers that JSON's writer does not have as text."""
    if isinstance(value, dict):
        return {key: _writable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_writable(inner) for inner in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return str(value)
    return value


def in_format(chance: random.Random, codec: Codec) -> bytes:
    """A likely command, or almost one."""
    return mutated(chance, codec.write(likely(chance))) if chance.random() < 0.5 else codec.write(likely(chance))


payloads = (
    st.binary(max_size=200)
    | any_text
    | json_frames
    | st.builds(in_format, chances, st.sampled_from(list(CODECS.values())))
)
HAPPENINGS = ["accept", "refuse", "conflict", "wait", "kick", "hold", "going_away", "overflowed", "peer_gone"]
steps = st.lists(
    st.tuples(st.sampled_from(["text", "binary"]), payloads)
    | st.tuples(
        st.sampled_from(
            ["accept", "refuse", "conflict", "wait", "kick", "hold", "going_away", "overflowed", "peer_gone"]
        ),
        st.floats(0, 500),
    ),
    max_size=30,
)


@settings(max_examples=300)
@given(subprotocol=SUBPROTOCOL, things=steps)
def test_no_order_of_things_makes_it_raise(subprotocol: Subprotocol | None, things: list[tuple[str, Any]]) -> None:
    """From both sides at once, in every format."""
    gateway = Gateway(subprotocol)
    for kind, argument in things:
        gateway.step(kind, argument)


@settings(max_examples=500)
@given(subprotocol=SUBPROTOCOL, payload=payloads, binary=st.booleans())
def test_no_frame_harms_who_is_in(subprotocol: Subprotocol | None, payload: bytes | str, binary: bool) -> None:
    """Tom and Jerry are still there, unless it was they who asked to go."""
    gateway = Gateway(subprotocol)
    log_in(gateway, "tom")
    log_in(gateway, "jerry")
    gateway.frame(payload, binary=binary)
    gateway.check()
    assert gateway.connection.close_code is None
    assert 1 <= len(gateway.connection.clients)


@settings(max_examples=500)
@given(data=st.binary(max_size=300) | any_text)
def test_no_bytes_make_a_codec_raise(data: bytes | str) -> None:
    """Each reads them, or says that it cannot."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    for codec in CODECS.values():
        for read in (codec.read_text(data), codec.read_text(raw), codec.read_binary(raw)):
            assert isinstance(read, pb.GenericCommand | Undecodable)
            if isinstance(read, pb.GenericCommand):
                assert read.IsInitialized()


def test_ten_thousand_frames() -> None:
    """Each is answered at most once, and every connection that they did not end still answers an echo."""
    chance = random.Random(4)  # noqa: S311 - dice, not secrets
    subprotocols = [SUBPROTOCOLS[f"lc.{name}.3"] for name in ("protobuf2", "proto2base64", "json")]
    sent = 0
    while sent < MANY:
        gateway = Gateway(chance.choice(subprotocols))
        log_in(gateway, "tom")
        codec = gateway.connection.codec
        for _ in range(50):
            sent += 1
            gateway.frame(in_format(chance, codec), binary=codec.binary)
            gateway.decide(chance.choice(["accept", "refuse", "conflict"]))
            gateway.check()
        if gateway.connection.close_code is None:
            gateway.frame(codec.write(pb.GenericCommand(cmd=pb.echo, i=7)), binary=codec.binary)
            assert [codec.write(pb.GenericCommand(cmd=pb.echo, i=7))] == gateway.connection.outgoing()


@settings(max_examples=200)
@given(chance=chances, peer_id=st.text(st.characters(exclude_categories=["Cs"]), max_size=64))
def test_every_command_survives_every_format(chance: random.Random, peer_id: str) -> None:
    """Whatever is in it: written, read, and addressed."""
    command = likely(chance)
    if not command.HasField("cmd"):
        return
    command.ClearField("peerId")
    body = f"{pb.CommandType.Name(command.cmd)}Message"
    for field, _ in command.ListFields():
        # JSON has room for one body; one that is not there is the same as an empty one.
        if field.message_type is not None and field.name != body:
            command.ClearField(field.name)
    if body in FIELDS:
        getattr(command, body).SetInParent()
    if not command.IsInitialized():
        return
    for format_, codec in CODECS.items():
        if format_ is Format.JSON and not _is_json(command):
            continue
        written = codec.write(command)
        assert command == read_by_client(codec, written)
        read = read_by_client(codec, codec.addressed(Push(command), peer_id))
        assert isinstance(read, pb.GenericCommand)
        assert peer_id == read.peerId


def _is_json(command: pb.GenericCommand) -> bool:
    """Whether what calls itself JSON in a command is, so that it can stand in a JSON frame."""
    if command.cmd in (pb.echo, pb.error):
        return False
    texts: list[str] = []
    _collect(command, texts)
    try:
        for text in texts:
            if not isinstance(msgspec.json.decode(text), dict):
                return False
    except msgspec.DecodeError:
        return False
    return True


def _collect(message: Message, texts: list[str]) -> None:
    if isinstance(message, pb.JsonObjectMessage):
        texts.append(message.data)
        return
    for field, value in message.ListFields():
        if field.message_type is not None:
            for each in value if field.is_repeated else [value]:
                _collect(each, texts)
