"""How much is too much: the limits of a server, all configurable."""

import msgspec

from parlance.kernel.clock import SECOND


class Limits(msgspec.Struct, frozen=True):
    """Bytes, milliseconds and counts; see `config.example.toml` for the words."""

    body: int = 1024 * 1024
    """Bytes of a JSON or form body."""
    upload: int = 50 * 1024 * 1024
    """Bytes of an uploaded file."""
    frame: int = 128 * 1024
    """Bytes of a frame that a client sends."""
    unsent: int = 1024 * 1024
    """Bytes that may wait for one connection before it is closed."""
    sends_per_second: int = 60
    """Messages a client may send a second; 0: as many as it likes."""
    burst: int = 20
    """Messages a client may send at once in one conversation; 0: as many as it likes."""
    login_wait: int = 30 * SECOND
    """How long a socket may stay without logging in."""
    idle: int = 400 * SECOND
    """How long a socket may stay silent."""
    watched: int = 100
    """Clients whose presence one connection may watch."""
    waiting_appends: int = 100_000
    """Messages that may wait for the store before sends are refused."""
    cached_members: int = 1_000_000
    """Members of conversations kept at hand, summed over conversations."""
    image_pixels: int = 100_000_000
    """Pixels of an image that is taken, so that nobody has to unpack a bomb."""
    provider_wait: int = 10 * SECOND
    """How long the real-time service behind an app may take to answer."""
    remembered: int = 100_000
    """Messages of which it is remembered to which devices they were written."""
