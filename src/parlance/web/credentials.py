"""Reading credentials from a request's headers, for every dialect; whether they are right is the core's to say."""

import msgspec
from aiohttp import web
from multidict import CIMultiDictProxy

from parlance.core.model.credentials import Credentials
from parlance.kernel.faults import Fault, FaultCode

APP_HEADERS = ("app-id", "IM-APP-ID", "X-LC-Id", "X-AVOSCloud-Application-Id")
"""In the order in which they are believed."""
SERVER_KEY_HEADER = "X-AVOSCloud-Master-Key"
"""In which a key is said to be a server key."""
KEY_HEADERS = ("app-key", "X-LC-Key", SERVER_KEY_HEADER, "X-AVOSCloud-Application-Key")
SIGNATURE_HEADERS = ("X-LC-Sign", "X-AVOSCloud-Request-Sign")
TOKEN_SCHEMES = ("bearer", "token", "jwt")
MASTER_MARK = ",master"
"""How LeanCloud's clients mark a server key."""
HEADERS = (*APP_HEADERS, *KEY_HEADERS, *SIGNATURE_HEADERS, "Authorization")
"""All that may be shown."""

SCHEMES = {
    "app-id": {"type": "apiKey", "in": "header", "name": "app-id", "description": "The app; also `IM-APP-ID`."},
    "app-key": {"type": "apiKey", "in": "header", "name": "app-key", "description": "The app's server key."},
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A client token: HS256, claims `sub`, `app`, `iat`, `exp`.",
    },
}
"""The same, for the API's description."""


def credentials(request: web.Request) -> Credentials:
    """What a request shows."""
    headers = request.headers
    token, bad_scheme = _token(_header(headers, ("Authorization",)))
    key = _header(headers, KEY_HEADERS)
    return Credentials(
        app_id=_header(headers, APP_HEADERS),
        key=None if key is None else key.removesuffix(MASTER_MARK),
        token=token,
        bad_scheme=bad_scheme,
        key_signature=_header(headers, SIGNATURE_HEADERS),
        said_server_key=key is not None and (key.endswith(MASTER_MARK) or SERVER_KEY_HEADER in headers),
    )


def credentials_or_default(request: web.Request, default_app: str) -> Credentials:
    """The same, where a request that names no app, by header or by token, means the configured one ("": none)."""
    shown = credentials(request)
    if shown.app_id is None and shown.token is None and default_app:
        return msgspec.structs.replace(shown, app_id=default_app)
    return shown


def _header(headers: CIMultiDictProxy[str], names: tuple[str, ...]) -> str | None:
    """The first of several headers that says anything; what is not text is no credential of anybody's."""
    for name in names:
        value = headers.get(name)
        if value:
            if not value.isprintable():
                raise Fault(FaultCode.BAD_CREDENTIAL, field=name)
            return value
    return None


def _token(shown: str | None) -> tuple[str | None, bool]:
    """The token in an Authorization header, and whether there is something else in it."""
    if shown is None:
        return None, False
    scheme, _, token = shown.partition(" ")
    if scheme.lower() not in TOKEN_SCHEMES or not token.strip():
        return None, True
    return token.strip(), False
