"""What a request of this dialect shows, and which app it is about."""

import msgspec
from aiohttp import web

from parlance.core.model.credentials import Credentials
from parlance.kernel.faults import bad_format
from parlance.web.credentials import HEADERS, SCHEMES, credentials, credentials_or_default

__all__ = ["HEADERS", "SCHEMES", "SECURITY", "shown"]

SECURITY: tuple[dict[str, list[str]], ...] = ({"app-key": []}, {"app-id": [], "app-key": []}, {"token": []}, {})
"""The last one, nothing at all, is enough where the app's policy is `open`."""


def shown(request: web.Request, default_app: str) -> Credentials:
    """The credentials; the app is named by header, token or address, else it is the configured one ("": none).

    An address that names an app means that app: a header that names another is BAD_FORMAT.
    """
    in_path = request.match_info.get("app_id")
    if in_path is None:
        return credentials_or_default(request, default_app)
    found = credentials(request)
    if found.app_id not in (None, in_path):
        raise bad_format("app_id", "the header names another app")
    return msgspec.structs.replace(found, app_id=in_path)
