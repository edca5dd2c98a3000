"""A client shows up: it is let in, and its user made if nobody has heard of it."""

from parlance.core.actions.people.bans import Bans
from parlance.core.model.app import App
from parlance.core.model.user import Profile, User, judge_profile
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId

_NOTHING = Profile()


class Welcome:
    """Sees to it that a client who shows up has a user."""

    def __init__(self, store: Store, bans: Bans, clock: Clock) -> None:
        self._store = store
        self._bans = bans
        self._clock = clock

    async def __call__(self, app: App, client: ClientId, profile: Profile = _NOTHING) -> User:
        """The client's user, with what `profile` sets.

        Raises BANNED, BAD_FORMAT (too large a profile), or UNKNOWN_CLIENT if the app makes none.
        """
        judge_profile(profile)
        self._bans.check(app.app_id, client)
        user = await self._known(app, client, profile)
        # A ban that fell meanwhile found nobody to turn away.
        self._bans.check(app.app_id, client)
        return user

    async def _known(self, app: App, client: ClientId, profile: Profile) -> User:
        user = await self._store.read.users.find(app.app_id, client)
        if user is None and not app.settings.create_users:
            raise Fault(FaultCode.UNKNOWN_CLIENT, f"{FaultCode.UNKNOWN_CLIENT.value}: {client}")
        if user is not None and _says_already(user, profile):
            return user
        async with self._store.begin() as tx:
            return await tx.users.put(app.app_id, client, profile, self._clock.now())


def _says_already(user: User, profile: Profile) -> bool:
    return all(getattr(profile, field) in (None, getattr(user, field)) for field in profile.__struct_fields__)
