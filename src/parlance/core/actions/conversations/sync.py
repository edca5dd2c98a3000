"""Coming back: what has changed for a client while it was away."""

from collections.abc import Sequence

import msgspec

from parlance.core.model.caller import Caller
from parlance.core.model.member import Inbox
from parlance.core.model.message import Message
from parlance.core.ports.store import Store
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import AppId, ClientId

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
        inbox, time, more = await self._stretch(caller.app.app_id, caller.client_id, since, now, most)
        latest = await self._latest(caller.client_id, inbox)
        rows = [Changed(row, latest.get(row.conversation.id)) for row in inbox]
        return Synced(rows, time, more)

    async def _latest(self, client: ClientId, inbox: Sequence[Inbox]) -> dict[int, Message]:
        """The newest message of each conversation, as far as this client is to see it."""
        read = self._store.read
        here = [row.conversation for row in inbox if not row.left]
        latest = await read.messages.latest([found.id for found in here if not found.abilities.addressed])
        for found in here:
            if found.abilities.addressed:
                for message in await read.addressed.before(found.id, client, found.last_seq + 1, 1):
                    latest[found.id] = message
        return latest

    async def _stretch(
        self, app_id: AppId, client: ClientId, since: int, now: int, most: int
    ) -> tuple[list[Inbox], int, bool]:
        """Some changes, up to when nothing is left out of them, and whether there may be more."""
        complete = await self._store.read.complete_until(now)
        while True:
            inbox = await self._store.read.conversations.inbox(app_id, client, since, now, most)
            if len(inbox) < most:
                return inbox, max(since, min(now - _COMMIT_LAG, complete)), False
            time = min(_covered(inbox, now), complete)
            if time > since:
                return inbox, time, True
            # All of one fresh millisecond, which cannot be the place to go on from: look further.
            most *= 2


def _covered(inbox: Sequence[Inbox], now: int) -> int:
    """The time up to which a stretch that is not the last leaves nothing out.

    Commits of one process bear times that never fall, so what bears an earlier time than one that was seen was there
    to be seen too. More may still come within the same millisecond, unless that is long past.
    """
    latest = inbox[-1].changed_at
    if latest <= now - _COMMIT_LAG:
        return latest
    # The end of a conversation comes by itself, at a time that says nothing about commits.
    committed = [row.changed_at for row in inbox if row.changed_at != row.conversation.expires_at]
    return min(max(committed, default=0) - 1, now)
