"""Which logins of a client hold, when it logs in on several servers at the same moment.

Invariants, over all servers that can hear each other:
- One device has one connection: of two logins the one with the greater `LoggedIn.at` stays.
- A tag has one device: the one that took it last, be the connection on its way in when another takes it.
- A client has as many connections as its app allows: the oldest give way.

Servers that could not hear each other say all of it again when they can (`say_again`).
"""

from collections.abc import Callable, Sequence

from parlance.core.model.events import Event, LoggedIn, LoginsHere, TagTaken
from parlance.kernel.clock import Clock
from parlance.kernel.ids import AppId, ClientId
from parlance.realtime.connection import Connection
from parlance.realtime.hub import Hub

MOST_TAKEN = 10_000
"""Tags that are remembered as taken: it takes a moment until whoever took one is in."""
FRESH = 2.0
"""Seconds for which holds what another server said of its logins: at each login all of them say it again."""
MOST_ELSEWHERE = 10_000

_Client = tuple[AppId, ClientId]


class Logins:
    """Listens after the hub. `have`: whether other servers have a client; `soon` calls something in the next turn.

    `server` is a name that no other server has.
    """

    def __init__(
        self,
        hub: Hub,
        have: Callable[[AppId, ClientId], bool],
        publish: Callable[[Sequence[Event]], None],
        soon: Callable[[Callable[[], None]], object],
        server: str,
        clock: Clock,
    ) -> None:
        self._hub = hub
        self._have = have
        self._publish = publish
        self._soon = soon
        self._server = server
        self._clock = clock
        self._taken: dict[tuple[AppId, ClientId, str], tuple[int, str]] = {}
        """When tags were taken lately, and by which device."""
        self._elsewhere: dict[_Client, dict[str, tuple[float, tuple[int, ...]]]] = {}

    def heard(self, events: Sequence[Event]) -> None:
        """Take note of who logs in where."""
        for event in events:
            if type(event) is LoggedIn:
                # Not at once: whoever publishes it is still about to let it in.
                self._soon(lambda login=event: self._weigh(login))  # type: ignore[misc]
            elif type(event) is TagTaken:
                self._remember(event)
            elif type(event) is LoginsHere and event.server != self._server:
                self._count(event)

    def say_again(self) -> None:
        """Have other servers compare their logins with those here, which they may not have heard of."""
        for app_id in self._hub.apps():
            for client in [client for client in self._hub.clients(app_id) if self._have(app_id, client)]:
                self._publish([login for login, _ in self._hub.logins(app_id, client)])

    def _weigh(self, login: LoggedIn) -> None:
        app_id, client = login.app_id, login.client_id
        for mine, connection in self._hub.logins(app_id, client):
            if mine.connection == login.connection:
                self._compare_tag(mine, connection)
            elif login.device_id and mine.device_id == login.device_id and mine.at > login.at:
                self._publish([mine])
        logins = tuple(mine.at for mine, _ in self._hub.logins(app_id, client))
        if logins and self._have(app_id, client):
            self._publish([LoginsHere(app_id, client, self._server, logins)])

    def _compare_tag(self, login: LoggedIn, connection: Connection) -> None:
        """Somebody is in: end it if another device took its tag while it was on its way."""
        taken_at, device = self._taken.get((login.app_id, login.client_id, connection.tag or ""), (-1, ""))
        if connection.tag_at < taken_at and connection.device_id != device:
            connection.displaced()

    def _remember(self, taken: TagTaken) -> None:
        key = (taken.app_id, taken.client_id, taken.tag)
        if taken.at >= self._taken.get(key, (0, ""))[0]:
            self._taken.pop(key, None)
            self._taken[key] = taken.at, taken.device
        if len(self._taken) > MOST_TAKEN:
            del self._taken[next(iter(self._taken))]

    def _count(self, said: LoginsHere) -> None:
        """If a client has too many connections on all servers together, the oldest of them that are here give way."""
        now = self._clock.monotonic()
        if len(self._elsewhere) > MOST_ELSEWHERE:
            self._elsewhere.clear()
        elsewhere = self._elsewhere.setdefault((said.app_id, said.client_id), {})
        elsewhere[said.server] = now, said.logins
        mine = {login.at: connection for login, connection in self._hub.logins(said.app_id, said.client_id)}
        others = [at for heard_at, logins in elsewhere.values() if now - heard_at < FRESH for at in logins]
        if not mine:
            return
        # What the app allows is what it allowed when the newest of them came.
        most = max(1, mine[max(mine)].caller.app.settings.devices_per_client)
        for at in sorted([*mine, *others])[:-most]:
            if at in mine:
                mine[at].replaced()
