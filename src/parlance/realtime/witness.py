"""Remembers for a while what was written to whom, for who wants to know why something did not arrive.

On the road of a message this is its number put at the end of a bounded list, and nothing more. Everybody who is
connected at that moment and to be told is told in the same turn of the loop, so who was told follows from who was
connected: connections remember where in the list they began.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from parlance.core.model.events import Event, MessageSent
from parlance.core.model.inquiry import Device
from parlance.kernel.clock import Clock
from parlance.kernel.ids import AppId, ClientId
from parlance.realtime.connection import Connection

MOST_GONE = 10_000
"""Connections that are remembered after their end."""


class _Stay(msgspec.Struct, frozen=True, gc=False):
    """From which message on a connection is there, and since when."""

    place: int
    at: int


class _Gone(msgspec.Struct, frozen=True, gc=False):
    """A connection that has ended."""

    app_id: AppId
    first: int
    behind: int
    device: Device


class Witness:
    """`most` messages are remembered, by their numbers."""

    def __init__(self, clock: Clock, most: int) -> None:
        self._clock = clock
        self._most = most
        self._began = clock.now()
        self._count = 0
        self._numbers: deque[int] = deque(maxlen=most)
        self._times: deque[int] = deque(maxlen=most)
        self._stays: dict[int, _Stay] = {}
        self._gone: deque[_Gone] = deque(maxlen=MOST_GONE)

    def heard(self, events: Sequence[Event]) -> None:
        """Take note of messages; to be called right before those are told who are connected."""
        now = 0
        for event in events:
            if type(event) is MessageSent:
                now = now or self._clock.now()
                self._numbers.append(event.message.id)
                self._times.append(now)
                self._count += 1

    def came(self, connection: Connection) -> None:
        """A connection is told of everything from now on."""
        self._stays[connection.number] = _Stay(self._count, self._clock.now())

    def went(self, connection: Connection, client: ClientId) -> None:
        """A connection is told of nothing any more."""
        stay = self._stays.pop(connection.number, None)
        if stay is not None:
            device = _device(connection, client, stay, gone_at=self._clock.now())
            self._gone.append(_Gone(connection.caller.app.app_id, stay.place, self._count, device))

    @property
    def since(self) -> int:
        """From when on (ms) messages are remembered."""
        return self._times[0] if len(self._times) == self._most else self._began

    def place(self, message: int) -> int | None:
        """Where a message stands in the order in which this server heard of them."""
        try:
            return self._count - len(self._numbers) + self._numbers.index(message)
        except ValueError:
            return None

    def heard_at(self, place: int) -> int:
        """When (ms) this server heard of what stands there."""
        return self._times[place - self._count + len(self._times)]

    def connected(
        self, client: ClientId, connections: Iterable[Connection], place: int | None = None
    ) -> Iterator[Device]:
        """A client's connections; those that were there at a `place` have that message."""
        for connection in connections:
            stay = self._stays.get(connection.number)
            if stay is not None:
                yield _device(connection, client, stay, written=place is not None and stay.place <= place)

    def gone(self, app_id: AppId, clients: Iterable[ClientId], place: int | None) -> list[Device]:
        """Which of these clients' connections have ended since a `place`; and of each the one that ended last."""
        wanted = frozenset(clients)
        found: list[Device] = []
        seen: set[ClientId] = set()
        for gone in reversed(self._gone):
            device = gone.device
            if gone.app_id != app_id or device.client_id not in wanted:
                continue
            since = place is not None and gone.behind > place
            if since or device.client_id not in seen:
                written = place is not None and gone.first <= place < gone.behind
                found.append(msgspec.structs.replace(device, written=written))
            seen.add(device.client_id)
        return found


def _device(
    connection: Connection, client: ClientId, stay: _Stay, *, gone_at: int | None = None, written: bool = False
) -> Device:
    name = connection.wire.name
    return Device(client, connection.device_id, name, stay.at, gone_at, connection.unsent, written)
