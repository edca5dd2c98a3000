"""Commands as flat JSON objects (wire: leancloud#json).

A command's own fields and those of its body stand side by side; names of commands and operations have `-` where
the schema has `_`; what is JSON text there is JSON here, and bytes are base64.
"""

import binascii
from typing import Any, Final, cast

import msgspec
from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

from parlance.protocols.leancloud.generated import messages_pb2 as pb

_HEADER: Final = pb.GenericCommand.DESCRIPTOR
_JSON_TEXT: Final = pb.JsonObjectMessage.DESCRIPTOR
_ECHO: Final = b"{}"
_REFUSALS: Final = (msgspec.MsgspecError, TypeError, ValueError, RecursionError)
"""Everything that reading what somebody sent can raise; UnicodeError and binascii's are ValueErrors."""

_encode = msgspec.json.Encoder().encode


def decode(data: bytes | str) -> pb.GenericCommand | int | None:
    """The command in a frame; from one that holds none, the serial if there is one."""
    try:
        frame = msgspec.json.decode(data)
    except _REFUSALS:
        return None
    if not isinstance(frame, dict):
        return None
    command = pb.GenericCommand()
    try:
        if not frame:
            # The sign of life of clients that speak JSON.
            command.cmd = pb.echo
            return command
        _fill(command, frame)
        body = body_field(command)
        if body is not None:
            inner = getattr(command, body)
            inner.SetInParent()
            _fill(inner, frame)
    except _REFUSALS:
        return command.i if command.HasField("i") else None
    return command if command.IsInitialized() else (command.i if command.HasField("i") else None)


def encode(command: pb.GenericCommand) -> bytes:
    """The text of a frame."""
    if command.cmd == pb.echo and not command.HasField("i"):
        return _ECHO
    frame = flattened(command)
    if command.cmd == pb.error and command.HasField("errorMessage"):
        # Clients that watch queries look here, the others for `code`.
        wrong = command.errorMessage
        frame["error"] = {"code": wrong.code, "detail": wrong.detail or wrong.reason}
    return _encode(frame)


def flattened(command: pb.GenericCommand) -> dict[str, Any]:
    """A command as one flat object, ready to be written as JSON; LeanCloud's list of notifications has them too."""
    flat: dict[str, Any] = {}
    for field, value in command.ListFields():
        if field.message_type is None:
            flat[field.name] = _shown(field, value)
        else:
            flat |= _object(value)
    return flat


def body_field(command: pb.GenericCommand) -> str | None:
    """The field in which a command of this kind has its body, if it can have one."""
    return _BODIES.get(command.cmd) if command.HasField("cmd") else None


def name_of(enum: EnumDescriptor, number: int) -> str:
    """A command or an operation, as this format spells it."""
    return enum.values_by_number[number].name.replace("_", "-")


_BODIES: Final = {
    number: f"{value.name}Message"
    for number, value in pb.CommandType.DESCRIPTOR.values_by_number.items()
    if f"{value.name}Message" in _HEADER.fields_by_name
}


def _object(message: Message) -> dict[str, Any]:
    return {field.name: _shown(field, value) for field, value in message.ListFields()}


def _shown(field: FieldDescriptor, value: Any) -> Any:
    if field.is_repeated:
        return [_shown_one(field, each) for each in value]
    return _shown_one(field, value)


def _shown_one(field: FieldDescriptor, value: Any) -> Any:
    if field.message_type is _JSON_TEXT:
        return msgspec.Raw(value.data)
    if field.message_type is not None:
        return _object(value)
    if field.enum_type is not None:
        return name_of(field.enum_type, value)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return binascii.b2a_base64(value, newline=False).decode()
    return value


def _fill(message: Message, values: dict[str, Any]) -> None:
    """Set each field of `message` that `values` has; a TypeError or ValueError says that one does not fit."""
    at_the_top = message.DESCRIPTOR is _HEADER
    for field in cast("list[FieldDescriptor]", message.DESCRIPTOR.fields):
        value = values.get(field.name)
        if value is None or (at_the_top and field.message_type is not None):
            continue
        if field.is_repeated:
            _fill_list(message, field, value)
        elif field.message_type is not None:
            _fill_one(getattr(message, field.name), value)
        else:
            plain = _read(field, value)
            if plain is not None:
                setattr(message, field.name, plain)


def _fill_list(message: Message, field: FieldDescriptor, value: Any) -> None:
    if not isinstance(value, list):
        raise TypeError(f"{field.name}: expected a list")
    container = getattr(message, field.name)
    for each in value:
        if field.message_type is not None:
            _fill_one(container.add(), each)
        else:
            container.append(each)


def _fill_one(message: Message, value: Any) -> None:
    if isinstance(message, pb.JsonObjectMessage):
        message.data = value if isinstance(value, str) else _encode(value).decode()
        return
    if not isinstance(value, dict):
        raise TypeError("expected an object")
    message.SetInParent()
    _fill(message, value)


def _read(field: FieldDescriptor, value: Any) -> Any:
    """A single value as protobuf takes it; None for a word that its list does not have."""
    if field.type == FieldDescriptor.TYPE_BYTES:
        return binascii.a2b_base64(value, strict_mode=True)
    if field.enum_type is not None:
        known = field.enum_type
        if isinstance(value, str):
            named = known.values_by_name.get(value.replace("-", "_"))
            return None if named is None else named.number
        return value if value in known.values_by_number else None
    return value
