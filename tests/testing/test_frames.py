"""A stream of bytes is cut into frames, wherever it was cut before."""

from hypothesis import given, settings
from hypothesis import strategies as st

from parlance.protocols.websocket import websocket_frame, websocket_pong
from parlance.testing.frames import FrameReader


def masked(payload: bytes, key: bytes = b"\x01\x02\x03\x04") -> bytes:
    """A text frame as clients send it."""
    plain = websocket_frame(payload)
    head = len(plain) - len(payload)
    hidden = bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))
    return bytes((plain[0], plain[1] | 0x80)) + plain[2:head] + key + hidden


@settings(max_examples=30)
@given(st.lists(st.sampled_from([0, 1, 125, 126, 300, 70_000]), max_size=4), st.integers(20, 5000), st.booleans())
def test_frames_come_whole(lengths: list[int], step: int, from_client: bool) -> None:
    """Short, long and very long ones, from either side."""
    payloads = [b"x" * length for length in lengths]
    stream = b"".join(masked(each) if from_client else websocket_frame(each) for each in payloads)
    reader = FrameReader()
    found = [frame for at in range(0, len(stream), step) for frame in reader.feed(stream[at : at + step])]
    assert payloads == [frame.payload for frame in found]
    assert stream == b"".join(frame.raw for frame in found)


def test_what_a_frame_says() -> None:
    """Only the platform's text frames say something; pings and others' frames are passed on unread."""
    reader = FrameReader()
    said, ping, other, text = reader.feed(
        websocket_frame(b'{"type": "typing", "data": {"conv_id": "7"}}')
        + websocket_pong(b"!")
        + websocket_frame(b"[1]")
        + websocket_frame(b"no JSON")
    )
    assert ("typing", {"conv_id": "7"}) == said.read()
    assert [(None, {})] * 3 == [each.read() for each in (ping, other, text)]
    assert [True, False] == [said.says_something, ping.says_something]
