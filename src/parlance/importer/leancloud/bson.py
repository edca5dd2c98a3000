"""BSON as LeanCloud's backups are written in, read into what its JSON would say."""

import base64
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import IO, Any

LARGEST_DOCUMENT = 64 * 1024 * 1024
DEEPEST = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BsonError(Exception):
    """This is no BSON, or BSON with something in it that nobody knows."""


def documents(file: IO[bytes]) -> Iterator[dict[str, Any] | BsonError]:
    """The documents of a file, one behind the other; of what cannot be read, why: the next begins where it ends.

    Raises BsonError where it cannot be read on.
    """
    while head := file.read(4):
        if len(head) < 4:
            raise BsonError("it ends within a document")
        (size,) = struct.unpack("<i", head)
        if not 5 <= size <= LARGEST_DOCUMENT:
            raise BsonError(f"a document of {size} bytes")
        body = file.read(size - 4)
        if len(body) < size - 4:
            raise BsonError("it ends within a document")
        try:
            yield document(head + body)
        except BsonError as error:
            yield error


def document(content: bytes) -> dict[str, Any]:
    """The object that a document is; `_id` is its `objectId`, if it has none."""
    try:
        found, end = _object(content, 0, 0)
    except (struct.error, IndexError, UnicodeDecodeError, ValueError, OverflowError) as error:
        raise BsonError(f"a document that cannot be read: {error}") from None
    if end != len(content):
        raise BsonError("a document that ends before its end")
    if "_id" in found:
        found.setdefault("objectId", found.pop("_id"))
    return found


def _object(content: bytes, at: int, depth: int) -> tuple[dict[str, Any], int]:
    if depth > DEEPEST:
        raise BsonError(f"more than {DEEPEST} documents within each other")
    (size,) = struct.unpack_from("<i", content, at)
    end = at + size - 1
    at += 4
    found: dict[str, Any] = {}
    while at < end:
        kind = content[at]
        name_end = content.index(0, at + 1)
        name = content[at + 1 : name_end].decode()
        found[name], at = _value(kind, content, name_end + 1, depth)
    if at != end or content[end] != 0:
        raise BsonError("a document whose length is wrong")
    return found, end + 1


def _value(kind: int, content: bytes, at: int, depth: int) -> tuple[Any, int]:
    if kind in _FIXED:
        shape, meaning = _FIXED[kind]
        (number,) = struct.unpack_from(shape, content, at)
        return meaning(number), at + struct.calcsize(shape)
    if kind in _EMPTY:
        return None, at
    if kind in {0x02, 0x0D, 0x0E}:
        begins, size = _length(content, at)
        if not size:
            raise BsonError("a text without its end")
        return content[begins : begins + size - 1].decode(), begins + size
    if kind in {0x03, 0x04}:
        inner, end = _object(content, at, depth + 1)
        return (inner if kind == 0x03 else list(inner.values())), end
    if kind == 0x05:
        begins, size = _length(content, at)
        begins += 1
        return {"__type": "Bytes", "base64": base64.b64encode(content[begins : begins + size]).decode()}, begins + size
    if kind == 0x07:
        return content[at : at + 12].hex(), at + 12
    raise BsonError(f"a value of an unknown type, 0x{kind:02x}")


def _length(content: bytes, at: int) -> tuple[int, int]:
    """Where a text or bytes begin behind their length, and that: whoever goes on behind them comes nearer the end."""
    (size,) = struct.unpack_from("<i", content, at)
    if not 0 <= size <= len(content) - at - 4:
        raise BsonError("a text or bytes that end after the document, or before they begin")
    return at + 4, size


def _date(milliseconds: int) -> dict[str, str]:
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return {"__type": "Date", "iso": moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03d}Z"}


_EMPTY = frozenset({0x06, 0x0A, 0x7F, 0xFF})
_FIXED: dict[int, tuple[str, Any]] = {
    0x01: ("<d", float),
    0x08: ("<b", bool),
    0x09: ("<q", _date),
    0x10: ("<i", int),
    0x11: ("<Q", int),
    0x12: ("<q", int),
}
