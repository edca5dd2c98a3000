"""The frames that a server writes: texts, pongs and goodbyes."""

import pytest

from parlance.protocols.websocket import websocket_binary_frame, websocket_close, websocket_frame, websocket_pong


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
    """RFC 6455, 5.2: a final, unmasked text or binary frame, with the shortest length that fits."""
    payload = b"x" * length
    assert header + payload == websocket_frame(payload)
    assert b"\x82" + header[1:] + payload == websocket_binary_frame(payload)


def test_a_pong_carries_what_the_ping_did() -> None:
    """RFC 6455, 5.5.3."""
    assert b"\x8a\x03abc" == websocket_pong(b"abc")


@pytest.mark.parametrize(
    ("reason", "said"),
    [("", b""), ("gone", b"gone"), ("x" * 200, b"x" * 123), ("é" * 100, "é".encode() * 61)],
)
def test_a_goodbye_has_a_code_and_as_many_words_as_fit(reason: str, said: bytes) -> None:
    """RFC 6455, 5.5: a control frame has at most 125 bytes, and words are not cut within a character."""
    assert bytes((0x88, len(said) + 2)) + b"\x03\xf1" + said == websocket_close(1009, reason)
