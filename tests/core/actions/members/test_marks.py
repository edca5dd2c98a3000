"""How far the others have come."""

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


async def test_the_others_marks_are_told(world: World) -> None:
    """What each has read and when; one's own is not among them, save for the backend."""
    made = await _start(world, "ada", "ben", "cy")
    said = await world.say("hello", "ada", made.conv_id)
    world.clock.advance(5)
    await world.actions.mark_read(world.ben, made.conv_id, said.seq or 0)
    ben, cy = await world.actions.member_marks(world.ada, made.conv_id)
    assert ("ben", 1, world.clock.now()) == (ben.client_id, ben.read_seq, ben.read_at)
    assert ("cy", 0, None, None) == (cy.client_id, cy.read_seq, cy.read_at, cy.delivered_at)
    everybody = await world.actions.member_marks(world.backend, made.conv_id)
    assert ["ada", "ben", "cy"] == [mark.client_id for mark in everybody]


async def test_some_kinds_have_none(world: World) -> None:
    """Where nobody has a place, or knows of the others."""
    room = await _start(world, "ada", kind=Kind.ROOM)
    service = await _start(world, "", "ada", "ben", kind=Kind.SERVICE)
    for made in (room, service):
        assert [] == await world.actions.member_marks(world.ada, made.conv_id)


async def test_who_is_not_in_does_not_learn_them(world: World) -> None:
    """Nor is there such a conversation for another app."""
    made = await _start(world, "ada", "ben", "eve")
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.member_marks(world.cy, made.conv_id))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.member_marks(world.dora, made.conv_id))
