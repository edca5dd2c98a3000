"""What a remote provider has to learn of is noted in the transaction that changes it."""

from collections.abc import Sequence

from parlance.core.actions.provider.news import group_news
from parlance.core.model.events import AppChanged, BanChanged, Event, ProfileChanged
from parlance.core.ports.outbox import Errand, Subject
from parlance.core.ports.provider import Providers
from parlance.core.ports.store import Transaction
from parlance.kernel.clock import Clock
from parlance.kernel.ids import AppId, Ids


class NoteErrands:
    """To be called last in every transaction: see `BeforeCommit`."""

    def __init__(self, providers: Providers, clock: Clock, ids: Ids) -> None:
        self._providers = providers
        self._clock = clock
        self._ids = ids

    async def __call__(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Keep an errand about everything that a provider may not know yet."""
        for news in group_news(events):
            if await self._has_remote(tx, news.app_id):
                await self._put(tx, news.app_id, Subject.GROUP, news.group_id)
        for event in events:
            if isinstance(event, BanChanged | ProfileChanged) and await self._has_remote(tx, event.app_id):
                user = await tx.users.find(event.app_id, event.client_id)
                if user is not None:
                    await self._put(tx, user.app_id, Subject.USER, user.uid)
            elif isinstance(event, AppChanged) and await self._has_remote(tx, event.app_id):
                # It may have got its provider just now, which knows nothing yet.
                await tx.outbox.put_everything(event.app_id, self._ids.message(), self._clock.now())

    async def _has_remote(self, tx: Transaction, app_id: AppId) -> bool:
        # As the transaction has it: what is at hand elsewhere may be a second old.
        app = await tx.apps.find(app_id)
        return app is not None and self._providers.of(app).is_remote

    async def _put(self, tx: Transaction, app_id: AppId, subject: Subject, number: int) -> None:
        await tx.outbox.put(Errand(app_id, subject, number, self._ids.message(), self._clock.now()))
