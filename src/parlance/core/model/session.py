"""How LeanCloud's clients come in: with a signature, or with the token of an earlier session."""

from enum import IntEnum

import msgspec

from parlance.core.model.caller import Caller
from parlance.kernel.clock import HOUR, MINUTE
from parlance.kernel.ids import ClientId

TOKEN_LIFETIME = 48 * HOUR
SIGNATURE_LIFETIME = 6 * HOUR
SIGNATURE_AHEAD = 5 * MINUTE
"""How far the clock of who signs may be ahead of ours."""


class Going(IntEnum):
    """How a client went, numbered as LeanCloud tells apps."""

    CLOSED = 1
    LOST = 2
    REPLACED = 3
    """Another device took its tag, or its place."""
    KICKED = 4


class ShownSignature(msgspec.Struct, frozen=True):
    """A signature as a client shows it; `timestamp` is seconds or milliseconds, and signed as it stands."""

    timestamp: int
    nonce: str
    signature: str


class SessionAsked(msgspec.Struct, frozen=True):
    """Who wants to be let in. `tag`: the client has one device at a time under it; None: as many as it likes."""

    app_id: str
    client_id: ClientId
    signature: ShownSignature | None = None
    token: str | None = None
    tag: str | None = None
    device: str | None = None
    reconnect: bool = False
    """The client comes back by itself, without anybody having asked for it."""


class SessionToken(msgspec.Struct, frozen=True):
    """By which a client comes back without a signature; `ttl` is in seconds."""

    token: str
    ttl: int


class SessionOpened(msgspec.Struct, frozen=True):
    """Who is in, on which device under which tag (also if the token said so), and the token to come back with."""

    caller: Caller
    token: SessionToken
    tag: str | None
    device: str | None
    tag_at: int = 0
    """Since when the device holds the tag."""
