"""What has arrived of what was elsewhere: for who compares the two."""

from collections.abc import Collection

from parlance.core.model.caller import Caller
from parlance.core.model.moving import Arrived, ArrivedMessages, Brought
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ConvId

_NOTHING = Brought(0, 0, 0)


class FindArrived:
    """Finds conversations, with those who are in them and how much was said, there and here."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, caller: Caller, conv_ids: Collection[ConvId]) -> dict[ConvId, Arrived]:
        """Those that are here. Raises NOT_PERMITTED (a client)."""
        _backend_only(caller)
        read, app_id, now = self._store.read, caller.app.app_id, self._clock.now()
        all_of_them = [await read.conversations.find(app_id, each, now) for each in conv_ids]
        here = [each for each in all_of_them if each is not None]
        numbers = [conversation.id for conversation in here]
        muted, brought = await read.members.muted(numbers), await read.foreign.brought(numbers)
        found: dict[ConvId, Arrived] = {}
        for conversation in here:
            members, restrictions = await read.members.with_restrictions(conversation.id)
            found[conversation.conv_id] = Arrived(
                conversation,
                members,
                frozenset(muted.get(conversation.id, ())),
                restrictions,
                brought.get(conversation.id, _NOTHING),
            )
        return found


class FindArrivedMessages:
    """Finds messages by what they were called elsewhere."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, caller: Caller, conv_id: ConvId, names: Collection[str]) -> ArrivedMessages:
        """None of a conversation that is not here. Raises NOT_PERMITTED (a client)."""
        _backend_only(caller)
        here = await self._store.read.conversations.find(caller.app.app_id, conv_id, self._clock.now())
        if here is None:
            return ArrivedMessages({}, frozenset())
        found, deleted = await self._store.read.foreign.named(here.id, names)
        return ArrivedMessages({each.foreign_id or "": each for each in found}, frozenset(deleted))


def _backend_only(caller: Caller) -> None:
    if not caller.is_backend:
        raise Fault(FaultCode.NOT_PERMITTED)
