"""Where the keys are kept that a remote provider made for clients."""

from typing import Protocol

import msgspec

from parlance.kernel.ids import AppId, ClientId


class ProviderToken(msgspec.Struct, frozen=True):
    """A key that a client was given; `issuer` is a fingerprint of the access with which it was asked for."""

    issuer: str
    token: str
    created_at: int


class ProviderTokens(Protocol):
    """The newest key of each client."""

    async def find(self, app_id: AppId, client_id: ClientId) -> ProviderToken | None:
        """The client's key."""

    async def put(self, app_id: AppId, client_id: ClientId, token: ProviderToken) -> None:
        """Keep it, in the place of any other."""
