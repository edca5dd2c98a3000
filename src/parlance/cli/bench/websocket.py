"""The client's side of RFC 6455, as little of it as a load generator needs.

Frames are masked as the RFC demands of clients, with a key of four zero bytes: what is sent is the
payload itself, so a frame can be built once and only its changing digits filled in. A server unmasks it
at the same cost as any other.
"""

import base64
import hashlib
import struct

from parlance.cli.bench.failure import BenchFailure

TEXT = 0x1
CLOSE = 0x8
PING = 0x9
PONG = 0xA
_FINAL = 0x80
_FINAL_TEXT = _FINAL | TEXT
_MASKED = 0x80
_ZERO_KEY = b"\0\0\0\0"
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_HEAD_END = b"\r\n\r\n"

KEY = base64.b64encode(b"parlance bench!!").decode()
"""Sixteen bytes; the same for all, since it protects from proxies' caches and there is none here."""


def upgrade_request(host: str, path: str) -> bytes:
    """What opens a WebSocket at `path`."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n"
    ).encode()


def upgraded(buffer: bytes) -> bytes | None:
    """What follows the server's consent; None while its head is incomplete. Anything but consent is a failure."""
    head, end, rest = buffer.partition(_HEAD_END)
    if not end:
        return None
    accept = base64.b64encode(hashlib.sha1(KEY.encode() + _MAGIC, usedforsecurity=False).digest())
    if not head.startswith(b"HTTP/1.1 101") or accept not in head:
        raise BenchFailure(f"no WebSocket there: {head[:200].decode(errors='replace')}")
    return rest


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """One whole frame of a client."""
    return _header(opcode, len(payload)) + _ZERO_KEY + payload


def frame_template(template: bytes, example: bytes) -> bytes:
    """A frame around a payload that is filled in later with `%`.

    `example` is the template filled in once: each filling has to be as long as that one.
    """
    return _header(TEXT, len(example)).replace(b"%", b"%%") + _ZERO_KEY + template


def _header(opcode: int, size: int) -> bytes:
    first = _FINAL | opcode
    if size < 126:
        return struct.pack("!BB", first, _MASKED | size)
    if size < 65536:
        return struct.pack("!BBH", first, _MASKED | 126, size)
    return struct.pack("!BBQ", first, _MASKED | 127, size)


def cut(buffer: bytes) -> tuple[list[bytes], list[tuple[int, bytes]], bytes]:
    """The whole frames at the start of `buffer`: texts, (opcode, payload) of control frames, and what is left."""
    texts: list[bytes] = []
    controls: list[tuple[int, bytes]] = []
    at, end = 0, len(buffer)
    while at + 2 <= end:
        first, size, body = buffer[at], buffer[at + 1], at + 2
        if size >= 126:
            body = at + (4 if size == 126 else 10)
            if body > end:
                break
            size = int.from_bytes(buffer[at + 2 : body], "big")
        stop = body + size
        if stop > end:
            break
        if first == _FINAL_TEXT:
            texts.append(buffer[body:stop])
        elif first & _FINAL and first & 0x0F >= CLOSE:
            controls.append((first & 0x0F, buffer[body:stop]))
        else:
            raise BenchFailure(f"a frame beginning with {first:#04x} was not expected")
        at = stop
    return texts, controls, buffer[at:]
