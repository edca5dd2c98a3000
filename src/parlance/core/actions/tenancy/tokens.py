"""Client tokens: JWTs signed with the app's token secret, HS256 and nothing else (decision 10)."""

from typing import TypeGuard

import jwt

from parlance.core.model.app import App
from parlance.core.model.user import client_id
from parlance.kernel.clock import DAY, SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId

LIFETIME = 7 * DAY
_ALGORITHM = "HS256"
_SIGNATURE_ONLY = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    "verify_sub": False,
    "verify_jti": False,
}
"""PyJWT would read the machine's clock; we ask ours."""

_REFUSED = "the token is refused"


def sign(app: App, client: ClientId, issued_at: int, expires_at: int) -> str:
    """A token that speaks for `client` from `issued_at` to `expires_at` (ms, cut to seconds)."""
    claims = {"sub": client, "app": app.app_id, "iat": issued_at // SECOND, "exp": expires_at // SECOND}
    return jwt.encode(claims, app.token_secret, algorithm=_ALGORITHM)


def verify(app: App, token: str, clock: Clock) -> ClientId:
    """The client a token of this app speaks for. Raises BAD_CREDENTIAL."""
    try:
        claims = jwt.decode(token, app.token_secret, algorithms=[_ALGORITHM], options=_SIGNATURE_ONLY)  # type: ignore[arg-type]
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        raise Fault(FaultCode.BAD_CREDENTIAL, _REFUSED) from None
    subject, expires = claims.get("sub"), claims.get("exp")
    if not isinstance(subject, str) or claims.get("app") != app.app_id:
        raise Fault(FaultCode.BAD_CREDENTIAL, _REFUSED)
    if not _is_number(expires) or expires * SECOND <= clock.now():
        raise Fault(FaultCode.BAD_CREDENTIAL, "the token has expired")
    starts = claims.get("nbf", 0)
    if not _is_number(starts) or starts * SECOND > clock.now():
        raise Fault(FaultCode.BAD_CREDENTIAL, "the token is not valid yet")
    try:
        return client_id(subject)
    except Fault:
        # Rightly signed, but for somebody who cannot be.
        raise Fault(FaultCode.BAD_CREDENTIAL, _REFUSED) from None


def app_named_in(token: str) -> str | None:
    """The app a token claims to be of; nothing is verified yet."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        return None
    named = claims.get("app")
    return named if isinstance(named, str) else None


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
