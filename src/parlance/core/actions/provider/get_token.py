"""The key with which a client connects to the real-time service behind its app."""

from parlance.core.actions.people.welcome import Welcome
from parlance.core.model.caller import Caller
from parlance.core.ports.provider import Providers
from parlance.kernel.ids import ClientId


class GetProviderToken:
    """Gives a client its key: a token of ours, or one that the service behind the app has made."""

    def __init__(self, welcome: Welcome, providers: Providers) -> None:
        self._welcome = welcome
        self._providers = providers

    async def __call__(self, caller: Caller, client: ClientId, *, fresh: bool = False) -> str:
        """The key of `client`; `fresh`: not one that was given before.

        Raises FOREIGN_CLIENT, UNKNOWN_CLIENT, BANNED, PROVIDER_FAILED, UNAVAILABLE.
        """
        user = await self._welcome(caller.app, caller.speak_as(client, "client_id"))
        return await self._providers.of(caller.app).token(user)
