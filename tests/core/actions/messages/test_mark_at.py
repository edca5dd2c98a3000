"""Marks up to a message or a time."""

from typing import Any

import pytest

from core.world import World, refusal
from parlance.core.model.conversation import Kind
from parlance.core.model.events import MessagesDelivered, MessagesRead
from parlance.core.model.member import MemberMark
from parlance.core.model.message import Draft, Message
from parlance.core.model.places import Place
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId, message_hex

ADA, BEN = ClientId("ada"), ClientId("ben")


async def _three(world: World) -> list[Message]:
    """Ada says three things, of which she wants to know what becomes; ten milliseconds from each other."""
    said = []
    for number in range(3):
        said.append(await world.actions.send(world.ada, Draft(ADA, -1, world.group, text=str(number), receipt=True)))
        world.clock.advance(10)
    world.told.events.clear()
    return said


async def _mark(world: World, conversation: int, client: ClientId = BEN) -> MemberMark:
    marks = await world.store.read.members.marks(conversation)
    return next(mark for mark in marks if mark.client_id == client)


async def test_what_was_read_is_read(world: World) -> None:
    """Up to the message, or to the time; it has arrived as well, and its sender is told of each message."""
    said = await _three(world)
    await world.actions.mark_read_at(world.ben, world.group, Place(msg_id=said[0].msg_id))
    await world.actions.mark_read_at(world.ben, world.group, Place(said[1].created_at))
    now = world.clock.now()
    assert MemberMark(BEN, 2, now, 2, now) == await _mark(world, said[0].conversation)
    told = world.told.of(MessagesRead)
    assert [(1, ((said[0].id, ADA),)), (2, ((said[1].id, ADA),))] == [(each.seq, each.receipts) for each in told]


async def test_what_arrived_is_not_read_yet(world: World) -> None:
    """Of it the sender is told apart."""
    said = await _three(world)
    await world.actions.mark_delivered(world.ben, world.group, Place(said[1].created_at + 1))
    now = world.clock.now()
    mark = await _mark(world, said[0].conversation)
    assert (0, 2, now) == (mark.read_seq, mark.delivered_seq, mark.delivered_at)
    (told,) = world.told.of(MessagesDelivered)
    assert (2, {(said[0].id, ADA), (said[1].id, ADA)}) == (told.seq, set(told.receipts))
    await world.actions.mark_read_at(world.ben, world.group, Place(said[1].created_at))
    assert [2] == [each.seq for each in world.told.of(MessagesRead)]


@pytest.mark.parametrize("place", [Place(), Place(1 << 50), Place(1_800_000_000_030)], ids=str)
async def test_what_is_yet_to_come_is_the_newest(world: World, place: Place) -> None:
    """Clients read up to their own clock's time; nobody has read what was not said."""
    said = await _three(world)
    await world.actions.mark_read_at(world.ben, world.group, place)
    assert 3 == (await _mark(world, said[0].conversation)).read_seq
    await world.say("more")
    assert 3 == (await _mark(world, said[0].conversation)).read_seq


async def test_marks_do_not_go_back(world: World) -> None:
    """What is said of the past changes nothing, and is told to nobody."""
    said = await _three(world)
    await world.actions.mark_read_at(world.ben, world.group, Place(msg_id=said[2].msg_id))
    world.told.events.clear()
    for mark in (world.actions.mark_read_at, world.actions.mark_delivered):
        await mark(world.ben, world.group, Place(msg_id=said[0].msg_id))
        await mark(world.ben, world.group, Place(0))
    assert [] == world.told.events


async def test_the_connection_that_marked_is_not_told(world: World) -> None:
    """The others of the same client are."""
    phones = [world.phone(world.ben, "phone"), world.phone(world.ben, "tablet")]
    await _three(world)
    for phone in phones:
        phone.heard()
    await world.actions.mark_read_at(world.ben, world.group, Place(), phones[0].number)
    assert [0, 1] == [len(phone.heard()) for phone in phones]


async def test_in_a_room_nothing_is_marked(world: World) -> None:
    """There is nothing to come back to."""
    world.phone(world.ada)
    room = await world.open(Kind.ROOM, "ada")
    await world.say("x", conv_id=room.conv_id)
    world.told.events.clear()
    await world.actions.mark_read_at(world.ada, room.conv_id, Place(msg_id=message_hex(1)))
    assert [] == world.told.events


async def test_refusals(world: World) -> None:
    """Strangers, what is not there, and who is nobody in particular."""
    await _three(world)
    for mark in (world.actions.mark_read_at, world.actions.mark_delivered):
        refused: list[tuple[Any, ...]] = [
            (world.cy, world.group, Place(), FaultCode.NOT_A_MEMBER),
            (world.dora, world.group, Place(), FaultCode.UNKNOWN_CONVERSATION),
            (world.ben, ConvId("nothing"), Place(), FaultCode.UNKNOWN_CONVERSATION),
            (world.ben, world.group, Place(msg_id="x"), FaultCode.UNKNOWN_MESSAGE),
            (world.backend, world.group, Place(), FaultCode.NOT_PERMITTED),
        ]
        for caller, conv_id, place, code in refused:
            assert code is await refusal(mark(caller, conv_id, place))
