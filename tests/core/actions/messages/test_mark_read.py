"""Marking how far one has read."""

import asyncio
from functools import partial

from core.world import World, refusal, refused
from parlance.core.model.conversation import Kind
from parlance.core.model.events import MessagesRead
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


async def _read(world: World, client: str = "ben") -> tuple[int, int]:
    """A client's mark in the group, and its unread messages."""
    rows = await world.store.read.conversations.inbox(world.hall.app_id, ClientId(client), 0, world.clock.now(), 10)
    return next((row.read_seq, row.unread) for row in rows if row.conversation.conv_id == world.group)


async def _three(world: World) -> None:
    for number in range(3):
        await world.say(f"m{number}")
    world.told.events.clear()


async def test_the_mark_moves(world: World) -> None:
    """What was read is not unread any more, and the others are told how far."""
    await _three(world)
    await world.actions.mark_read(world.ben, world.group, 2)
    assert (2, 1) == await _read(world)
    (told,) = world.told.of(MessagesRead)
    assert ("ben", 2, world.clock.now(), {"ada", "ben"}) == (told.client_id, told.seq, told.time, set(told.audience))


async def test_the_mark_moves_only_forward(world: World) -> None:
    """Marking what was read before changes nothing and tells nobody."""
    await _three(world)
    await world.actions.mark_read(world.ben, world.group, 2)
    world.told.events.clear()
    for seq in (2, 1, 0):
        await world.actions.mark_read(world.ben, world.group, seq)
    assert (2, 1) == await _read(world)
    assert [] == world.told.events


async def test_the_mark_stops_at_the_newest(world: World) -> None:
    """Nobody has read what was not said: the mark, and what is told of it, end at the newest message."""
    await _three(world)
    await world.actions.mark_read(world.ben, world.group, 1 << 61)
    assert [3] == [told.seq for told in world.told.of(MessagesRead)]
    await world.say("one more")
    assert (3, 1) == await _read(world)


async def test_the_readers_other_devices_are_told(world: World) -> None:
    """All connections of all members hear of it, save the one that marked."""
    phones = [world.phone(world.ben, "phone"), world.phone(world.ben, "tablet"), world.phone(world.ada)]
    await _three(world)
    for phone in phones:
        phone.heard()
    settled: asyncio.Future[Fault | None] = asyncio.get_running_loop().create_future()
    assert None is world.actions.mark_read.submit(world.ben, world.group, 3, phones[0].number, settled.set_result)
    assert None is await settled
    assert [[], ["read ben 3"], ["read ben 3"]] == [phone.heard() for phone in phones]


async def test_a_mark_is_taken_in_when_nothing_is_at_hand(world: World) -> None:
    """Then there is something to wait for first."""
    settled: asyncio.Future[Fault | None] = asyncio.get_running_loop().create_future()
    waiting = world.actions.mark_read.submit(world.ben, world.group, 3, 1, settled.set_result)
    assert waiting is not None
    await waiting
    assert None is await settled


async def test_a_room_keeps_no_marks(world: World) -> None:
    """Marking in a room is no error, and nothing happens."""
    world.phone(world.ben)
    room = await world.open(Kind.ROOM, "ben")
    await world.say("hello", sender="ben", conv_id=room.conv_id)
    world.told.events.clear()
    await world.actions.mark_read(world.ben, room.conv_id, 1)
    settled: list[Fault | None] = []
    world.actions.mark_read.submit(world.ben, room.conv_id, 1, 1, settled.append)
    assert ([None], []) == (settled, world.told.events)


async def test_a_place_is_not_negative(world: World) -> None:
    """A negative place is refused in both ways in, and so is one beyond all numbers."""
    await _three(world)
    mark = world.actions.mark_read
    for seq in (-1, 1 << 62):
        assert FaultCode.BAD_FORMAT is await refusal(mark(world.ben, world.group, seq))
        assert FaultCode.BAD_FORMAT is refused(partial(mark.submit, world.ben, world.group, seq, 1, print))
    assert (0, 3) == await _read(world)


async def test_strangers_mark_nothing(world: World) -> None:
    """Only members read, and the backend is none."""
    await _three(world)
    mark = world.actions.mark_read
    assert FaultCode.NOT_A_MEMBER is await refusal(mark(world.cy, world.group, 1))
    assert FaultCode.NOT_A_MEMBER is refused(lambda: mark.submit(world.cy, world.group, 1, 1, print))
    assert FaultCode.NOT_PERMITTED is await refusal(mark(world.backend, world.group, 1))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(mark(world.dora, world.group, 1))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(mark(world.ada, ConvId("nothing"), 1))
