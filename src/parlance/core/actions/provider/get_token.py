"""The key with which a client connects to the real-time service behind its app."""

from parlance.core.actions.people.welcome import Welcome
from parlance.core.model.caller import Caller
from parlance.core.ports.provider import Providers
from parlance.core.ports.provider_tokens import ProviderToken
from parlance.core.ports.store import Store
from parlance.kernel.clock import MINUTE, Clock
from parlance.kernel.ids import ClientId

_FRESH = MINUTE
"""How long a key counts as new: clients that ask for new ones in a loop must not use up what we may ask for."""


class GetProviderToken:
    """Gives a client its key: a token of ours, or one that the service behind the app has made."""

    def __init__(self, store: Store, welcome: Welcome, providers: Providers, clock: Clock) -> None:
        self._store = store
        self._welcome = welcome
        self._providers = providers
        self._clock = clock

    async def __call__(self, caller: Caller, client: ClientId, *, fresh: bool = False) -> str:
        """The key of `client`.

        A remote service's keys work for good: the last one is given out again, unless a `fresh` one is asked for.
        Raises FOREIGN_CLIENT, UNKNOWN_CLIENT, BANNED, PROVIDER_FAILED, UNAVAILABLE.
        """
        user = await self._welcome(caller.app, caller.speak_as(client, "client_id"))
        provider = self._providers.of(caller.app)
        if not provider.is_remote:
            return await provider.token(user)
        issuer, now = caller.app.settings.rongcloud.fingerprint, self._clock.now()
        kept = await self._store.read.provider_tokens.find(user.app_id, client)
        if kept is not None and kept.issuer == issuer and (not fresh or now - kept.created_at < _FRESH):
            return kept.token
        token = await provider.token(user)
        async with self._store.begin() as tx:
            await tx.provider_tokens.put(user.app_id, client, ProviderToken(issuer, token, now))
        return token
