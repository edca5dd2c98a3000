"""The header of a text frame, by the length of what follows."""

import pytest

from parlance.protocols.websocket import websocket_frame


@pytest.mark.parametrize(
    ("length", "header"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65_535, b"\x81\x7e\xff\xff"),
        (65_536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_each_size_has_its_header(length: int, header: bytes) -> None:
    """RFC 6455, 5.2: a final, unmasked text frame, with the shortest length that fits."""
    payload = b"x" * length
    assert header + payload == websocket_frame(payload)
