"""What is RongCloud's and is needed on more than one floor: its signature, and what it routes to us."""

import hashlib
import hmac

import msgspec

from parlance.kernel.clock import MINUTE, SECOND

WINDOW = 10 * MINUTE
"""How far from ours RongCloud's clock, or a message on its way, may be."""
_MILLISECONDS = 100_000_000_000
"""What is higher are milliseconds: as seconds it would be the year 5138."""


def signature(secret: str, nonce: str, timestamp: str) -> str:
    """Lower-case hex of SHA-1 over the three, one behind the other. No HMAC: that is how RongCloud has it."""
    return hashlib.sha1(f"{secret}{nonce}{timestamp}".encode(), usedforsecurity=False).hexdigest()


class Proof(msgspec.Struct, frozen=True):
    """What a request shows to prove that it is RongCloud's. The body is not covered: that takes TLS."""

    nonce: str
    timestamp: str
    signature: str
    app_key: str | None = None
    """None: this way of signing shows none."""


class Routed(msgspec.Struct, frozen=True):
    """A message that RongCloud has delivered, and passes on to us."""

    sender: str
    target: str
    """A user's number or a group's, by `channel`."""
    channel: str
    object_name: str
    content: str
    """JSON text, as a rule."""
    uid: str
    """RongCloud's own id of the message."""
    sent_at: str = ""
    """Milliseconds."""
    source: str = ""
    directed: bool = False
    """In a group, but for some of its members only."""


def proves(proof: Proof, key: str, secret: str, now: int) -> bool:
    """Whether who shows this knows the secret, and showed it just now. Takes as long whatever is wrong."""
    right = signature(secret, proof.nonce, proof.timestamp)
    same = hmac.compare_digest(right.encode(), proof.signature.lower().encode(errors="replace"))
    shown = key if proof.app_key is None else proof.app_key
    same &= hmac.compare_digest(key.encode(), shown.encode(errors="replace"))
    return same and bool(secret) and _just_now(proof.timestamp, now)


def _just_now(timestamp: str, now: int) -> bool:
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 16:
        return False
    number = int(timestamp)
    return abs((number if number >= _MILLISECONDS else number * SECOND) - now) <= WINDOW
