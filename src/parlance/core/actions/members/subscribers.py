"""Who subscribes to a service conversation, and to which somebody subscribes."""

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId

LARGEST_PAGE = 1_000
_LATEST = 1 << 62


class Subscribers:
    """Names them to the backend; they do not know of each other."""

    def __init__(self, store: Store, doors: Doors) -> None:
        self._store = store
        self._doors = doors

    async def __call__(
        self, caller: Caller, conv_id: ConvId, after: ClientId | None = None, most: int = 50
    ) -> list[tuple[ClientId, int]]:
        """By client id, after `after`, each with when (ms) it came; `most` is clamped to 0-1000.

        Raises KEY_REQUIRED, UNKNOWN_CONVERSATION, WRONG_KIND (nobody subscribes to it).
        """
        if not caller.is_backend:
            raise Fault(FaultCode.KEY_REQUIRED)
        conversation = await self._doors.known(caller, conv_id)
        if not conversation.abilities.addressed or conversation.abilities.the_apps_own:
            raise Fault(FaultCode.WRONG_KIND, "nobody subscribes to it")
        most = max(0, min(most, LARGEST_PAGE))
        return await self._store.read.members.subscribers(conversation.id, after, most) if most else []


class Subscriptions:
    """Names to the backend what a client subscribes to."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(
        self,
        caller: Caller,
        client: ClientId,
        after: tuple[int, str] | None = None,
        most: int = 50,
        *,
        newest_first: bool = False,
    ) -> list[tuple[ConvId, int]]:
        """By when (ms) it came, and ids; beyond `after`, a time and an id. `most` is clamped to 0-1000.

        Raises KEY_REQUIRED.
        """
        if not caller.is_backend:
            raise Fault(FaultCode.KEY_REQUIRED)
        most = max(0, min(most, LARGEST_PAGE))
        if after is not None:
            after = (max(-1, min(after[0], _LATEST)), after[1])
        queries = self._store.read.conversation_queries
        return await queries.subscriptions(caller.app.app_id, client, after, most, newest_first=newest_first)
