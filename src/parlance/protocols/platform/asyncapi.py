"""The protocol as an AsyncAPI 3.0 document, made of the same structs that read and write it."""

import re
from collections.abc import Iterator
from inspect import getdoc
from typing import Any, Final, get_args

import msgspec

from parlance.protocols.platform.codes import CloseCode, ErrorCode
from parlance.protocols.platform.commands import ClientIdList, Command, JsonObject, JsonText
from parlance.protocols.platform.examples import COMMANDS, SERVER_FRAMES
from parlance.protocols.platform.payloads import ServerFrame

ADDRESS: Final = "/im/socket"

ANSWERS: Final[dict[str, str | None]] = {
    "login": "login.success",
    "msg.send": "msg.sent",
    "msg.list": "msg.list",
    "msg.read": None,
    "msg.recall": "msg.recalled",
    "msg.edit": "msg.edited",
    "typing": None,
    "presence": "presence",
    "sync": "sync",
    "conv.join": "conv.join",
    "conv.leave": "conv.leave",
    "ping": "pong",
    "logout": "logout.success",
}
"""What answers each command when it succeeds; None: nothing does."""
ONLY_ANSWERS: Final = frozenset(ANSWERS.values()) - {"msg.recalled", "msg.edited", "presence"}
"""What never comes unasked."""
_CITATION: Final = re.compile(r" \(wire: [^)]*\)")

_DESCRIPTION: Final = """\
One JSON object a text frame: `{"type", "data"}`, answers `{"type", "msg", "data"}`. A request may carry `ref`, any \
string, in its `data`; its answer and its error carry it back. Unknown fields are ignored, on both sides. Times are \
milliseconds since the epoch.
"""


def asyncapi(version: str, url: str = "ws://127.0.0.1:8000") -> dict[str, Any]:
    """The whole document: `version` is the server's, `url` where its socket is reached."""
    scheme, _, host = url.partition("://")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Parlance platform socket",
            "version": version,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"parlance": {"host": host, "protocol": scheme, "description": "This server."}},
        "channels": {"socket": _channel()},
        "operations": dict(_operations()),
        "components": {"messages": dict(_messages()), "schemas": _schemas()},
    }


def _channel() -> dict[str, Any]:
    keys = [key for key, *_ in _every_message()]
    return {
        "address": ADDRESS,
        "title": "The socket",
        "description": f"Text frames only.\n\nError codes: {_listed(ErrorCode)}.\n\nClose codes: {_listed(CloseCode)}.",
        "messages": {key: {"$ref": f"#/components/messages/{key}"} for key in keys},
        "bindings": {"ws": {"method": "GET"}},
    }


def _listed(codes: type[ErrorCode | CloseCode]) -> str:
    return ", ".join(f"{code.value} {code.name.lower().replace('_', ' ')}" for code in codes)


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Said from the server's side: it receives commands, and sends everything else by itself."""
    for wire_type, answer in ANSWERS.items():
        replies = ["error"] if answer is None else [answer, "error"]
        yield (
            f"receive.{wire_type}",
            {
                "action": "receive",
                "channel": {"$ref": "#/channels/socket"},
                "messages": [_in_channel(f"client.{wire_type}")],
                "reply": {
                    "channel": {"$ref": "#/channels/socket"},
                    "messages": [_in_channel(f"server.{reply}") for reply in replies],
                },
            },
        )
    for wire_type in _by_type(ServerFrame):
        if wire_type not in ONLY_ANSWERS:
            yield (
                f"send.{wire_type}",
                {
                    "action": "send",
                    "channel": {"$ref": "#/channels/socket"},
                    "messages": [_in_channel(f"server.{wire_type}")],
                },
            )


def _in_channel(key: str) -> dict[str, str]:
    return {"$ref": f"#/channels/socket/messages/{key}"}


def _messages() -> Iterator[tuple[str, dict[str, Any]]]:
    for key, wire_type, struct, examples in _every_message():
        yield (
            key,
            {
                "name": wire_type,
                "title": wire_type,
                "summary": _CITATION.sub("", getdoc(struct) or ""),
                "payload": {"$ref": f"#/components/schemas/{struct.__name__}"},
                "examples": [{"name": wire_type, "payload": example} for example in examples],
            },
        )


def _every_message() -> Iterator[tuple[str, str, type, list[dict[str, Any]]]]:
    for side, union, examples in (("client", Command, COMMANDS), ("server", ServerFrame, SERVER_FRAMES)):
        for wire_type, struct in _by_type(union).items():
            yield f"{side}.{wire_type}", wire_type, struct, examples[wire_type]


def _by_type(union: Any) -> dict[str, type]:
    structs: tuple[type[msgspec.Struct], ...] = get_args(union)
    return {str(struct.__struct_config__.tag): struct for struct in structs}


def _schemas() -> dict[str, Any]:
    structs = [*get_args(Command), *get_args(ServerFrame)]
    _, components = msgspec.json.schema_components(
        structs, schema_hook=_special_schema, ref_template="#/components/schemas/{name}"
    )
    for component in components.values():
        if "description" in component:
            component["description"] = _CITATION.sub("", component["description"])
    return components


def _special_schema(kind: type) -> dict[str, Any]:
    if kind is JsonText:
        return {"title": "JsonText", "description": "Any JSON value, nested at most 100 deep."}
    if kind is JsonObject:
        return {"title": "JsonObject", "type": "object", "description": "A JSON object of anything."}
    if kind is ClientIdList:
        ids = {"type": "array", "items": {"type": ["string", "integer"]}}
        return {"anyOf": [ids, {"type": "string", "description": "The JSON text of such a list."}]}
    raise NotImplementedError(f"no schema for {kind}")
