"""A connection as the tests hold it: what a gateway would do, without a socket."""

from itertools import count

from parlance.protocols.leancloud.codecs import CODECS, Codec, Undecodable
from parlance.protocols.leancloud.connection import Connection
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.limits import Limits
from parlance.protocols.leancloud.moves import ConnectionState
from parlance.protocols.leancloud.reader import Asked
from parlance.protocols.leancloud.subprotocols import SUBPROTOCOLS, Format

START = 1_000.0
TIME = 1_767_225_600_000
LIMITS = Limits(login_wait=60.0, idle=400.0, sessions=3)
PROTOBUF = "lc.protobuf2.3"
OPEN_TOM = pb.GenericCommand(
    cmd=pb.session,
    op=pb.open,
    appId="app",
    peerId="tom",
    i=1,
    sessionMessage=pb.SessionCommand(ua="js/5.0.0-rc.8", r=False, configBitmap=187),
)


def new_connection(subprotocol: str | None = PROTOBUF) -> Connection:
    """Connected just now; nobody has logged in. Clients without a name are called made-1, made-2, …"""
    numbers = count(1)
    agreed = None if subprotocol is None else SUBPROTOCOLS[subprotocol]
    return Connection(agreed, LIMITS, lambda: f"made-{next(numbers)}", START)


def feed(connection: Connection, command: pb.GenericCommand, now: float = START) -> list[Asked]:
    """Hand in one command and take it up: what is to be acted upon."""
    payload = connection.codec.write(command)
    events = (
        connection.receive_binary(payload, now) if connection.codec.binary else connection.receive_text(payload, now)
    )
    return [event for event in events if connection.take(event)]


def ask(connection: Connection, command: pb.GenericCommand, now: float = START) -> Asked:
    """The same, for a command that must be taken up."""
    [asked] = feed(connection, command, now)
    return asked


def decoded(codec: Codec, payload: bytes) -> pb.GenericCommand:
    """What a client reads in a frame."""
    read = codec.read_binary(payload) if codec.binary else codec.read_text(payload)
    assert not isinstance(read, Undecodable)
    return read


def heard(connection: Connection) -> list[pb.GenericCommand]:
    """What the clients get to read."""
    return [decoded(connection.codec, payload) for payload in connection.outgoing()]


def log_in(connection: Connection, peer_id: str = "tom", bitmap: int = 187) -> None:
    """A client is in, and has been told so."""
    command = pb.GenericCommand()
    command.CopyFrom(OPEN_TOM)
    command.peerId = peer_id
    command.sessionMessage.configBitmap = bitmap
    assert connection.accept(ask(connection, command), "token-of-" + peer_id, 86_400, TIME)
    connection.outgoing()


def with_clients(*peer_ids: str) -> Connection:
    """A connection on which these are logged in."""
    connection = new_connection()
    for peer_id in peer_ids:
        log_in(connection, peer_id)
    return connection


def where(connection: Connection) -> ConnectionState:
    """The connection's state, asked anew (a type checker believes that an attribute stays as it was)."""
    return connection.state


PROTOBUF_CODEC = CODECS[Format.PROTOBUF]
