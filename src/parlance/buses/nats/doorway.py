"""Who is with this server, and who is about to be: what the others have to know before anybody is let in."""

from collections.abc import Collection
from typing import NamedTuple

from parlance.buses.nats.links import Key
from parlance.kernel.ids import AppId, ClientId

EXPECTED_FOR = 5.0
"""Seconds within which somebody who was expected arrives, or is not expected any more."""


class Arrival(NamedTuple):
    """Somebody is here: since when (ms), and as the how-manieth that came."""

    client_id: ClientId
    at: int
    turn: int


class Doorway:
    """Pure bookkeeping; each answer says whether the others are to be told."""

    def __init__(self) -> None:
        self.turn = 0
        """How many have come so far."""
        self._here: dict[Key, Arrival] = {}
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
        if key not in self._here:
            self.turn += 1
            self._here[key] = Arrival(key[1], at, self.turn)
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

    def arrivals(self, app_id: AppId, audience: Collection[ClientId]) -> list[Arrival]:
        """Those of an audience who are here."""
        found = (self._here.get((app_id, client)) for client in audience)
        return [arrival for arrival in found if arrival is not None]
