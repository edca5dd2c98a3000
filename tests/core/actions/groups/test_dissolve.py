"""Ending groups."""

from core.actions.groups.grouping import ADA, BEN, made, notices, said_to
from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId


async def test_the_owner_ends_it(world: World) -> None:
    """It is unknown from then on; everybody is told."""
    roster = await made(world, "ben")
    ben = world.phone(world.ben)
    world.told.events.clear()
    await world.actions.dissolve_group(world.ada, 2)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.find_group(world.backend, 2))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.say("x", conv_id=roster.conversation.conv_id))
    assert [("group_been_dismissed", ["ada", "ben"])] == notices(world)
    assert ["deleted", "message system ada解散了群聊「666」"] == ben.heard()


async def test_the_backend_ends_it(world: World) -> None:
    """By itself or on behalf of the owner; where it names nobody, it acts for who is in charge."""
    await made(world, "ben")
    await made(world, "ben")
    await world.actions.dissolve_group(world.backend, 2)
    await world.actions.dissolve_group(world.backend, 3, ADA)
    assert ["ada", "ada"] == [told["uid"] for told in (await said_to(world, "ben"))[:2]]


async def test_nobody_else_does(world: World) -> None:
    """Not a member, not a stranger, and not the backend on behalf of either."""
    await made(world, "ben")
    for caller in (world.ben, world.cy):
        assert FaultCode.NOT_PERMITTED is await refusal(world.actions.dissolve_group(caller, 2))
    for by in (BEN, ClientId("cy"), ClientId("nobody")):
        assert FaultCode.NOT_PERMITTED is await refusal(world.actions.dissolve_group(world.backend, 2, by))
    assert FaultCode.FOREIGN_CLIENT is await refusal(world.actions.dissolve_group(world.ben, 2, ADA))
    assert ["ada", "ben"] == list((await world.actions.find_group(world.backend, 2)).members)


async def test_unknown_groups(world: World) -> None:
    """A second time, and another app's."""
    await world.actions.dissolve_group(world.backend, 1)
    for caller in (world.backend, Caller(world.annex)):
        assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.dissolve_group(caller, 1))
