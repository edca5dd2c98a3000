"""Going through all of an app's conversations, for its backend."""

from parlance.core.model.caller import Caller
from parlance.core.model.conversation_query import FoundConversation
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode

MOST = 1_000


class ScanConversations:
    """Gives conversations by their ids, some at a time, with those who are in them.

    Whoever goes on after the last id misses none that was there all the time. Temporary ones are not among them.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, after: str, most: int) -> list[FoundConversation]:
        """The next; none: there are no more. Takes the backend: NOT_PERMITTED to a client."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        read = self._store.read
        found = await read.conversations.following(caller.app.app_id, after, max(1, min(most, MOST)))
        numbers = [each.id for each in found]
        members, muted = await read.members.names(numbers), await read.members.muted(numbers)
        return [
            FoundConversation(
                each,
                None if each.abilities.present_members else tuple(members.get(each.id, ())),
                tuple(muted.get(each.id, ())),
            )
            for each in found
        ]
