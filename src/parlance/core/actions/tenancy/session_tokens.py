"""Session tokens: what a LeanCloud client shows on coming back, instead of a signature.

Nothing is kept of them: they say themselves whose they are, under which tag and on which device, and until when
they are good. Their key is made of the app's token secret, so that they are no client tokens, nor the other way.
"""

import hmac

import msgspec

from parlance.core.actions.tenancy import tokens
from parlance.core.model.app import App
from parlance.core.model.session import TOKEN_LIFETIME, SessionToken
from parlance.core.model.user import client_id
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


class Held(msgspec.Struct, frozen=True):
    """What a session token says; `made_at` in milliseconds."""

    client: ClientId
    made_at: int
    tag: str | None
    device: str | None


def make(app: App, client: ClientId, tag: str | None, device: str | None, now: int) -> SessionToken:
    """A token, good from now."""
    expires = (now + TOKEN_LIFETIME) / SECOND
    claims = {"sub": client, "app": app.app_id, "tag": tag, "dev": device, "iat": now / SECOND, "exp": expires}
    return SessionToken(tokens.signed(claims, _key(app)), TOKEN_LIFETIME // SECOND)


def read(app: App, token: str, now: int) -> Held:
    """What a token of this app says. Raises SESSION_EXPIRED for one that is not good, or not good any more."""
    claims = tokens.claims_in(token, _key(app)) or {}
    made, expires, tag, device = (claims.get(name) for name in ("iat", "exp", "tag", "dev"))
    subject = claims.get("sub")
    good = isinstance(subject, str) and claims.get("app") == app.app_id
    if not good or not tokens.is_number(made) or not tokens.is_number(expires) or expires * SECOND <= now:
        raise Fault(FaultCode.SESSION_EXPIRED)
    return Held(
        client_id(str(subject)),
        round(made * SECOND),
        tag if isinstance(tag, str) else None,
        device if isinstance(device, str) else None,
    )


def _key(app: App) -> str:
    return hmac.new(app.token_secret.encode(), b"session", "sha256").hexdigest()
