"""What a request of this dialect shows; how it is read is the same everywhere (`web/credentials.py`)."""

from parlance.web.credentials import HEADERS, SCHEMES, credentials_or_default

__all__ = ["HEADERS", "SCHEMES", "SECURITY", "credentials_or_default"]

SECURITY: tuple[dict[str, list[str]], ...] = ({"app-key": []}, {"app-id": [], "app-key": []}, {"token": []}, {})
"""The last one, nothing at all, is enough where the app's policy is `open`."""
