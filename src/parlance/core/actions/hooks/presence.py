"""Clients who come and go, of whom apps are told: off the road of a login, in transactions of their own."""

from typing import TYPE_CHECKING, Any

from parlance.core.actions.hooks.telling import Telling
from parlance.core.actions.presence.come_and_go import ComeOnline, GoOffline
from parlance.core.model.caller import Caller
from parlance.core.model.hook import Hook
from parlance.core.model.session import Going
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock

if TYPE_CHECKING:
    from parlance.core.model.delivery import Delivery

MOST_WAITING = 100_000
"""Comings and goings that wait to be written down; over that, for a store that does not answer, the oldest go."""

_WORDS = {
    Going.CLOSED: "logged out",
    Going.LOST: "connection lost",
    Going.REPLACED: "another device took the tag",
    Going.KICKED: "thrown out by the app",
}


class Comings:
    """Gathers who came and went; `write` is to be called now and then. Where this server dies, what waits is lost."""

    def __init__(self, store: Store, telling: Telling, clock: Clock) -> None:
        self._store = store
        self._telling = telling
        self._clock = clock
        self._waiting: list[Delivery] = []

    def note(self, caller: Caller, hook: Hook, body: dict[str, Any]) -> None:
        """Something is to be written down about a client."""
        if caller.client_id is not None:
            self._waiting += self._telling.presence(caller.app, hook, caller.client_id, body)
            if len(self._waiting) > MOST_WAITING:
                del self._waiting[: len(self._waiting) - MOST_WAITING]

    async def write(self) -> None:
        """Write down what waits. Raises UNAVAILABLE; it waits on then."""
        if not (written := self._waiting):
            return
        self._waiting = []
        try:
            async with self._store.begin() as tx:
                await tx.deliveries.add(written, self._clock.now())
        except BaseException:
            self._waiting = written + self._waiting
            raise


class ToldComeOnline:
    """Lets a client be here, and has its app told if it was not here before."""

    def __init__(self, come: ComeOnline, comings: Comings) -> None:
        self._come = come
        self._comings = comings

    def __call__(
        self,
        caller: Caller,
        device_id: str,
        connection: int,
        *,
        first: bool,
        tag: str | None = None,
        reconnect: bool = False,
    ) -> None:
        """As `ComeOnline.__call__`. `reconnect`: it comes back by itself."""
        if self._come(caller, device_id, connection, first=first):
            body = {"sourceIP": "", "tag": tag or "default", "reconnect": reconnect}
            self._comings.note(caller, Hook.CLIENT_ONLINE, body)


class ToldGoOffline:
    """Lets a client be gone, and has its app told how it went."""

    def __init__(self, go: GoOffline, comings: Comings) -> None:
        self._go = go
        self._comings = comings

    def __call__(self, caller: Caller, *, tag: str | None = None, going: Going = Going.LOST) -> None:
        """As `GoOffline.__call__`."""
        if self._go(caller):
            body: dict[str, Any] = {"closeCode": going.value, "closeMsg": _WORDS[going], "sourceIP": ""}
            self._comings.note(caller, Hook.CLIENT_OFFLINE, body | {"tag": tag or "default"})
