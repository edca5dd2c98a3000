"""Who is banned, kept at hand: asked at every send, and nearly always nobody."""

from collections.abc import Sequence

from parlance.core.model.events import BanChanged, Event
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import AppId, ClientId


class Bans:
    """The banned of every app."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._banned: set[tuple[AppId, ClientId]] = set()
        self._heard = 0
        self.doubtful = False
        """Other servers decided something, and what they say may come in another order than they did it."""

    async def load(self) -> None:
        """Read them from the store: before anything is served, and when there is doubt."""
        heard = None
        while heard != self._heard:
            heard, self.doubtful = self._heard, False
            self._banned = await self._store.read.users.banned()

    def overtaken(self, events: Sequence[Event]) -> None:
        """Another server has decided something."""
        if any(type(event) is BanChanged for event in events):
            self.doubtful = True

    def banned(self, app_id: AppId, client: ClientId) -> bool:
        """Whether it is."""
        return (app_id, client) in self._banned

    def check(self, app_id: AppId, *clients: ClientId) -> None:
        """Raise BANNED, naming the client, if one of them is."""
        if not self._banned:
            return
        for client in clients:
            if (app_id, client) in self._banned:
                raise Fault(FaultCode.BANNED, f"{FaultCode.BANNED.value}: {client}")

    def heard(self, events: Sequence[Event]) -> None:
        """Follow what was decided."""
        for event in events:
            if type(event) is BanChanged:
                self._heard += 1
                if event.banned:
                    self._banned.add((event.app_id, event.client_id))
                else:
                    self._banned.discard((event.app_id, event.client_id))
