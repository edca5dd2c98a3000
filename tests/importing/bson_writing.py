"""BSON as a backup has it, written by hand."""

import struct
from datetime import datetime
from typing import Any


def bson(value: dict[str, Any]) -> bytes:
    """A document."""
    body = b"".join(_element(name, each) for name, each in value.items())
    return struct.pack("<i", len(body) + 5) + body + b"\x00"


def _element(name: str, value: Any) -> bytes:
    kind, content = _typed(value)
    return bytes([kind]) + name.encode() + b"\x00" + content


def _typed(value: Any) -> tuple[int, bytes]:
    match value:
        case bool():
            typed = 0x08, bytes([value])
        case int():
            typed = 0x12, struct.pack("<q", value)
        case float():
            typed = 0x01, struct.pack("<d", value)
        case str():
            raw = value.encode() + b"\x00"
            typed = 0x02, struct.pack("<i", len(raw)) + raw
        case bytes():
            # Twelve bytes are an object id, others are bytes.
            typed = (0x07, value) if len(value) == 12 else (0x05, struct.pack("<iB", len(value), 0) + value)
        case datetime():
            typed = 0x09, struct.pack("<q", round(value.timestamp() * 1000))
        case list():
            typed = 0x04, bson({str(at): each for at, each in enumerate(value)})
        case dict():
            typed = 0x03, bson(value)
        case _:
            typed = 0x0A, b""
    return typed
