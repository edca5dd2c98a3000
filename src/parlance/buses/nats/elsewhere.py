"""Whom the other servers have with them, and what there is to tell when that changes."""

from collections.abc import Collection, Iterable

from parlance.buses.nats.company import Company, Hearing
from parlance.buses.nats.doorway import Doorway
from parlance.buses.nats.links import Again, Key, Link, Whereabouts
from parlance.core.model.events import PresenceChanged
from parlance.kernel.clock import Clock
from parlance.kernel.ids import AppId, ClientId


class Elsewhere:
    """Who is here as well (`doorway`) neither comes nor goes by what another server says."""

    def __init__(self, doorway: Doorway, hearing: Hearing, clock: Clock) -> None:
        self._doorway = doorway
        self._hearing = hearing
        self._clock = clock
        self._where = Whereabouts()
        self.company: Company | None = None

    def have(self, app_id: AppId, client_id: ClientId) -> bool:
        """See `Peers.have`."""
        return bool(self._where.of(app_id, client_id))

    def clients(self, app_id: AppId) -> Iterable[ClientId]:
        """See `Peers.clients`."""
        return self._where.clients(app_id)

    def split(self, app_id: AppId, audience: Collection[ClientId]) -> dict[Link, list[ClientId]]:
        """Those of an audience who are with other servers, by server."""
        return self._where.split(app_id, audience)

    def came(self, link: Link, key: Key) -> None:
        """A server has somebody with it."""
        if key in link.clients:
            return
        link.clients.add(key)
        if self._where.add(key, link) and key not in self._doorway:
            self._hearing.found_out([PresenceChanged(*key, online=True)])

    def gone(self, link: Link, key: Key) -> None:
        """It has somebody with it no longer."""
        if key not in link.clients:
            return
        link.clients.discard(key)
        if self._where.remove(key, link) and key not in self._doorway:
            vanished = [] if self.company is None else self.company.vanished(*key, self._clock.now())
            self._hearing.found_out([PresenceChanged(*key, online=False), *vanished])

    def renewed(self, link: Link, fresh: Again) -> None:
        """It has said anew who is with it, and in which rooms."""
        for key in link.clients - fresh.clients:
            self.gone(link, key)
        for key in fresh.clients - link.clients:
            self.came(link, key)
        if self.company is not None:
            rooms = [(each.room, each.standings) for each in fresh.rooms]
            self._hearing.found_out(self.company.found(link.clients, rooms, self._clock.now()))

    def forget(self, link: Link) -> None:
        """It is gone, with everybody."""
        for key in [*link.clients]:
            self.gone(link, key)
