"""How this dialect writes ids, times, and JSON within JSON; and how it reads them."""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec

from parlance.kernel.clock import SECOND
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ConvId
from parlance.web.bodies import parse

LONGEST_CONV_ID = 128

_WRITTEN_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_encode = msgspec.json.Encoder().encode


def conv_id(raw: str) -> ConvId:
    """The conversation id in a path; what could be none is one that nobody knows."""
    if len(raw) > LONGEST_CONV_ID or not raw.isprintable():
        raise Fault(FaultCode.UNKNOWN_CONVERSATION)
    return ConvId(raw)


def json_text(value: Any) -> str | None:
    """A JSON value as the core keeps it: compact text; None stays None."""
    return None if value is None else _encode(value).decode()


def json_value(text: str | None) -> Any:
    """The value that the core keeps as text: put into an answer as it is, without reading it."""
    return None if text is None else msgspec.Raw(text)


def encoded(value: Any) -> str:
    """A value as JSON in a string: "null" when there is none."""
    return "null" if value is None else _encode(value).decode()


def written_time(milliseconds: int) -> str:
    """`YYYY-MM-DD HH:MM:SS`, UTC."""
    return datetime.fromtimestamp(milliseconds // SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S")


def read_written_time(raw: str) -> int | None:
    """The first millisecond of a second written so; None if it is not written so."""
    if not _WRITTEN_TIME.fullmatch(raw):
        return None
    try:
        return int(datetime.fromisoformat(raw).replace(tzinfo=UTC).timestamp()) * SECOND
    except ValueError:
        return None


def read_json(raw: Any, field: str) -> Any:
    """A value that may have been sent as JSON in a string, as query strings do."""
    return parse(raw, field) if isinstance(raw, str) else raw
