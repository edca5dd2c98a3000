"""What a request of this dialect shows; how it is read is the same everywhere (`web/credentials.py`).

An app's public key says only which app is meant; what takes the server key says so in its row of the table.
"""

from parlance.core.model.caller import Caller
from parlance.kernel.faults import Fault, FaultCode
from parlance.web.credentials import HEADERS, SCHEMES, credentials_or_default

__all__ = [
    "CLIENT_HEADERS",
    "HEADERS",
    "SCHEMES",
    "SECURITY",
    "SESSION_HEADER",
    "credentials_or_default",
    "must_be_app",
]

SESSION_HEADER = "X-LC-IM-Session-Token"
"""With which a client asks for what is its own: the token of its session on the socket."""
CLIENT_HEADERS = ("X-LC-Session", "X-LC-Prod", "X-LC-UA", SESSION_HEADER)
"""What LeanCloud's clients send besides; all but the last say nothing to us."""

SECURITY: tuple[dict[str, list[str]], ...] = ({"app-id": [], "app-key": []}, {})
"""The last one, nothing but the app, is enough where the app's policy is `open`, and for what the public key does."""


def must_be_app(caller: Caller) -> None:
    """Refuse who does not act for the whole app: KEY_REQUIRED."""
    if not caller.is_backend:
        raise Fault(FaultCode.KEY_REQUIRED)
