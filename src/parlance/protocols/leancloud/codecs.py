"""The three ways in which a command is written in a frame, and read from one.

Rule 1: nothing that a client can send makes `read_text` or `read_binary` raise.
Rule 2: a push for many is encoded once; only whom it is for is added for each (`addressed`).
"""

import binascii
from typing import ClassVar, Final, Protocol, final

import msgspec
from google.protobuf.message import DecodeError

from parlance.protocols.leancloud import json_frames
from parlance.protocols.leancloud.generated import messages_pb2 as pb
from parlance.protocols.leancloud.subprotocols import Format

_PEER_ID: Final = pb.GenericCommand.PEERID_FIELD_NUMBER << 3 | 2
"""The key of the field `peerId`: protobuf allows a message's fields in any order, so it can be added at the end."""


@final
class Undecodable(msgspec.Struct, frozen=True):
    """A frame that is no command, and the serial that could still be read from it."""

    i: int | None = None


Decoded = pb.GenericCommand | Undecodable


class Push:
    """A command for many clients that nobody asked for."""

    __slots__ = ("_json", "_protobuf", "command")

    def __init__(self, command: pb.GenericCommand) -> None:
        self.command = command
        self._protobuf: bytes | None = None
        self._json: bytes | None = None

    def protobuf(self, peer_id: str) -> bytes:
        """For one client, in binary."""
        if self._protobuf is None:
            self._protobuf = self.command.SerializeToString()
        name = peer_id.encode()
        return b"%b%c%b%b" % (self._protobuf, _PEER_ID, _varint(len(name)), name)

    def json(self, peer_id: str) -> bytes:
        """For one client, in JSON."""
        if self._json is None:
            self._json = json_frames.encode(self.command)
        return b'{"peerId":%b,%b' % (msgspec.json.encode(peer_id), self._json[1:])


class Codec(Protocol):
    """One of the three formats."""

    binary: ClassVar[bool]
    """Whether its frames are binary ones."""

    def read_text(self, data: bytes | str) -> Decoded:
        """Read a text frame."""

    def read_binary(self, data: bytes) -> Decoded:
        """Read a binary frame."""

    def write(self, command: pb.GenericCommand) -> bytes:
        """The payload of a frame."""

    def addressed(self, push: Push, peer_id: str) -> bytes:
        """The payload of a frame that tells one client of a push."""


class ProtobufCodec:
    """One binary frame is one command."""

    binary: ClassVar[bool] = True

    def read_text(self, data: bytes | str) -> Decoded:
        """Refuse: text is not spoken here."""
        return Undecodable()

    def read_binary(self, data: bytes) -> Decoded:
        """Read a binary frame."""
        return _from_protobuf(data)

    def write(self, command: pb.GenericCommand) -> bytes:
        """The payload of a binary frame."""
        return command.SerializeToString()

    def addressed(self, push: Push, peer_id: str) -> bytes:
        """The payload of a binary frame."""
        return push.protobuf(peer_id)


class Base64Codec:
    """One text frame is the base64 of one command, both ways."""

    binary: ClassVar[bool] = False

    def read_text(self, data: bytes | str) -> Decoded:
        """Read a text frame."""
        try:
            return _from_protobuf(binascii.a2b_base64(data, strict_mode=True))
        except ValueError:
            return Undecodable()

    def read_binary(self, data: bytes) -> Decoded:
        """Refuse: binary frames are not spoken here."""
        return Undecodable()

    def write(self, command: pb.GenericCommand) -> bytes:
        """The payload of a text frame."""
        return binascii.b2a_base64(command.SerializeToString(), newline=False)

    def addressed(self, push: Push, peer_id: str) -> bytes:
        """The payload of a text frame."""
        return binascii.b2a_base64(push.protobuf(peer_id), newline=False)


class JsonCodec:
    """One text frame is a flat JSON object (wire: leancloud#json)."""

    binary: ClassVar[bool] = False

    def read_text(self, data: bytes | str) -> Decoded:
        """Read a text frame."""
        read = json_frames.decode(data)
        return read if isinstance(read, pb.GenericCommand) else Undecodable(read)

    def read_binary(self, data: bytes) -> Decoded:
        """Refuse: binary frames are not spoken here."""
        return Undecodable()

    def write(self, command: pb.GenericCommand) -> bytes:
        """The payload of a text frame."""
        return json_frames.encode(command)

    def addressed(self, push: Push, peer_id: str) -> bytes:
        """The payload of a text frame."""
        return push.json(peer_id)


CODECS: Final[dict[Format, Codec]] = {
    Format.PROTOBUF: ProtobufCodec(),
    Format.BASE64: Base64Codec(),
    Format.JSON: JsonCodec(),
}


def guessed(data: bytes | str, *, binary: bool) -> Codec:
    """What a client speaks that named no sub-protocol, by its first frame (wire: leancloud#subprotocols)."""
    if binary:
        return CODECS[Format.PROTOBUF]
    first = data.lstrip()[:1]
    return CODECS[Format.JSON if first in ("{", b"{") else Format.BASE64]


def _from_protobuf(data: bytes) -> Decoded:
    try:
        command = pb.GenericCommand.FromString(data)
    except DecodeError:
        return Undecodable()
    if not command.IsInitialized():
        return Undecodable(command.i if command.HasField("i") else None)
    return command


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)
