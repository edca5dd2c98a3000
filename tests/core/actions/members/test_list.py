"""Naming members."""

from core.world import World, refusal
from parlance.core.model.conversation import Kind
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ConvId
from realtime.parts import clients


async def test_they_come_in_the_order_in_which_they_joined(world: World) -> None:
    """Whether read from the store or kept at hand."""
    await world.know("abe")
    world.clock.advance(1)
    await world.actions.invite(world.ada, world.group, clients(["cy"]))
    world.clock.advance(1)
    await world.actions.invite(world.ada, world.group, clients(["abe"]))
    await world.actions.remove_members(world.backend, world.group, clients(["ada"]))
    world.clock.advance(1)
    await world.actions.invite(world.backend, world.group, clients(["ada"]))
    expected = ["ben", "cy", "abe", "ada"]
    assert expected == await world.actions.list_members(world.ben, world.group)
    group = (await world.say("hello")).conversation
    assert expected == list(await world.store.read.members.of(group))


async def test_a_room_names_who_is_present(world: World) -> None:
    """Who has gone offline is not named any more."""
    phone = world.phone(world.ben)
    world.phone(world.ada)
    room = await world.open(Kind.ROOM, "ada", "ben")
    assert ["ada", "ben"] == await world.members(room.conv_id)
    phone.hang_up()
    assert ["ada"] == await world.members(room.conv_id)


async def test_strangers_are_told_nothing(world: World) -> None:
    """Members are named to members; another app does not know the conversation."""
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.list_members(world.cy, world.group))
    for caller, conv_id in ((world.dora, world.group), (world.ada, ConvId("nothing"))):
        assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.list_members(caller, conv_id))
