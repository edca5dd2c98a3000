"""Minting client tokens."""

from parlance.core.actions.people.welcome import Welcome
from parlance.core.actions.tenancy import tokens
from parlance.core.model.caller import Caller
from parlance.core.model.credentials import IssuedToken
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


class IssueToken:
    """Gives out a token that speaks for one client. Always takes the server key, whatever the policy."""

    def __init__(self, welcome: Welcome, clock: Clock) -> None:
        self._welcome = welcome
        self._clock = clock

    async def __call__(self, caller: Caller, client: ClientId, lifetime: int = tokens.LIFETIME) -> IssuedToken:
        """A token for `lifetime` ms. Creates its user if the app allows that, else UNKNOWN_CLIENT; BANNED."""
        if caller.client_id is not None:
            raise Fault(FaultCode.KEY_REQUIRED)
        if not caller.keyed:
            raise Fault(FaultCode.BAD_CREDENTIAL, "minting a token takes the server key")
        await self._welcome(caller.app, client)
        now = self._clock.now()
        return IssuedToken(tokens.sign(caller.app, client, now, now + lifetime), now + lifetime)
