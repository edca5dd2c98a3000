"""Frames as a client makes and cuts them."""

import pytest

from parlance.cli.bench import websocket
from parlance.cli.bench.failure import BenchFailure


def server_frame(payload: bytes, first: int = 0x81) -> bytes:
    """A whole frame as a server sends it, not masked."""
    size = len(payload)
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65536:
        return bytes((first, 126)) + size.to_bytes(2, "big") + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536])
def test_frames_of_every_length_are_cut(size: int) -> None:
    """Each of the three spellings of a length leads to the payload."""
    payload = b"x" * size
    assert ([payload, b"next"], [], b"") == websocket.cut(server_frame(payload) + server_frame(b"next"))


def test_a_frame_is_cut_when_its_last_byte_is_there() -> None:
    """Whatever part of a frame has come, it waits untouched for the rest."""
    whole = server_frame(b"y" * 300)
    for end in range(len(whole)):
        assert ([], [], whole[:end]) == websocket.cut(whole[:end])
    assert ([b"y" * 300], [], b"") == websocket.cut(whole)


def test_control_frames_are_kept_apart() -> None:
    """Pings and closes come with their opcode, between texts or not."""
    buffer = server_frame(b"one") + server_frame(b"?", 0x89) + server_frame(b"two") + server_frame(b"\x03\xe9", 0x88)
    assert ([b"one", b"two"], [(websocket.PING, b"?"), (websocket.CLOSE, b"\x03\xe9")], b"") == websocket.cut(buffer)


@pytest.mark.parametrize("first", [0x01, 0x80, 0x82, 0xC1])
def test_frames_that_nobody_promised_are_a_failure(first: int) -> None:
    """A fragment, a binary frame or a compressed one is not passed over in silence."""
    with pytest.raises(BenchFailure, match="not expected"):
        websocket.cut(server_frame(b"{}", first))


def test_a_clients_frame_is_masked_with_zeros() -> None:
    """The mask bit is set, the key is zero, so the payload is itself."""
    assert b"\x81\x82\0\0\0\0hi" == websocket.frame(b"hi")
    assert b"\x8a\x82\0\0\0\0hi" == websocket.frame(b"hi", websocket.PONG)
    assert b"\x81\xfe\x01\x00\0\0\0\0" + b"z" * 256 == websocket.frame(b"z" * 256)


def test_a_filled_in_template_is_the_frame() -> None:
    """Also where a byte of the header happens to be a percent sign."""
    for padding in range(320):
        template = b'{"ref":"%09d"}' + b"." * padding
        made = websocket.frame_template(template, template % 0)
        assert websocket.frame(template % 123) == made % 123


def test_consent_is_checked_against_the_key() -> None:
    """What follows the right accept header is the first frames; a wrong one is no WebSocket."""
    head = b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: %s\r\n\r\n"
    assert websocket.upgraded(b"HTTP/1.1 101 Swi") is None
    with pytest.raises(BenchFailure, match="no WebSocket there"):
        websocket.upgraded(head % b"AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    with pytest.raises(BenchFailure, match="404"):
        websocket.upgraded(b"HTTP/1.1 404 Not Found\r\n\r\n")
