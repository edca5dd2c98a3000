"""Who is asking: credentials become a caller, or a refusal."""

import hmac

from parlance.core.actions.people.bans import Bans
from parlance.core.actions.tenancy import tokens
from parlance.core.actions.tenancy.directory import AppDirectory
from parlance.core.model.app import App
from parlance.core.model.caller import Caller
from parlance.core.model.credentials import Credentials
from parlance.core.model.key_signature import signed_with_server_key
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode


class Authenticate:
    """Turns what a request shows into a `Caller` (decision 10)."""

    def __init__(self, directory: AppDirectory, bans: Bans, clock: Clock) -> None:
        self._directory = directory
        self._bans = bans
        self._clock = clock

    async def __call__(self, shown: Credentials, *, public: bool = False) -> Caller:
        """Raises MISSING_APP, BAD_CREDENTIAL (whatever is presented must be right), or BANNED for a client.

        `public`: for what everybody may see, nothing need be presented, whatever the policy.
        """
        app_id = shown.app_id or (tokens.app_named_in(shown.token) if shown.token else None)
        if app_id is None:
            raise Fault(FaultCode.BAD_CREDENTIAL if shown.token else FaultCode.MISSING_APP)
        app = self._directory.at_hand(app_id) or await self._directory.find(app_id)
        if app is None or shown.bad_scheme:
            raise Fault(FaultCode.BAD_CREDENTIAL)
        client = tokens.verify(app, shown.token, self._clock) if shown.token is not None else None
        signed = shown.key_signature is not None and signed_with_server_key(app, shown.key_signature)
        if (shown.key is not None and _is_server_key(app, shown.key, said=shown.said_server_key)) or signed:
            return Caller(app)
        if client is not None:
            self._bans.check(app.app_id, client)
            return Caller(app, client)
        if app.policy.asks_for_credential and not public:
            raise Fault(FaultCode.BAD_CREDENTIAL)
        return Caller(app, keyed=False)


def _is_server_key(app: App, key: str, *, said: bool) -> bool:
    """Whether `key` gives the right to act for the app; the public key only names it, unless more was `said` of it.

    Raises BAD_CREDENTIAL.
    """
    shown = key.encode(errors="replace")
    if hmac.compare_digest(shown, app.master_key.encode()):
        return True
    if not said and hmac.compare_digest(shown, app.app_key.encode()):
        return False
    raise Fault(FaultCode.BAD_CREDENTIAL)
