"""From what a frame holds to a command, or to what is wrong with it.

Rule 1: nothing that a client can send makes this raise, and what is said about it is made of the client's own
field names and JSON's words for types.
Rule 2: what is unknown here is refused for itself alone (wire: leancloud#unknown).
"""

import re
from typing import Any, Final, final

import msgspec
from google.protobuf.message import Message

from parlance.protocols.leancloud.codecs import Decoded, Undecodable
from parlance.protocols.leancloud.codes import ErrorCode
from parlance.protocols.leancloud.commands import conversations, members, messages, sessions
from parlance.protocols.leancloud.commands.command import Command, read_special
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.json_frames import body_field
from parlance.protocols.leancloud.session import ClientSession

_MISSING: Final = re.compile(r"Object missing required field `(?P<field>[^`]+)`")
_PLACE: Final = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_SCALARS: Final = frozenset({str, int, bool, bytes, float})

_BY_OP: Final[dict[int, dict[int, type[Command]]]] = {
    pb.session: {
        pb.open: sessions.OpenSession,
        pb.close: sessions.CloseSession,
        pb.query: sessions.QuerySessions,
        pb.refresh: sessions.RefreshSession,
    },
    pb.report: {pb.upload: sessions.UploadReport},
    pb.conv: {
        pb.start: conversations.StartConversation,
        pb.add: members.AddMembers,
        pb.remove: members.RemoveMembers,
        pb.update: conversations.UpdateConversation,
        pb.mute: conversations.MuteConversation,
        pb.unmute: conversations.UnmuteConversation,
        pb.count: conversations.CountMembers,
        pb.members: conversations.ListMembers,
        pb.is_member: conversations.AskMembership,
        pb.max_read: conversations.AskMaxRead,
        pb.query: conversations.QueryConversations,
        pb.member_info_update: members.UpdateMemberInfo,
        pb.add_shutup: members.ShutUpMembers,
        pb.remove_shutup: members.LetMembersSpeak,
        pb.query_shutup: members.QueryShutUp,
        pb.check_shutup: members.CheckShutUp,
    },
    pb.blacklist: {
        pb.block: members.BlockMembers,
        pb.unblock: members.UnblockMembers,
        pb.query: members.QueryBlocked,
        pb.check_block: members.CheckBlocked,
    },
    pb.patch: {pb.modify: messages.PatchMessages},
}
_WHATEVER_OP: Final[dict[int, type[Command]]] = {
    pb.direct: messages.SendMessage,
    pb.ack: messages.AckMessages,
    pb.read: messages.ReadMessages,
    pb.logs: messages.QueryHistory,
    pb.login: sessions.Login,
    pb.logout: sessions.Logout,
    pb.echo: sessions.Echo,
}
"""Some clients send an `op` with these, which means nothing."""
COMMANDS: Final = frozenset(_WHATEVER_OP.values()).union(*(ops.values() for ops in _BY_OP.values()))
"""Everything that can be asked for; of a message that cannot be sent comes `UnsendableMessage`."""


@final
class Asked(msgspec.Struct):
    """A command, and what its answer needs."""

    command: Command
    i: int | None = None
    """Its serial: the answer has the same, and a command without one gets none (wire: leancloud#serials)."""
    peer_id: str | None = None
    """Which client asks; once the command is taken up, never one that is not here."""
    session: ClientSession | None = None
    """Its session, once the command is taken up; None for what needs none."""
    named: bool = False
    """Whether it said itself who it is: its answer says so as well then (wire: leancloud#peer-id)."""

    @property
    def wants_answer(self) -> bool:
        """Whether somebody waits for one. Those who log in always do, with or without a serial."""
        return self.i is not None or type(self.command) in (sessions.OpenSession, sessions.Echo)


@final
class Misbehaved(msgspec.Struct, frozen=True):
    """The peer sent what this protocol has no place for. It has been told so, if it asked."""

    code: ErrorCode
    detail: str
    i: int | None = None
    undecodable: bool = False
    """The whole frame was no good; otherwise it is one command that is refused."""
    peer_id: str | None = None
    """Which client asked, if it said so."""


def read(decoded: Decoded, most_message_bytes: int) -> Asked | Misbehaved:
    """Read one command."""
    if type(decoded) is Undecodable:
        return Misbehaved(ErrorCode.UNPARSEABLE_RAW_MESSAGE, "the frame cannot be read", decoded.i, undecodable=True)
    assert isinstance(decoded, pb.GenericCommand)  # noqa: S101 - for the type checker, which does not see `final`
    i = decoded.i if decoded.HasField("i") else None
    if type(decoded.peerId) is not str:
        return Misbehaved(ErrorCode.UNPARSEABLE_RAW_MESSAGE, "peerId: expected UTF-8", i, undecodable=True)
    peer_id = decoded.peerId or None
    wanted = _wanted(decoded)
    if wanted is None:
        return Misbehaved(ErrorCode.CONVERSATION_API_FAILED, "unknown command or operation", i, peer_id=peer_id)
    values = _values(decoded, wanted)
    try:
        command: Command = msgspec.convert(values, wanted, dec_hook=read_special)
    except msgspec.ValidationError as refusal:
        code, detail = _explained(refusal, wanted)
        if wanted is messages.SendMessage:
            return Asked(_unsendable(values, detail), i, peer_id, named=peer_id is not None)
        return Misbehaved(code, detail, i, peer_id=peer_id)
    return _weighed(command, most_message_bytes, i, peer_id)


def _weighed(command: Command, most_bytes: int, i: int | None, peer_id: str | None) -> Asked | Misbehaved:
    if type(command) is messages.SendMessage:
        command = _sendable(command, most_bytes)
    elif type(command) is messages.PatchMessages and any(each.size > most_bytes for each in command.patches):
        return Misbehaved(ErrorCode.FRAME_TOO_LONG, _too_long(most_bytes), i, peer_id=peer_id)
    return Asked(command, i, peer_id, named=peer_id is not None)


def _wanted(command: pb.GenericCommand) -> type[Command] | None:
    if not command.HasField("cmd"):
        return None
    wanted = _WHATEVER_OP.get(command.cmd)
    if wanted is not None:
        return wanted
    return _BY_OP.get(command.cmd, {}).get(command.op) if command.HasField("op") else None


def _values(command: pb.GenericCommand, wanted: type[Command]) -> dict[str, Any]:
    body = body_field(command)
    values = _plain(getattr(command, body)) if body is not None and command.HasField(body) else {}
    for name in wanted.header:
        if command.HasField(name):
            values[name] = getattr(command, name)
    return values


def _plain(message: Message) -> dict[str, Any]:
    """The fields that are there. A text that is not UTF-8 comes as bytes, and is refused where text is expected."""
    return {field.name: value if type(value) in _SCALARS else _nested(value) for field, value in message.ListFields()}


def _nested(value: Any) -> Any:
    if isinstance(value, pb.JsonObjectMessage):
        return value.data
    if isinstance(value, Message):
        return _plain(value)
    return [each if type(each) in _SCALARS else _nested(each) for each in value]


def _sendable(command: messages.SendMessage, most_bytes: int) -> messages.SendMessage | messages.UnsendableMessage:
    if command.msg is None and command.binary_msg is None:
        code, detail = ErrorCode.CONVERSATION_API_FAILED, "msg: a required field is missing"
    elif command.size > most_bytes:
        code, detail = ErrorCode.FRAME_TOO_LONG, _too_long(most_bytes)
    else:
        return command
    return messages.UnsendableMessage(cid=command.cid, code=code, detail=detail)


def _too_long(most_bytes: int) -> str:
    return f"a message has at most {most_bytes} bytes"


def _explained(refusal: msgspec.ValidationError, wanted: type[Command]) -> tuple[ErrorCode, str]:
    """What msgspec's words mean here; they end with the path of what they are about."""
    words = str(refusal)
    place = _PLACE.search(words)
    said = words[: place.start()] if place else words
    path = (place["path"] if place else "").removeprefix(".")
    missing = _MISSING.match(said)
    if missing:
        path, said = f"{path}.{missing['field']}".removeprefix("."), "a required field is missing"
    detail = f"{path or 'the body'}: {said[:1].lower()}{said[1:].replace('`', '')}"
    if wanted is sessions.OpenSession:
        return ErrorCode.INVALID_LOGIN, detail
    if path == "where":
        return ErrorCode.CONVERSATION_QUERY_FAILED, detail
    return ErrorCode.CONVERSATION_API_FAILED, detail


def _unsendable(values: dict[str, Any], detail: str) -> messages.UnsendableMessage:
    """A message for nowhere has no target; any other is not well-formed."""
    cid = values.get("cid")
    if isinstance(cid, str):
        return messages.UnsendableMessage(cid=cid, code=ErrorCode.CONVERSATION_API_FAILED, detail=detail)
    return messages.UnsendableMessage(cid=None, code=ErrorCode.INVALID_MESSAGING_TARGET, detail=detail)
