"""A client logs in on a socket."""

import msgspec

from parlance.core.actions.people.welcome import Welcome
from parlance.core.actions.tenancy import tokens
from parlance.core.actions.tenancy.directory import AppDirectory
from parlance.core.model.caller import Caller
from parlance.core.model.user import Profile
from parlance.core.ports.presence import Presence
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


class LoginAsked(msgspec.Struct, frozen=True):
    """Who wants to be let in, and what it shows for that."""

    app_id: str
    client_id: ClientId
    token: str | None = None
    profile: Profile = Profile()


class LogIn:
    """Lets a client in as the app's policy says."""

    def __init__(self, directory: AppDirectory, welcome: Welcome, presence: Presence, clock: Clock) -> None:
        self._presence = presence
        self._directory = directory
        self._welcome = welcome
        self._clock = clock

    async def __call__(self, asked: LoginAsked) -> Caller:
        """Raises BAD_CREDENTIAL, FOREIGN_CLIENT (a token for somebody else), BANNED, UNKNOWN_CLIENT."""
        app = await self._directory.find(asked.app_id)
        if app is None:
            raise Fault(FaultCode.BAD_CREDENTIAL, "unknown app", field="app_id")
        if asked.token is not None:
            speaker = tokens.verify(app, asked.token, self._clock)
            if speaker != asked.client_id:
                raise Fault(FaultCode.FOREIGN_CLIENT, field="client_id")
        elif app.policy.asks_for_login_token:
            raise Fault(FaultCode.BAD_CREDENTIAL, "this app asks for a client token", field="token")
        await self._welcome(app, asked.client_id, asked.profile)
        await self._presence.expect(app.app_id, asked.client_id)
        return Caller(app, asked.client_id)
