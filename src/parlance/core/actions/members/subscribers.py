"""Who subscribes to a service conversation."""

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId

LARGEST_PAGE = 1_000


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
