"""The store as verbs get it: what others have to learn of is noted in the transaction that changes it.

Whatever changes something, through whatever face, announces it; so nothing that does has to know who wants to know.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from parlance.core.model.events import Event
from parlance.core.ports.appender import Appender
from parlance.core.ports.store import BeforeCommit, Repositories, Store, Transaction


class NotingStore:
    """See `core/ports/store.py`. Each of `notes` is called last in every transaction, with what it announces."""

    def __init__(self, store: Store, *notes: BeforeCommit) -> None:
        self._store = store
        self._notes = notes

    @property
    def read(self) -> Repositories:
        """See `Store.read`."""
        return self._store.read

    @property
    def appender(self) -> Appender:
        """See `Store.appender`."""
        return self._store.appender

    def begin(self, before_commit: BeforeCommit | None = None) -> AbstractAsyncContextManager[Transaction]:
        """See `Store.begin`."""

        async def note(tx: Transaction, events: Sequence[Event]) -> None:
            if before_commit is not None:
                await before_commit(tx, events)
            for each in self._notes:
                await each(tx, events)

        return self._store.begin(note)
