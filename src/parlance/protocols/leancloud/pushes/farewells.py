"""What is said when a client, or everybody, has to go."""

from parlance.protocols.leancloud.codecs import Push
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.pushes.push import push


def kicked(code: ErrorCode, reason: str | None, server_ts: int) -> Push:
    """A client is out: another device took its place, or the app kicked it (wire: leancloud#kicked)."""
    body = pb.SessionCommand(code=code, reason=reason or code.name)
    return push(pb.GenericCommand(cmd=pb.session, op=pb.closed, sessionMessage=body), server_ts)


def goaway() -> pb.GenericCommand:
    """Come back elsewhere: ask for the address again (wire: leancloud#goaway)."""
    return pb.GenericCommand(cmd=pb.goaway)
