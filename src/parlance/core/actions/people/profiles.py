"""An app's users, as its backend and they themselves keep them."""

from collections.abc import Collection

from parlance.core.model.caller import Caller
from parlance.core.model.events import ProfileChanged
from parlance.core.model.user import Profile, User, judge_profile
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import Page, PageAsked


class CreateUser:
    """Registers a user; registering twice updates."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, caller: Caller, client: ClientId, profile: Profile) -> User:
        """Takes the backend: NOT_PERMITTED to a client. Raises BAD_FORMAT (too large)."""
        _backend_only(caller)
        judge_profile(profile)
        async with self._store.begin() as tx:
            tx.announce(ProfileChanged(caller.app.app_id, client))
            return await tx.users.put(caller.app.app_id, client, profile, self._clock.now())


class FindUser:
    """Shows one user to anybody of the same app."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, client: ClientId) -> User:
        """Raises UNKNOWN_CLIENT."""
        user = await self._store.read.users.find(caller.app.app_id, client)
        if user is None:
            raise _unknown(client)
        return user


class FindUserByUid:
    """Shows one user, by its number, to anybody of the same app."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, uid: int) -> User:
        """Raises UNKNOWN_CLIENT."""
        user = await self._store.read.users.find_by_uid(caller.app.app_id, uid)
        if user is None:
            raise Fault(FaultCode.UNKNOWN_CLIENT, f"{FaultCode.UNKNOWN_CLIENT.value}: {uid}")
        return user


class FindUsers:
    """Shows some users to anybody of the same app."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, clients: Collection[ClientId]) -> dict[ClientId, User]:
        """Those of them that are known, in the order asked for."""
        return await self._store.read.users.find_many(caller.app.app_id, clients)


class ListUsers:
    """Shows all of an app's users, newest first."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, asked: PageAsked) -> Page[User]:
        """Takes the backend: NOT_PERMITTED to a client."""
        _backend_only(caller)
        return await self._store.read.users.page(caller.app.app_id, asked)


class UpdateProfile:
    """Changes what is said about a user: by the backend, or by the user itself."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, caller: Caller, client: ClientId, profile: Profile) -> User:
        """What the app vouches for is the backend's to say: NOT_PERMITTED to a client.

        Raises FOREIGN_CLIENT, BAD_FORMAT (too large), UNKNOWN_CLIENT.
        """
        caller.speak_as(client, "client_id")
        if profile.vouches:
            _backend_only(caller)
        judge_profile(profile)
        async with self._store.begin() as tx:
            if await tx.users.find(caller.app.app_id, client) is None:
                raise _unknown(client)
            tx.announce(ProfileChanged(caller.app.app_id, client))
            return await tx.users.put(caller.app.app_id, client, profile, self._clock.now())


def _backend_only(caller: Caller) -> None:
    if not caller.is_backend:
        raise Fault(FaultCode.NOT_PERMITTED)


def _unknown(client: ClientId) -> Fault:
    return Fault(FaultCode.UNKNOWN_CLIENT, f"{FaultCode.UNKNOWN_CLIENT.value}: {client}")
