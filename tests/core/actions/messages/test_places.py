"""Places in a conversation's sequence."""

import pytest

from core.world import World, refusal
from parlance.core.actions.messages.places import HIGHEST, after, before, seq_of
from parlance.core.model.message import Message
from parlance.core.model.places import Place
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import message_hex


async def _three(world: World) -> list[Message]:
    """Said ten milliseconds from each other."""
    said = []
    for number in range(3):
        said.append(await world.say(f"m{number}"))
        world.clock.advance(10)
    return said


async def test_a_message_is_where_it_is(world: World) -> None:
    """By its id, whatever time is said beside it."""
    said, messages = await _three(world), world.store.read.messages
    for message in said:
        place = Place(7, message.msg_id)
        assert message.seq == await seq_of(messages, message.conversation, place)
        assert message.seq == await after(messages, message.conversation, place, included=False)
        assert message.seq == await before(messages, message.conversation, place, included=False)


async def test_a_time_is_where_the_last_before_it_is(world: World) -> None:
    """Which may be none, or the newest."""
    said, messages = await _three(world), world.store.read.messages
    times = {-1: 0, 0: 1, 1: 1, 9: 1, 10: 2, 20: 3, 1 << 40: 3}
    for past, seq in times.items():
        assert seq == await seq_of(messages, said[0].conversation, Place(said[0].created_at + past))
    for time, seq in ((0, 0), (-(1 << 63), 0), ((1 << 63) - 1, 3), (1 << 70, 3)):
        place, there = Place(time), said[0].conversation
        assert [seq, seq, seq + 1] == [
            await seq_of(messages, there, place),
            await after(messages, there, place, included=False),
            await before(messages, there, place, included=True),
        ]


async def test_no_place_is_the_highest(world: World) -> None:
    """As the end of a stretch too; as its beginning it is the lowest."""
    messages = world.store.read.messages
    for nowhere in (Place(), None):
        assert [0, HIGHEST] == [
            await after(messages, 1, nowhere, included=True),
            await before(messages, 1, nowhere, included=True),
        ]
    assert HIGHEST == await seq_of(messages, 1, Place())


@pytest.mark.parametrize("named", [True, False])
async def test_ends_are_open_or_closed(world: World, named: bool) -> None:
    """A message stands in a stretch that begins or ends with it only if that end is closed."""
    said, messages = await _three(world), world.store.read.messages
    place = Place(msg_id=said[1].msg_id) if named else Place(said[1].created_at)
    there = said[1].conversation
    assert [1, 2] == [await after(messages, there, place, included=included) for included in (True, False)]
    assert [3, 2] == [await before(messages, there, place, included=included) for included in (True, False)]


async def test_a_message_that_is_not_there_is_where_its_time_is(world: World) -> None:
    """Clients name what was deleted, or was never stored; without a time it is unknown."""
    said, messages = await _three(world), world.store.read.messages
    there = said[0].conversation
    for msg_id in (message_hex(5), "x", ""):
        place = Place(said[1].created_at, msg_id)
        assert [2, 2, 2] == [
            await seq_of(messages, there, place),
            await after(messages, there, place, included=False),
            await before(messages, there, place, included=False),
        ]
        unknown = seq_of(messages, there, Place(msg_id=msg_id))
        assert FaultCode.UNKNOWN_MESSAGE is await refusal(unknown)
