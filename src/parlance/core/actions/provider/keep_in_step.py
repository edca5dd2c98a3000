"""Running errands: whatever a provider has, it has in the end what is true here."""

from parlance.core.model.app import App
from parlance.core.ports.outbox import Errand, Subject
from parlance.core.ports.provider import Provider, Providers
from parlance.core.ports.store import Store
from parlance.kernel.clock import DAY, MINUTE, SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import AppId, Ids

_AT_ONCE = 50
_LONGEST_PAUSE = 10 * MINUTE
_BLOCK_MINUTES = 30 * 24 * 60
_BLOCK_AGAIN = 29 * DAY
"""A ban lasts longer than a provider may block, so it is said again before that ends."""
NOBODY = "0"
"""In whose name a group ends that nobody is in."""


class KeepInStep:
    """Runs the errands that are due. To be called now and then, by one at a time."""

    def __init__(self, store: Store, providers: Providers, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._providers = providers
        self._clock = clock
        self._ids = ids

    async def __call__(self) -> bool:
        """One round; answer whether there may be more to do at once."""
        errands = await self._store.read.outbox.due(self._clock.now(), _AT_ONCE)
        silent: set[AppId] = set()
        for errand in errands:
            if errand.app_id in silent:
                continue
            try:
                await self.run(errand)
            except Fault as fault:
                if fault.code not in {FaultCode.UNAVAILABLE, FaultCode.PROVIDER_FAILED, FaultCode.FULL}:
                    raise
                # One provider that does not answer must not keep the others' waiting.
                silent.add(errand.app_id)
                await self._put_off(errand)
        return len(errands) == _AT_ONCE and not silent

    async def look_at_everything(self) -> None:
        """Note that every group of every remote provider is to be compared. To be called once a day."""
        for app in await self._store.read.apps.all():
            if self._providers.of(app).is_remote:
                async with self._store.begin() as tx:
                    await tx.outbox.put_everything(app.app_id, self._ids.message(), self._clock.now())

    async def run(self, errand: Errand) -> None:
        """Bring one subject in step. Raises what the provider raises; the errand stays then."""
        app = await self._store.read.apps.find(errand.app_id)
        again = None
        if app is not None and self._providers.of(app).is_remote:
            if errand.subject is Subject.GROUP:
                await self._group(app, errand.number)
            else:
                again = await self._user(app, errand)
        async with self._store.begin() as tx:
            if await tx.outbox.finish(errand) and again is not None:
                await tx.outbox.put(again)

    async def _group(self, app: App, group_id: int) -> None:
        provider, group = self._providers.of(app), str(group_id)
        conversation = await self._store.read.conversations.find_group(app.app_id, group_id)
        there = await provider.group_members(group)
        if conversation is None:
            await provider.dismiss_group(group, min(there, default=NOBODY))
            return
        members = await self._store.read.members.of(conversation.id)
        users = await self._store.read.users.find_many(app.app_id, members)
        here = {str(user.uid) for user in users.values()}
        await _equalise(provider, group, conversation.name, here, there)

    async def _user(self, app: App, errand: Errand) -> Errand | None:
        """Tell how a user is; what is to be done about it later."""
        user = await self._store.read.users.find_by_uid(app.app_id, errand.number)
        if user is None:
            return None
        provider = self._providers.of(app)
        await provider.set_blocked(str(user.uid), user.banned, _BLOCK_MINUTES)
        # Who never asked for a key is not known there, and gets its name with the first one.
        if await self._store.read.provider_tokens.find(app.app_id, user.client_id) is not None:
            await provider.refresh_user(user)
        if not user.banned:
            return None
        due_at = self._clock.now() + _BLOCK_AGAIN
        return Errand(app.app_id, Subject.USER, user.uid, self._ids.message(), due_at)

    async def _put_off(self, errand: Errand) -> None:
        pause = min(SECOND << min(errand.attempts, 16), _LONGEST_PAUSE)
        # Not all at the same moment: up to a quarter more, by chance.
        chance = int(self._ids.random_hex()[:4], 16) / 0x10000
        async with self._store.begin() as tx:
            await tx.outbox.put_off(errand, self._clock.now() + pause + int(pause * chance / 4))


async def _equalise(provider: Provider, group: str, name: str, here: set[str], there: frozenset[str]) -> None:
    missing, extra = sorted(here - there), sorted(there - here)
    if missing and not there:
        await provider.create_group(group, name, missing)
    elif missing:
        await provider.join_group(group, name, missing)
    if extra:
        await provider.quit_group(group, extra)
    await provider.refresh_group(group, name)
