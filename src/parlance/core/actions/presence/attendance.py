"""How many of an app's clients are here, and how many were today.

Counted from what is told on the bus since this server began; nothing of it is stored.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo

import msgspec

from parlance.core.model.caller import Caller
from parlance.core.model.events import Event, PresenceChanged
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.ids import AppId, ClientId

_People = dict[AppId, set[ClientId]]


class Attended(msgspec.Struct, frozen=True):
    """Clients, each counted once."""

    online: int
    today: int


class Attendance:
    """Listens to who comes and goes. A day is one of the zone's."""

    def __init__(self, clock: Clock, zone: tzinfo = UTC) -> None:
        self._clock = clock
        self._zone = zone
        self._day = self._today()
        self._here: _People = {}
        self._came: _People = {}

    def heard(self, events: Sequence[Event]) -> None:
        """Take note of who came and who went."""
        for event in events:
            if type(event) is not PresenceChanged:
                continue
            here = self._here.setdefault(event.app_id, set())
            if event.online:
                self._turn_the_page()
                here.add(event.client_id)
                self._came.setdefault(event.app_id, set()).add(event.client_id)
            else:
                here.discard(event.client_id)

    def __call__(self, caller: Caller) -> Attended:
        """The figures of the caller's app."""
        self._turn_the_page()
        app_id = caller.app.app_id
        return Attended(len(self._here.get(app_id, ())), len(self._came.get(app_id, ())))

    def _turn_the_page(self) -> None:
        """On a new day only who is still here was here."""
        today = self._today()
        if today != self._day:
            self._day = today
            self._came = {app_id: set(here) for app_id, here in self._here.items() if here}

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock.now() // SECOND, self._zone).date()
