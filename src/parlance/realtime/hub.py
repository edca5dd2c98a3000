"""Who is connected to this server, and what becomes of connections when the world changes.

Invariant: a connection is in here from its login to its end, under the client it logged in as.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from parlance.core.model.events import BanChanged, Event, KickedOut, LoggedIn, TagTaken
from parlance.kernel.ids import AppId, ClientId
from parlance.realtime.connection import Connection
from parlance.realtime.witness import Witness

_NOBODY: Mapping[ClientId, list[Connection]] = {}


class Hub:
    """The connections, by app and client; a client's in the order in which they came."""

    def __init__(self, witness: Witness | None = None) -> None:
        self._witness = witness
        self._apps: dict[AppId, dict[ClientId, list[Connection]]] = {}
        self._watchers: dict[tuple[AppId, ClientId], dict[int, Connection]] = {}
        self._watched: dict[int, tuple[ClientId, ...]] = {}
        self._logins: dict[int, LoggedIn] = {}
        """What everybody was told of connections when they logged in, by number."""

    def add(self, connection: Connection, client: ClientId) -> bool:
        """Take in a connection that has logged in; answer whether it is the client's first.

        If the client has too many now, the oldest give way.
        """
        app = connection.caller.app
        connections = self._apps.setdefault(app.app_id, {}).setdefault(client, [])
        first = not connections
        connections.append(connection)
        if self._witness is not None:
            self._witness.came(connection)
        too_many = max(0, len(connections) - max(1, app.settings.devices_per_client))
        for oldest in connections[:too_many]:
            oldest.replaced()
        return first

    def remove(self, connection: Connection, client: ClientId) -> bool:
        """Forget a connection; answer whether it was the client's last."""
        self.watch(connection, ())
        self._logins.pop(connection.number, None)
        if self._witness is not None:
            self._witness.went(connection, client)
        app_id = connection.caller.app.app_id
        connections = self._apps[app_id][client]
        connections.remove(connection)
        if connections:
            return False
        del self._apps[app_id][client]
        if not self._apps[app_id]:
            del self._apps[app_id]
        return True

    def apps(self) -> tuple[AppId, ...]:
        """The apps that have connected clients."""
        return tuple(self._apps)

    def clients(self, app_id: AppId) -> Mapping[ClientId, list[Connection]]:
        """An app's connected clients."""
        return self._apps.get(app_id, _NOBODY)

    def everybody(self) -> Iterator[Connection]:
        """All connections, as they were when first asked."""
        everybody = [c for clients in self._apps.values() for connections in clients.values() for c in connections]
        return iter(everybody)

    def watch(self, connection: Connection, clients: tuple[ClientId, ...]) -> None:
        """From now on this connection is told about these clients, and no others."""
        app_id = connection.caller.app.app_id
        for client in self._watched.pop(connection.number, ()):
            watchers = self._watchers[app_id, client]
            del watchers[connection.number]
            if not watchers:
                del self._watchers[app_id, client]
        if clients:
            self._watched[connection.number] = clients
            for client in clients:
                self._watchers.setdefault((app_id, client), {})[connection.number] = connection

    def watchers(self, app_id: AppId, client: ClientId) -> Sequence[Connection]:
        """Who is to be told when the client comes or goes."""
        watchers = self._watchers.get((app_id, client))
        return () if watchers is None else tuple(watchers.values())

    def logins(self, app_id: AppId, client: ClientId) -> list[tuple[LoggedIn, Connection]]:
        """A client's connections, and what everybody was told of each when it logged in."""
        connections = self._of(app_id, client)
        return [(self._logins[each.number], each) for each in connections if each.number in self._logins]

    def show_out(self, unwanted: Callable[[AppId, ClientId], bool]) -> None:
        """End the connections of those who may not be here."""
        for app_id in self.apps():
            for client in [client for client in self.clients(app_id) if unwanted(app_id, client)]:
                self.heard([BanChanged(app_id, client, banned=True)])

    def heard(self, events: Sequence[Event]) -> None:
        """End the connections that must end."""
        for event in events:
            if type(event) is LoggedIn:
                self._replace(event)
            elif type(event) is TagTaken:
                self._displace(event)
            elif type(event) is KickedOut:
                for connection in self._of(event.app_id, event.client_id):
                    if event.device_id is None or connection.device_id == event.device_id:
                        connection.kicked(event.reason)
            elif type(event) is BanChanged and event.banned:
                for connection in self._of(event.app_id, event.client_id):
                    connection.banned()

    def _replace(self, login: LoggedIn) -> None:
        for connection in self._of(login.app_id, login.client_id):
            if connection.number == login.connection:
                self._logins[connection.number] = login
            elif login.device_id and connection.device_id == login.device_id:
                # One that came later stays, on whichever server: `logins.py` has the other told.
                before = self._logins.get(connection.number)
                if before is None or before.at <= login.at:
                    connection.replaced()

    def _displace(self, taken: TagTaken) -> None:
        for connection in self._of(taken.app_id, taken.client_id):
            elsewhere = connection.device_id != taken.device and connection.number != taken.connection
            if connection.tag == taken.tag and elsewhere and connection.tag_at <= taken.at:
                connection.displaced()

    def _of(self, app_id: AppId, client: ClientId) -> tuple[Connection, ...]:
        """A client's connections, as they are now: some of them may go."""
        return tuple(self.clients(app_id).get(client, ()))
