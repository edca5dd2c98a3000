"""What a conversation does not allow to somebody: to speak, or to come in."""

from enum import StrEnum

import msgspec

from parlance.kernel.ids import ClientId

FOREVER = 1 << 62
"""As the end of a silence: until somebody ends it."""


class Restraint(StrEnum):
    """The two that there are."""

    SILENCED = "silenced"
    BLOCKED = "blocked"


class Restriction(msgspec.Struct, frozen=True, gc=False):
    """What holds for one client in one conversation, a member or not."""

    silenced_until: int = 0
    """Milliseconds; until then it may not speak."""
    blocked: bool = False
    """It is kept out, and may not speak."""


FREE = Restriction()
"""How nearly everybody stands."""


class Listed(msgspec.Struct, frozen=True):
    """Some of those whom a restraint concerns; the next page begins after `following`, None: this was the last."""

    clients: tuple[ClientId, ...]
    following: ClientId | None = None
