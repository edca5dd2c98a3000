"""The AsyncAPI document: complete, coherent, and true to what is read and written."""

from collections.abc import Iterator
from typing import Any, get_args

import jsonschema_rs
import msgspec
import pytest

from parlance.protocols.platform.asyncapi import ANSWERS, asyncapi
from parlance.protocols.platform.codes import CloseCode, ErrorCode
from parlance.protocols.platform.commands import Command
from parlance.protocols.platform.payloads import ServerFrame
from parlance.protocols.platform.reader import Misbehaved, read
from protocols.platform.parts import text

DOCUMENT = asyncapi("1.2.3", "wss://chat.example.org")
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]


def wire_types(union: Any) -> set[str]:
    """Every `type` of a direction."""
    return {str(struct.__struct_config__.tag) for struct in get_args(union)}


def references(node: Any) -> Iterator[str]:
    """Every `$ref` in the document."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def conforms(payload: Any, schema: Any) -> bool:
    """Whether a schema of the document, with all it refers to, takes `payload`."""
    whole = {**schema, "components": DOCUMENT["components"]}
    return bool(jsonschema_rs.is_valid(whole, payload))


def test_it_says_what_and_where_it_is() -> None:
    """Version and address are the server's."""
    assert ("3.0.0", "1.2.3") == (DOCUMENT["asyncapi"], DOCUMENT["info"]["version"])
    server = DOCUMENT["servers"]["parlance"]
    assert ("chat.example.org", "wss") == (server["host"], server["protocol"])
    assert "/im/socket" == DOCUMENT["channels"]["socket"]["address"]


def test_it_is_json() -> None:
    """As a whole, and without a word about where our own documentation is."""
    assert b"wire:" not in msgspec.json.encode(DOCUMENT)


def test_it_is_complete() -> None:
    """Every message, in both directions, in the channel and in an operation."""
    keys = {f"client.{name}" for name in wire_types(Command)} | {f"server.{name}" for name in wire_types(ServerFrame)}
    assert keys == set(MESSAGES) == set(DOCUMENT["channels"]["socket"]["messages"])
    operations = references(DOCUMENT["operations"])
    used = {reference.rpartition("/")[2] for reference in operations if "/messages/" in reference}
    assert keys == used


def test_every_command_has_its_answer() -> None:
    """And every answer exists."""
    assert wire_types(Command) == set(ANSWERS)
    assert wire_types(ServerFrame) >= {answer for answer in ANSWERS.values() if answer is not None}


def test_every_reference_arrives() -> None:
    """Nothing points at what is not there."""
    for reference in references(DOCUMENT):
        node: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
        assert isinstance(node, dict)


def test_it_lists_every_code() -> None:
    """Error codes and close codes, with their names."""
    words = DOCUMENT["channels"]["socket"]["description"]
    for code in (*ErrorCode, *CloseCode):
        assert f"{code.value} " in words


@pytest.mark.parametrize("key", sorted(key for key in MESSAGES if key.startswith("client.")))
def test_examples_of_commands_are_read(key: str) -> None:
    """By the reader itself, and they conform to the schema shown."""
    examples = MESSAGES[key]["examples"]
    assert examples
    for example in examples:
        command = read(text(example["payload"]))
        assert not isinstance(command, Misbehaved), command
        assert key.removeprefix("client.") == command.__struct_config__.tag
        assert conforms(example["payload"], MESSAGES[key]["payload"])


@pytest.mark.parametrize("key", sorted(key for key in MESSAGES if key.startswith("server.")))
def test_examples_of_frames_conform(key: str) -> None:
    """To the schema shown, and to the structs."""
    decode = msgspec.json.Decoder(ServerFrame).decode
    examples = MESSAGES[key]["examples"]
    assert examples
    for example in examples:
        assert key.removeprefix("server.") == decode(text(example["payload"])).__struct_config__.tag
        assert conforms(example["payload"], MESSAGES[key]["payload"])


def test_the_schemas_refuse_what_the_reader_refuses() -> None:
    """They are made of the same structs: one example each."""
    for key, bad in (
        ("client.msg.send", {"type": "msg.send", "data": {"conv_id": "c", "type": 5}}),
        ("client.msg.read", {"type": "msg.read", "data": {"conv_id": "c"}}),
        ("client.ping", {"type": "pong"}),
    ):
        assert not conforms(bad, MESSAGES[key]["payload"])
        assert isinstance(read(text(bad)), Misbehaved)
