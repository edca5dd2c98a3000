"""Coming back: what has changed for a client while it was away."""

import msgspec

from parlance.core.model.caller import Caller
from parlance.core.model.member import Inbox
from parlance.core.model.message import Message
from parlance.core.ports.store import Store
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format

LARGEST_STRETCH = 100

_COMMIT_LAG = 5 * SECOND
"""A change bears the time at which it was asked for and is seen from its commit on; what is asked for
within this span may still be under way, so the last answer of a sync never claims to cover it."""


class Changed(msgspec.Struct, frozen=True):
    """A conversation that changed, with its newest message."""

    inbox: Inbox
    last_message: Message | None


class Synced(msgspec.Struct, frozen=True):
    """A stretch of changes; `time` is what to ask `since` next, at once if there is `more`."""

    rows: list[Changed]
    time: int
    more: bool


class Sync:
    """Tells a client what changed since it last asked, the earliest change first.

    Rows may come again in the next answer, never be left out: a row says how things are, so hearing it
    twice does no harm.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, caller: Caller, since: int, most: int) -> Synced:
        """`since` in ms, 0 for everything; `most` is clamped to 1–100. Takes a client."""
        if caller.client_id is None:
            raise Fault(FaultCode.NOT_PERMITTED, "only a client has something to sync")
        if since < 0:
            raise bad_format("since", "a time is not negative")
        most = max(1, min(most, LARGEST_STRETCH))
        now = self._clock.now()
        since = min(since, now)
        inbox = await self._store.read.conversations.inbox(caller.app.app_id, caller.client_id, since, now, most)
        latest = await self._store.read.messages.latest([row.conversation.id for row in inbox if not row.left])
        rows = [Changed(row, latest.get(row.conversation.id)) for row in inbox]
        more = len(inbox) >= most
        time = inbox[-1].changed_at if more else max(since, now - _COMMIT_LAG)
        return Synced(rows, time, more)
