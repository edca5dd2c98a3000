"""The sub-protocols of the WebSocket handshake, `lc.<format>.<version>` (wire: leancloud#subprotocols)."""

from collections.abc import Sequence
from enum import Enum
from typing import Final

import msgspec


class Format(Enum):
    """How a command is written in a frame."""

    PROTOBUF = "protobuf"
    BASE64 = "base64"
    JSON = "json"


class Offline(Enum):
    """What a client gets at login of what it has missed."""

    MESSAGES = 1
    """The messages themselves, as `direct` with `offline` set."""
    UNREAD = 3
    """Unread counters."""


class Subprotocol(msgspec.Struct, frozen=True):
    """What was agreed upon; `name` is to be said back in the handshake, letter by letter."""

    name: str
    format: Format
    offline: Offline


_FORMATS: Final = {
    "protobuf2": Format.PROTOBUF,
    "protobuf": Format.PROTOBUF,
    "proto2base64": Format.BASE64,
    "protobase64": Format.BASE64,
    "json": Format.JSON,
}
"""The second and the fourth are what clients before 4.0 say; only the schema's package had another name then."""

SUBPROTOCOLS: Final = {
    name: Subprotocol(name, format_, offline)
    for spelling, format_ in _FORMATS.items()
    for offline in Offline
    for name in (f"lc.{spelling}.{offline.value}",)
}


def choose(offered: Sequence[str], in_address: str | None = None) -> Subprotocol | None:
    """The first that is known of those a client offers, in the header or, as old ones do, in the address.

    None: the handshake says nothing back, and the first frame tells the format.
    """
    names = [*offered, in_address or ""]
    return next((SUBPROTOCOLS[name] for name in names if name in SUBPROTOCOLS), None)
