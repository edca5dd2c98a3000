"""What has arrived of what was elsewhere: for who compares the two."""

from collections.abc import Collection

from parlance.core.model.caller import Caller
from parlance.core.model.message import Message
from parlance.core.model.moving import Arrived, ArrivedMessages, Brought
from parlance.core.model.origin import Noun
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import AppId, ConvId

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

    async def gone(self, caller: Caller, conv_ids: Collection[ConvId]) -> set[str]:
        """Those that an import has brought and that are no longer here. Raises NOT_PERMITTED (a client)."""
        _backend_only(caller)
        read, app_id, now = self._store.read, caller.app.app_id, self._clock.now()
        brought = await read.origins.of(app_id, Noun.CONVERSATION, conv_ids)
        return {each for each in brought if await read.conversations.find(app_id, ConvId(each), now) is None}


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
            return ArrivedMessages({}, frozenset(), frozenset())
        found, deleted = await self._store.read.foreign.named(here.id, names)
        changed = await self._changed(caller.app.app_id, [each for each in found if each.patched_at is not None])
        return ArrivedMessages({each.msg_id: each for each in found}, frozenset(deleted), changed)

    async def _changed(self, app_id: AppId, patched: list[Message]) -> frozenset[str]:
        """Those that were not changed by an import last."""
        if not patched:
            return frozenset()
        by_us = await self._store.read.origins.of(app_id, Noun.MESSAGE, [str(each.id) for each in patched])
        return frozenset(each.msg_id for each in patched if by_us.get(str(each.id)) != str(each.patched_at))


def _backend_only(caller: Caller) -> None:
    if not caller.is_backend:
        raise Fault(FaultCode.NOT_PERMITTED)
