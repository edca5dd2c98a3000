"""Where in a conversation's sequence a place is that is named by a message or by a time."""

from parlance.core.model.places import Place
from parlance.core.ports.messages import Messages
from parlance.kernel.faults import Fault, FaultCode

HIGHEST = 1 << 61
"""No sequence number is as high."""


async def seq_of(messages: Messages, conversation: int, place: Place) -> int:
    """The number of the message, or of the last one at that time or before; of no place: the highest.

    Raises UNKNOWN_MESSAGE for a message that is not there, if no time is said as well.
    """
    found = await _named(messages, conversation, place)
    if found is not None:
        return found
    return HIGHEST if place.time is None else await messages.seq_at(conversation, _kept(place.time))


async def after(messages: Messages, conversation: int, place: Place | None, *, included: bool) -> int:
    """The number behind which a stretch begins that begins at a place; None: at the beginning."""
    if place is None:
        return 0
    found = await _named(messages, conversation, place)
    if found is not None:
        return found - included
    return 0 if place.time is None else await messages.seq_at(conversation, _kept(place.time) - included)


async def before(messages: Messages, conversation: int, place: Place | None, *, included: bool) -> int:
    """The number before which a stretch ends that ends at a place; None: at the end."""
    if place is None:
        return HIGHEST
    found = await _named(messages, conversation, place)
    if found is not None:
        return found + included
    if place.time is None:
        return HIGHEST
    return 1 + await messages.seq_at(conversation, _kept(place.time) - (not included))


def _kept(time: int) -> int:
    """A time as the store can take it; nothing was said before, or will be said after."""
    return max(0, min(time, HIGHEST))


async def _named(messages: Messages, conversation: int, place: Place) -> int | None:
    if place.msg_id is None:
        return None
    message = await messages.named(conversation, place.msg_id)
    if message is not None:
        return message.seq
    if place.time is None:
        raise Fault(FaultCode.UNKNOWN_MESSAGE)
    return None
