"""WebSocket frames in a stream of bytes, for who stands between the two ends (RFC 6455, 5.2)."""

from dataclasses import dataclass
from typing import Any

import msgspec

_MASKED = 0x80
TEXT = 1
BINARY = 2


@dataclass(frozen=True)
class Frame:
    """One frame, as it is on the wire (`raw`) and what it carries."""

    opcode: int
    payload: bytes
    raw: bytes

    @property
    def says_something(self) -> bool:
        """Whether it carries something, and is no ping, pong or close."""
        return self.opcode in {TEXT, BINARY}

    def read(self) -> tuple[str | None, dict[str, Any]]:
        """`type` and `data` of a frame of the platform's; None and {} for any other."""
        if self.opcode != TEXT:
            return None, {}
        try:
            content = msgspec.json.decode(self.payload)
        except msgspec.MsgspecError:
            return None, {}
        if not isinstance(content, dict):
            return None, {}
        data = content.get("data")
        return content.get("type"), data if isinstance(data, dict) else {}


class FrameReader:
    """Cuts a stream into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are complete now."""
        self._buffer += data
        found = []
        while (frame := self._next()) is not None:
            found.append(frame)
        return found

    def _next(self) -> Frame | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        masked, length, at = buffer[1] & _MASKED, buffer[1] & 0x7F, 2
        if length > 125:
            width = 2 if length == 126 else 8
            if len(buffer) < at + width:
                return None
            length, at = int.from_bytes(buffer[at : at + width], "big"), at + width
        begin = at + (4 if masked else 0)
        if len(buffer) < begin + length:
            return None
        payload = bytes(buffer[begin : begin + length])
        if masked:
            payload = _unmasked(payload, bytes(buffer[at:begin]))
        frame = Frame(buffer[0] & 0x0F, payload, bytes(buffer[: begin + length]))
        del buffer[: begin + length]
        return frame


def _unmasked(payload: bytes, key: bytes) -> bytes:
    """As one large number: byte by byte takes a hundred times as long."""
    length = len(payload)
    pad = (key * (length // 4 + 1))[:length]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(length, "big")
