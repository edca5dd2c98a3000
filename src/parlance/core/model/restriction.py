"""What a conversation does not allow to somebody: to speak, or to come in."""

from enum import StrEnum

import msgspec

from parlance.core.model.conversation import Abilities
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

    def holds(self, restraint: Restraint, now: int) -> bool:
        """Whether that one concerns the client at `now` (ms)."""
        return self.blocked if restraint is Restraint.BLOCKED else self.silenced_until > now

    def with_(self, restraint: Restraint, *, holds: bool) -> "Restriction":
        """The same, but for that one: for good, or no more."""
        if restraint is Restraint.BLOCKED:
            return Restriction(self.silenced_until, holds)
        return Restriction(FOREVER if holds else 0, self.blocked)


FREE = Restriction()
"""How nearly everybody stands."""


class Listed(msgspec.Struct, frozen=True):
    """Some of those whom a restraint concerns; the next page begins after `following`, None: this was the last."""

    clients: tuple[ClientId, ...]
    following: ClientId | None = None


def most_restricted(abilities: Abilities) -> int:
    """How many a restraint may concern at a time, in a conversation of these abilities."""
    return 10_000 if abilities.present_members or abilities.addressed else 500
