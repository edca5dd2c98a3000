"""What operators did."""

import msgspec

from parlance.kernel.ids import COUNTER_BITS

BEGUN = "begun"
"""What came of it is not known (yet): the server may have ended meanwhile."""
DONE = "done"
LONGEST_DETAIL = 1_000


class AuditEntry(msgspec.Struct, frozen=True):
    """Who did what to what, from where, and what came of it: `begun`, `done`, or why it was refused.

    `id` grows with time. `app_id` is "" for what is no app's.
    """

    id: int
    operator: str
    address: str
    action: str
    app_id: str = ""
    subject: str = ""
    outcome: str = BEGUN
    detail: str = ""
    """What more there is to say, in words of ours; never a secret."""

    @property
    def at(self) -> int:
        """When (ms)."""
        return self.id >> COUNTER_BITS


class AuditAsked(msgspec.Struct, frozen=True):
    """Which entries are wanted; "" and () leave it open."""

    operator: str = ""
    app_id: str = ""
    subject: str = ""
    actions: tuple[str, ...] = ()
    before: int | None = None
    """Only those with lower ids."""
