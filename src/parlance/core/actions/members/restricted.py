"""Who may not speak in a conversation, or not come in."""

from collections.abc import Collection

from parlance.core.actions.doors import Doors
from parlance.core.model.caller import Caller
from parlance.core.model.restriction import Listed, Restraint
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId

LARGEST_PAGE = 1_000


class Restricted:
    """Names those whom a restraint concerns, to who is in; silences that end by themselves are not listed."""

    def __init__(self, store: Store, doors: Doors) -> None:
        self._store = store
        self._doors = doors

    async def __call__(
        self, caller: Caller, conv_id: ConvId, restraint: Restraint, after: ClientId | None = None, most: int = 10
    ) -> Listed:
        """By client id, after `after`; `most` is clamped to 0-1000. Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER."""
        roster = await self._doors.conversation(caller, conv_id)
        most = max(0, min(most, LARGEST_PAGE))
        if not most:
            return Listed(())
        return await self._store.read.restrictions.page(roster.conversation.id, restraint, after, most)


class RestrictedAmong:
    """Says whom of some a restraint concerns now, however long."""

    def __init__(self, doors: Doors, clock: Clock) -> None:
        self._doors = doors
        self._clock = clock

    async def __call__(
        self, caller: Caller, conv_id: ConvId, restraint: Restraint, clients: Collection[ClientId]
    ) -> tuple[ClientId, ...]:
        """In the order in which they are named; about itself anybody may ask.

        Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER.
        """
        clients = tuple(dict.fromkeys(clients))
        itself = clients == (caller.client_id,)
        roster = await (self._doors.any_conversation if itself else self._doors.conversation)(caller, conv_id)
        now = self._clock.now()
        return tuple(client for client in clients if roster.restriction(client).holds(restraint, now))


class BlockingConversations:
    """Names the conversations that keep a client out, to the backend."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(
        self, caller: Caller, client: ClientId, after: ConvId | None = None, most: int = 10
    ) -> list[ConvId]:
        """By their ids, after `after`; `most` is clamped to 0-1000. Raises KEY_REQUIRED."""
        if not caller.is_backend:
            raise Fault(FaultCode.KEY_REQUIRED)
        most = max(0, min(most, LARGEST_PAGE))
        return await self._store.read.restrictions.blocking(caller.app.app_id, client, after, most) if most else []
