"""Group changes that a remote provider makes with us, or nobody does.

The order of things, for an app whose provider is remote:

1. *Rehearse*: carry the change out in a transaction that is then undone. What it would announce says what the
   provider has to be told; what it refuses is refused before anybody is asked.
2. *Note* durably that the group may be out of step from now on, to be looked at in a while.
3. *Tell* the provider. If it refuses or does not answer, the caller is told so and nothing was changed here;
   what may have been changed there is undone from the note (`keep_in_step.py`): truth is ours.
4. *Change* it here, and take the note out in the same transaction.

Whatever breaks in between (this process, the store, the provider) leaves the note, which sets right what is
not. The note's ticket tells whether somebody else had to do with the group meanwhile; then it stays, and the
group is compared once more.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Concatenate, Generic, ParamSpec, TypeVar

import msgspec

from parlance.core.actions.provider.keep_in_step import NOBODY, KeepInStep
from parlance.core.actions.provider.news import GroupNews, group_news
from parlance.core.model.caller import Caller
from parlance.core.model.events import Event
from parlance.core.model.group import NewGroup
from parlance.core.model.member import Roster
from parlance.core.ports.appender import Appender
from parlance.core.ports.outbox import Errand, Subject
from parlance.core.ports.provider import Provider, Providers
from parlance.core.ports.store import BeforeCommit, Repositories, Store, Transaction
from parlance.kernel.clock import MINUTE, Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, Ids

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
Verb = Callable[Concatenate[Caller, Asked], Awaitable[Answer]]

_GRACE = 2 * MINUTE
"""Longer than telling a provider takes."""


class _Rehearsed(Exception):
    """The rehearsal is over, and undone."""


class _HookedStore:
    """A store whose transactions end with a hook of their own."""

    def __init__(self, store: Store, hook: BeforeCommit) -> None:
        self._store = store
        self._hook = hook

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
        return self._store.begin(self._hook)


class InStep(Generic[Asked, Answer]):
    """A verb about groups, with the provider. `bound` makes the verb on a store; `telling` is everybody's store.

    Refuses what the verb refuses, and PROVIDER_FAILED or UNAVAILABLE with nothing changed.
    """

    def __init__(
        self,
        bound: Callable[[Store], Verb[Asked, Answer]],
        telling: Store,
        store: Store,
        providers: Providers,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._bound = bound
        self._plain = bound(telling)
        self._store = store
        self._providers = providers
        self._clock = clock
        self._ids = ids
        self._errands = KeepInStep(store, providers, clock, ids)

    async def __call__(self, caller: Caller, *args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        """As the verb's."""
        provider = self._providers.of(caller.app)
        news = await self._rehearsed(caller, *args, **kwargs) if provider.is_remote else None
        if not news:
            # Nothing to tell; or refused, and then the verb itself says so (and counts it, if it counts).
            return await self._plain(caller, *args, **kwargs)
        errands, uids, alone = await self._noted(caller, news)
        in_step = False
        try:
            await _told(provider, news, uids)
            change = self._bound(_HookedStore(self._store, self._settled(news, errands, alone)))
            answer = await change(caller, *args, **kwargs)
            in_step = True
        except Fault as fault:
            # Who does not answer is not asked again while the caller waits.
            in_step = fault.code is not FaultCode.UNAVAILABLE and await self._set_right(errands)
            raise
        finally:
            # The caller may have hung up, too: what was begun there is looked at soon.
            if not in_step:
                await self._put_due(errands)
        return answer

    async def _rehearsed(self, caller: Caller, *args: Asked.args, **kwargs: Asked.kwargs) -> list[GroupNews] | None:
        """What the verb would change; None if it refuses."""
        heard: list[Event] = []

        async def listen(tx: Transaction, events: Sequence[Event]) -> None:
            heard.extend(events)
            raise _Rehearsed

        try:
            await self._bound(_HookedStore(self._store, listen))(caller, *args, **kwargs)
        except _Rehearsed:
            return group_news(heard)
        except Fault:
            pass
        return None

    async def _noted(self, caller: Caller, news: Sequence[GroupNews]) -> tuple[list[Errand], dict[ClientId, str], bool]:
        """The errands that are noted, everybody's number, and whether nobody else had noted any."""
        app_id, now = caller.app.app_id, self._clock.now()
        people = frozenset[ClientId]().union(*(each.people for each in news))
        errands = [Errand(app_id, Subject.GROUP, each.group_id, self._ids.message(), now + _GRACE) for each in news]
        async with self._store.begin() as tx:
            await tx.users.add_missing(app_id, people, now)
            users = await tx.users.find_many(app_id, people)
            alone = [await tx.outbox.put(errand) for errand in errands]
        return errands, {client: str(user.uid) for client, user in users.items()}, all(alone)

    def _settled(self, news: Sequence[GroupNews], errands: Sequence[Errand], alone: bool) -> BeforeCommit:
        """Takes the notes out, if what is changed is what was told and nobody else was there."""

        async def settle(tx: Transaction, events: Sequence[Event]) -> None:
            as_told = group_news(events) == list(news)
            for errand in errands:
                if not (as_told and alone and await tx.outbox.finish(errand)):
                    await tx.outbox.put(self._due_now(errand))

        return settle

    async def _set_right(self, errands: Sequence[Errand]) -> bool:
        """What may have been changed there is undone; whether that worked."""
        try:
            for errand in errands:
                await self._errands.run(errand)
        except Fault:
            return False
        return True

    async def _put_due(self, errands: Sequence[Errand]) -> None:
        async with self._store.begin() as tx:
            for errand in errands:
                await tx.outbox.put(self._due_now(errand))

    def _due_now(self, errand: Errand) -> Errand:
        return msgspec.structs.replace(errand, ticket=self._ids.message(), due_at=self._clock.now())


class CreateInStep(InStep[[NewGroup], Roster]):
    """Making a group: the provider has to know its number before there is one."""

    async def __call__(self, caller: Caller, new: NewGroup) -> Roster:
        """As `CreateGroup`'s."""
        if self._providers.of(caller.app).is_remote and new.conv_id is None:
            async with self._store.begin() as tx:
                number = await tx.conversations.draw_number(caller.app.app_id)
            new = msgspec.structs.replace(new, group_id=number)
        return await super().__call__(caller, new)


async def _told(provider: Provider, news: Sequence[GroupNews], uids: Mapping[ClientId, str]) -> None:
    for each in news:
        group = str(each.group_id)
        joined, left = (sorted(uids[client] for client in some) for some in (each.joined, each.left))
        if each.ended:
            await provider.dismiss_group(group, NOBODY if each.by is None else uids.get(each.by, NOBODY))
        elif each.made:
            await provider.create_group(group, each.name, joined)
        else:
            if joined:
                await provider.join_group(group, each.name, joined)
            if left:
                await provider.quit_group(group, left)
            if each.renamed:
                await provider.refresh_group(group, each.name)
