"""The few bytes of a WebSocket stream that are ours to write (RFC 6455, 5.2)."""

_TEXT = 0x81
"""The last (and only) fragment of a text message."""
_BINARY = 0x82
"""The same of a binary message."""
_CLOSE = 0x88
_PONG = 0x8A
_SHORT = [bytes((_TEXT, length)) for length in range(126)]
_SHORT_BINARY = [bytes((_BINARY, length)) for length in range(126)]


def websocket_frame(payload: bytes) -> bytes:
    """`payload`, which is UTF-8, as one unmasked text frame: what a server sends."""
    length = len(payload)
    if length < 126:
        return _SHORT[length] + payload
    if length < 1 << 16:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


def websocket_binary_frame(payload: bytes) -> bytes:
    """`payload`, whatever it is, as one unmasked binary frame."""
    length = len(payload)
    if length < 126:
        return _SHORT_BINARY[length] + payload
    if length < 1 << 16:
        return b"\x82\x7e" + length.to_bytes(2, "big") + payload
    return b"\x82\x7f" + length.to_bytes(8, "big") + payload


def websocket_pong(payload: bytes) -> bytes:
    """The answer to a ping that carried `payload` (at most 125 bytes: RFC 6455, 5.5)."""
    return bytes((_PONG, len(payload))) + payload


def websocket_close(code: int, reason: str = "") -> bytes:
    """A goodbye; of `reason` as much as such a frame has room for (RFC 6455, 5.5.1)."""
    said = code.to_bytes(2, "big") + reason.encode()[:123].decode(errors="ignore").encode()
    return bytes((_CLOSE, len(said))) + said
