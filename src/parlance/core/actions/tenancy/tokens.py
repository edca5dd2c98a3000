"""Client tokens: JWTs signed with the app's token secret, HS256 and nothing else (decision 10)."""

from typing import Any, TypeGuard

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
    return signed(claims, app.token_secret)


def signed(claims: dict[str, Any], secret: str) -> str:
    """A token that says this."""
    return jwt.encode(claims, secret, algorithm=_ALGORITHM)


def claims_in(token: str, secret: str) -> dict[str, Any] | None:
    """What a token says, if it was signed with this secret; when it is good is still to be asked."""
    try:
        claims: dict[str, Any] = jwt.decode(token, secret, algorithms=[_ALGORITHM], options=_SIGNATURE_ONLY)  # type: ignore[arg-type]
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        return None
    return claims


def verify(app: App, token: str, clock: Clock) -> ClientId:
    """The client a token of this app speaks for. Raises BAD_CREDENTIAL."""
    claims = claims_in(token, app.token_secret)
    if claims is None:
        raise Fault(FaultCode.BAD_CREDENTIAL, _REFUSED)
    subject, expires = claims.get("sub"), claims.get("exp")
    if not isinstance(subject, str) or claims.get("app") != app.app_id:
        raise Fault(FaultCode.BAD_CREDENTIAL, _REFUSED)
    if not is_number(expires) or expires * SECOND <= clock.now():
        raise Fault(FaultCode.BAD_CREDENTIAL, "the token has expired")
    starts = claims.get("nbf", 0)
    if not is_number(starts) or starts * SECOND > clock.now():
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


def is_number(value: object) -> TypeGuard[float]:
    """Whether a claim is a time, of this age of the world."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
