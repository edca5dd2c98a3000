"""What this dialect asks callers to show; how it is read is the same everywhere (`web/credentials.py`)."""

from parlance.web.credentials import HEADERS, SCHEMES, credentials

__all__ = ["HEADERS", "SCHEMES", "SECURITY", "credentials"]

SECURITY: tuple[dict[str, list[str]], ...] = ({"app-id": [], "app-key": []}, {"token": []}, {"app-id": []})
"""The last one is enough where the app's policy is `open`."""
