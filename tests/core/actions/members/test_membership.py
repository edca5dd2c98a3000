"""Whether a client is in conversations."""

from typing import Any

from core.world import World, refusal
from parlance.core.actions.members.membership import MOST_AT_ONCE
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.starting import Starting
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId
from realtime.parts import clients


async def _start(world: World, creator: str, *others: str, kind: Kind = Kind.GROUP, **more: Any) -> Conversation:
    starting = Starting(kind, ClientId(creator), clients(others), **more)
    caller = world.client(creator) if creator else world.backend
    return (await world.actions.start_conversation(caller, starting)).roster.conversation


async def test_it_is_told_of_each(world: World) -> None:
    """Of every kind, and of those nobody knows."""
    world.phone(world.ada)
    inside = [
        await _start(world, "ada", "ben", "cy"),
        await _start(world, "ada", "ben", kind=Kind.TEMPORARY),
        await _start(world, "ada", kind=Kind.ROOM),
        await _start(world, "", "ada", kind=Kind.SERVICE),
    ]
    outside = [await _start(world, "", "ben", kind=Kind.SERVICE), await _start(world, "ben", "cy")]
    asked = [made.conv_id for made in (*inside, *outside)]
    wanted = {made.conv_id: True for made in inside} | {made.conv_id: False for made in outside}
    unknown = ConvId("unknown")
    assert wanted | {unknown: False} == await world.actions.membership(world.ada, (*asked, unknown))
    assert set(wanted.values()) - {False} == {True}
    assert {asked[0]: False} == await world.actions.membership(world.dora, asked[:1])


async def test_too_many_are_refused(world: World) -> None:
    """Each may have to be read."""
    asked = [ConvId(str(number)) for number in range(MOST_AT_ONCE + 1)]
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.membership(world.ada, asked))


async def test_the_backend_is_in_nothing(world: World) -> None:
    """It asks for the members."""
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.membership(world.backend, [world.group]))
