"""Showing that one writes."""

from core.world import World, refusal
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ConvId


async def test_the_others_are_told(world: World) -> None:
    """Everybody else who is in and connected; one's own devices and strangers are not."""
    ada, ben, cy = world.phone(world.ada), world.phone(world.ben), world.phone(world.cy)
    await world.actions.type(world.ada, world.group, ada.number)
    assert ([], ["typing ada"], []) == (ada.heard(), ben.heard(), cy.heard())


async def test_it_has_a_pace(world: World) -> None:
    """A client cannot have a whole group's connections busy with nothing."""
    for _ in range(20):
        await world.actions.type(world.ada, world.group)
    assert FaultCode.RATE_LIMITED is await refusal(world.actions.type(world.ada, world.group))


async def test_strangers_do_not_show(world: World) -> None:
    """Who is not in is not shown, nor is who is of another app, nor a backend."""
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.type(world.cy, world.group))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.type(world.dora, world.group))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.type(world.ada, ConvId("nothing")))
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.type(world.backend, world.group))
