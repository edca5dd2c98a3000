"""From a text frame to a command, or to what was wrong with it.

Rule: nothing that a client can send makes this raise, and what is said about it is made of the client's
own field names and JSON's words for types.
"""

import re
from typing import Any, Final, final

import msgspec

from parlance.protocols.platform.codes import ErrorCode
from parlance.protocols.platform.commands import Command, Login, SendMessage, read_special

_MISSING: Final = re.compile(r"Object missing required field `(?P<field>[^`]+)`")
_PLACE: Final = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_LOGIN: Final = Login.__struct_config__.tag

_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command, dec_hook=read_special)
_decode = _decoder.decode
REFUSALS: Final = (msgspec.MsgspecError, RecursionError, UnicodeError)
"""Everything that decoding what somebody sent can raise."""


@final
class Misbehaved(msgspec.Struct, frozen=True):
    """The peer sent what this protocol has no place for.

    `is_login`: it was meant as one.
    """

    code: ErrorCode
    reason: str
    field: str | None = None
    ref: str | None = None
    is_login: bool = False


class _Loose(msgspec.Struct):
    """As much of a refused frame as an answer needs."""

    type: Any = None
    data: Any = None


_decode_loosely = msgspec.json.Decoder(_Loose).decode


def read(text: bytes | str) -> Command | Misbehaved:
    """Read one text frame."""
    try:
        command = _decode(text)
    except REFUSALS as refusal:
        return _explained(refusal, text)
    if type(command) is SendMessage and command.data.conv_id is None and command.data.to_client_id is None:
        return Misbehaved(ErrorCode.MISSING, "conv_id: a required field is missing", "conv_id", command.data.ref)
    return command


def _explained(refusal: Exception, text: bytes | str) -> Misbehaved:
    if isinstance(refusal, RecursionError):
        return Misbehaved(ErrorCode.BAD_FORMAT, "the frame is nested too deeply")
    if not isinstance(refusal, msgspec.ValidationError):
        return Misbehaved(ErrorCode.BAD_FORMAT, "the frame is not JSON")
    try:
        sent = _decode_loosely(text)
    except REFUSALS:
        sent = _Loose()
    ref = sent.data.get("ref") if isinstance(sent.data, dict) else None
    return _judged(str(refusal), ref if isinstance(ref, str) else None, is_login=sent.type == _LOGIN)


def _judged(words: str, ref: str | None, *, is_login: bool) -> Misbehaved:
    """What msgspec's `words` mean here; they end with the path of what they are about."""
    place = _PLACE.search(words)
    path = place["path"] if place else ""
    said = words[: place.start()] if place else words
    missing = _MISSING.match(said)
    if missing:
        field = missing["field"]
        return Misbehaved(ErrorCode.MISSING, f"{field}: a required field is missing", field, ref, is_login)
    if path == ".type":
        reason = "type: unknown command" if said.startswith("Invalid value") else "type: expected str"
        return Misbehaved(ErrorCode.BAD_FORMAT, reason, "type", ref)
    # Words that would repeat what was sent are replaced: it may be long.
    wrong = "expected 0 or 1" if said.startswith("Invalid enum") else said[:1].lower() + said[1:].replace("`", "")
    field = path.removeprefix(".data").removeprefix(".").partition("[")[0] or ("data" if path else None)
    return Misbehaved(ErrorCode.BAD_FORMAT, f"{field or 'the frame'}: {wrong}", field, ref, is_login)
