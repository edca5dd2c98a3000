"""What this dialect asks callers to show: a client token. How it is read is the same everywhere."""

from aiohttp import web

from parlance.core.model.credentials import Credentials
from parlance.web.credentials import HEADERS, credentials_or_default
from parlance.web.credentials import SCHEMES as ALL_SCHEMES

__all__ = ["CHALLENGE", "HEADERS", "SCHEMES", "SECURITY", "credentials"]

CHALLENGE = "Token"
"""The scheme that a refusal asks for; `JWT` and `Bearer` will do as well."""
SCHEMES = {"token": ALL_SCHEMES["token"]}
SECURITY: tuple[dict[str, list[str]], ...] = ({"token": []},)


def credentials(request: web.Request, default_app: str) -> Credentials:
    """What a request shows. One that names no app, by header or by token, means `default_app` ("": none)."""
    return credentials_or_default(request, default_app)
