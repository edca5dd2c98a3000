"""What values are when they are compared: JSON's by their kinds, and dates by their moments.

Two values are the same if they are worth the same. Only values of one kind come before or after each other:
numbers, texts, dates, yes and no.
"""

from collections.abc import Hashable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

DEEPEST = 200
"""What lies deeper in a value is not looked at."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_written = msgspec.json.Encoder(order="sorted").encode


class Moment(msgspec.Struct, frozen=True, gc=False):
    """A date, in milliseconds since the epoch."""

    time: int


def moment(value: Any) -> Moment | None:
    """The date that a text (ISO 8601, UTC unless it says otherwise) or a `{"__type": "Date"}` says."""
    if isinstance(value, Mapping) and value.get("__type") == "Date":
        value = value.get("iso")
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
        return Moment(((read if read.tzinfo else read.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND)
    except (ValueError, OverflowError):
        return None


def iso(time: int) -> str:
    """How `createdAt` and the like write a moment (ms)."""
    whole = _EPOCH + timedelta(milliseconds=time)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{time % 1000:03d}Z"


def worth(value: Any, depth: int = 0) -> Hashable:
    """What a value is the same as: equal for equal values of the same kind, and for nothing else."""
    # 1 and 1.0 are one number, but 1 and true are two values, which Python takes for equal.
    if value is None or isinstance(value, str | Moment):
        return value
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, int | float):
        return value
    if depth >= DEEPEST:
        return ("deep", id(value))
    if isinstance(value, Mapping):
        return _worth_of_object(value, depth)
    return ("array", tuple(worth(item, depth + 1) for item in value))


def _worth_of_object(value: Mapping[str, Any], depth: int) -> Hashable:
    kind = value.get("__type")
    if kind == "Date" and (read := moment(value)) is not None:
        return read
    if kind == "Pointer":
        # What is pointed to may have come along, and changes nothing.
        value = {name: value.get(name) for name in ("__type", "className", "objectId")}
    return ("object", frozenset((name, worth(item, depth + 1)) for name, item in value.items()))


Measure = tuple[int, Any]
"""A value's kind, and what it is among others of its kind."""

NOTHING: Measure = (0, 0)
"""The measure of what is not there: it stands before everything else."""


def measure(value: Any) -> Measure | None:
    """Where a value stands among those of its kind; None for kinds in which nothing comes before another."""
    if isinstance(value, bool):
        return (5, value)
    if isinstance(value, int | float):
        return (1, value)
    if isinstance(value, str):
        return (2, value)
    read = moment(value) if isinstance(value, Mapping) else value
    return (6, read.time) if isinstance(read, Moment) else None


def place(value: Any) -> Measure:
    """Where a value stands in a list of whatever there is, kind after kind."""
    if value is None:
        return NOTHING
    return measure(value) or (3 if isinstance(value, Mapping) else 4, _text_of(value))


def _text_of(value: Any) -> bytes:
    try:
        return _written(value)
    except RecursionError:
        return b""
