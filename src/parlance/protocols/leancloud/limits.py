"""How much one connection may be and say (wire: leancloud#limits)."""

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """LeanCloud's own numbers where it names any."""

    login_wait: float = 60.0
    """Seconds until somebody must have logged in."""
    idle: float = 400.0
    """Seconds of silence that end a connection; clients themselves wait 380."""
    frame_bytes: int = 128 * 1024
    message_bytes: int = 5 * 1024
    """Of one message, with what is to be pushed for it."""
    sessions: int = 100
    """Clients on one socket."""
    bad_frames: int = 20
    """So many in a row that cannot be read, and the connection ends."""
