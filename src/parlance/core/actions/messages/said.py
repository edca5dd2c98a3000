"""What was said anywhere in an app, or what one of its people said: for the app's backend."""

from parlance.core.model.caller import Caller
from parlance.core.model.message import Message
from parlance.core.model.places import Place, Range
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import COUNTER_BITS, AppId, ClientId

LARGEST_LIST = 1000
_HIGHEST = (1 << 63) - 1


class SaidBy:
    """Messages of an app, whatever the conversation. They stand in the order of their numbers, as of their times."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, client: ClientId | None, wanted: Range) -> list[Message]:
        """Ascending; None: whoever said it. Raises NOT_PERMITTED (a client), UNKNOWN_MESSAGE (no id of ours)."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        first, last = (wanted.start, wanted.start_included), (wanted.end, wanted.end_included)
        if not wanted.oldest_first:
            first, last = last, first
        app_id = caller.app.app_id
        low = _after(first[0], await self._number(app_id, first[0]), included=first[1])
        high = _before(last[0], await self._number(app_id, last[0]), included=last[1])
        most = min(wanted.most, LARGEST_LIST)
        if most < 1 or low + 1 >= high:
            return []
        messages, newest = self._store.read.messages, not wanted.oldest_first
        return await messages.said_by(app_id, client, low, high, most, newest=newest)

    async def _number(self, app_id: AppId, place: Place | None) -> int | None:
        if place is None or place.msg_id is None:
            return None
        number = await self._store.read.messages.number_of(app_id, place.msg_id)
        if number is None and place.time is None:
            raise Fault(FaultCode.UNKNOWN_MESSAGE)
        return number


def _after(place: Place | None, number: int | None, *, included: bool) -> int:
    if number is not None:
        return number - included
    return 0 if place is None or place.time is None else _first_at(place.time + (not included)) - 1


def _before(place: Place | None, number: int | None, *, included: bool) -> int:
    if number is not None:
        return min(number + included, _HIGHEST)
    return _HIGHEST if place is None or place.time is None else _first_at(place.time + included)


def _first_at(time: int) -> int:
    """The lowest number that a message of that time (ms) can have."""
    return min(max(0, time) << COUNTER_BITS, _HIGHEST)
