"""The log of what operators did: written before it is done, and again when it is known what came of it."""

from parlance.core.model.audit import BEGUN, LONGEST_DETAIL, AuditAsked, AuditEntry
from parlance.core.model.operator import (
    AUDIT_KEPT,
    FORGOTTEN_AFTER,
    KNOWN_FOR,
    MOST_FAILURES,
    MOST_REFUSALS,
    REFUSALS_WITHIN,
)
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.ids import COUNTER_BITS, Ids
from parlance.kernel.pages import LARGEST_PAGE

_LONGEST_WORD = 256


class Audit:
    """Nothing that an operator does happens without a line here: if it cannot be written, it is not done."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._refused = 0
        self._refused_until = 0
        """When they are counted anew."""
        self._last_refused = "", ""

    async def begin(
        self, operator: str, address: str, action: str, app_id: str = "", subject: str = "", outcome: str = BEGUN
    ) -> int:
        """Write down what is about to be done (or, with an `outcome`, was); its number. Raises UNAVAILABLE."""
        who, where, what, app, which = (_word(each) for each in (operator, address, action, app_id, subject))
        entry = AuditEntry(self._ids.message(), who, where, what, app, which, outcome)
        async with self._store.begin() as tx:
            await tx.audit.add(entry)
        return entry.id

    async def refused(self, operator: str, address: str, action: str, outcome: str) -> None:
        """Write down that somebody wanted to come in, in vain. Of too many there is only their number, afterwards."""
        await self._sum_up()
        self._refused += 1
        if self._refused <= MOST_REFUSALS:
            await self.begin(operator, address, action, outcome=outcome)
        self._last_refused = action, outcome

    async def settle(self, entry: int, outcome: str, detail: str = "") -> None:
        """Write down what came of it."""
        async with self._store.begin() as tx:
            await tx.audit.settle(entry, outcome, _storable(detail)[:LONGEST_DETAIL])

    async def page(self, asked: AuditAsked, most: int) -> list[AuditEntry]:
        """The newest that are asked for; `most` is clamped to 1-100."""
        return await self._store.read.audit.page(asked, max(1, min(most, LARGEST_PAGE)))

    async def tidy(self) -> None:
        """Forget what is too old: entries, sessions that are over, wrong passwords. To be called now and then."""
        await self._sum_up()
        now = self._clock.now()
        async with self._store.begin() as tx:
            await tx.operators.tidy(now, now - FORGOTTEN_AFTER, now - KNOWN_FOR, MOST_FAILURES)
            await tx.audit.purge((now - AUDIT_KEPT) << COUNTER_BITS)

    async def _sum_up(self) -> None:
        now = self._clock.now()
        if now < self._refused_until:
            return
        more = self._refused - MOST_REFUSALS
        self._refused, self._refused_until = 0, now + REFUSALS_WITHIN
        if more > 0:
            action, outcome = self._last_refused
            await self.settle(
                await self.begin("", "", action, outcome=outcome), outcome, f"{more} more within the hour"
            )


def _word(given: str) -> str:
    return _storable(given)[:_LONGEST_WORD]


def _storable(word: str) -> str:
    """What came from outside may be no text."""
    return word.encode(errors="replace").decode().replace("\x00", "")
