"""Who is with this server, and who is about to be: what the others have to know before anybody is let in."""

from collections.abc import Collection

from parlance.buses.nats.links import Key
from parlance.kernel.ids import AppId, ClientId

EXPECTED_FOR = 5.0
"""Seconds within which somebody who was expected arrives, or is not expected any more."""


class Doorway:
    """Pure bookkeeping; each answer says whether the others are to be told."""

    def __init__(self) -> None:
        self._here: dict[Key, int] = {}
        """Since when (ms) clients are here."""
        self._expected: dict[Key, float] = {}

    def __contains__(self, key: Key) -> bool:
        """Whether somebody is here."""
        return key in self._here

    def everybody(self) -> Collection[Key]:
        """Who is here, or expected."""
        return self._here.keys() | self._expected.keys()

    def expect(self, key: Key, now: float) -> None:
        """Somebody is about to come; `now` is in seconds."""
        self._expected[key] = now + EXPECTED_FOR

    def arrived(self, key: Key, at: int) -> bool:
        """Somebody is here; whether nobody was told to expect it."""
        unknown = self._expected.pop(key, None) is None and key not in self._here
        self._here.setdefault(key, at)
        return unknown

    def departed(self, key: Key) -> bool:
        """Somebody has gone; whether it is not about to come back."""
        self._here.pop(key, None)
        return key not in self._expected

    def overdue(self, now: float) -> list[Key]:
        """Those who were expected, did not come, and are not here: they are not expected any more."""
        late = [key for key, until in self._expected.items() if until < now]
        for key in late:
            del self._expected[key]
        return [key for key in late if key not in self._here]

    def arrivals(self, app_id: AppId, audience: Collection[ClientId]) -> list[tuple[ClientId, int]]:
        """Those of an audience who are here, and since when (ms)."""
        found = ((client, self._here.get((app_id, client))) for client in audience)
        return [(client, since) for client, since in found if since is not None]
