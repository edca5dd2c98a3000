"""How many are in a conversation."""

from typing import Any

from core.world import World, refusal
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.starting import Starting
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from realtime.parts import clients


async def _start(world: World, creator: str, *others: str, kind: Kind = Kind.GROUP, **more: Any) -> Conversation:
    starting = Starting(kind, ClientId(creator), clients(others), **more)
    caller = world.client(creator) if creator else world.backend
    return (await world.actions.start_conversation(caller, starting)).roster.conversation


async def test_members_are_counted(world: World) -> None:
    """To each other, and to the backend."""
    made = await _start(world, "ada", "ben", "cy")
    for caller in (world.ada, world.backend):
        assert 3 == await world.actions.count_members(caller, made.conv_id)


async def test_who_is_in_a_room_is_counted(world: World) -> None:
    """To anybody."""
    world.phone(world.ada)
    room = await _start(world, "ada", kind=Kind.ROOM)
    assert 1 == await world.actions.count_members(world.cy, room.conv_id)
    await world.actions.take_out(world.ada, room.conv_id, clients(["ada"]))
    assert 0 == await world.actions.count_members(world.cy, room.conv_id)


async def test_subscribers_are_counted(world: World) -> None:
    """To anybody."""
    service = await _start(world, "", kind=Kind.SERVICE)
    assert 0 == await world.actions.count_members(world.cy, service.conv_id)
    await world.actions.bring_in(world.backend, service.conv_id, clients(["ada", "ben"]))
    assert 2 == await world.actions.count_members(world.cy, service.conv_id)


async def test_who_is_not_in_does_not_learn_it(world: World) -> None:
    """Nor is there such a conversation for another app."""
    made = await _start(world, "ada", "ben", "eve")
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.count_members(world.cy, made.conv_id))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.count_members(world.dora, made.conv_id))
