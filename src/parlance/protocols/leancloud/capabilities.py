"""What a client says it can take, in the `configBitmap` of its `session/open` (wire: leancloud#capabilities)."""

from enum import IntFlag


class Capabilities(IntFlag):
    """Clients that send no bitmap are very old and have none of these."""

    PATCHES = 1
    """Wants to be told of edits and recalls."""
    TEMPORARY_CONVERSATIONS = 2
    BIND_INSTALLATION = 4
    ACKS_FOR_TRANSIENT = 8
    NOTIFICATIONS = 16
    """Asks over HTTP for the permanent pushes it has missed."""
    PARTIAL_FAILURES = 32
    """Reads `failedPids`; whoever does not is answered all or nothing."""
    GROUP_RECEIPTS = 64
    OMITS_PEER_ID = 128


KNOWN = Capabilities(0xFF)


def capabilities(bitmap: int) -> Capabilities:
    """Those that are known here; later clients may have more bits."""
    return Capabilities(bitmap & KNOWN)
