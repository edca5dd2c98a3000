"""Who a client says it is: an app, and a token that may have to be fetched, and fetched anew."""

from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

FetchToken = Callable[[], Awaitable[str]]
"""Asks the app's own backend for a token of this client."""


class Credentials:
    """A token that stays, one that is fetched, or none."""

    def __init__(self, app_id: str, token: str | FetchToken | None) -> None:
        self.app_id = app_id
        self._fetch = None if isinstance(token, str) or token is None else token
        self._token = token if isinstance(token, str) else None

    @property
    def renewable(self) -> bool:
        """Whether another token can be had."""
        return self._fetch is not None

    async def token(self) -> str | None:
        """The token to show; None if there is none."""
        if self._token is None and self._fetch is not None:
            self._token = await self._fetch()
        return self._token

    def refused(self, token: str | None) -> None:
        """Forget a token that was refused, so that the next is a new one."""
        if self._fetch is not None and token == self._token:
            self._token = None


def client_in(token: str) -> str | None:
    """For whom a token speaks, as it says itself: to be believed by nobody but its owner."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims: Any = msgspec.json.decode(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    subject = claims.get("sub") if isinstance(claims, dict) else None
    return subject if isinstance(subject, str) else None
