"""Not being told of a conversation while away."""

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


async def _muted(world: World, made: Conversation) -> list[str]:
    return list((await world.store.read.members.muted([made.id])).get(made.id, []))


async def test_a_member_mutes_and_hears_again(world: World) -> None:
    """Only for itself; nobody is told, and the conversation is what it was."""
    made = await _start(world, "ada", "ben", "cy")
    world.told.events.clear()
    assert made == await world.actions.mute(world.ben, made.conv_id, muted=True)
    assert ["ben"] == await _muted(world, made)
    assert made == await world.actions.mute(world.ben, made.conv_id, muted=False)
    assert ([], []) == (await _muted(world, made), world.told.events)


async def test_a_subscriber_mutes(world: World) -> None:
    """Who is in a service conversation does, like everybody."""
    service = await _start(world, "", "ada", kind=Kind.SERVICE)
    await world.actions.mute(world.ada, service.conv_id, muted=True)
    assert ["ada"] == await _muted(world, service)
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.mute(world.ben, service.conv_id, muted=True))


async def test_in_a_room_it_means_nothing(world: World) -> None:
    """Nobody is away from it."""
    room = await _start(world, "ada", kind=Kind.ROOM)
    assert room == await world.actions.mute(world.ben, room.conv_id, muted=True)


async def test_who_is_not_in_mutes_nothing(world: World) -> None:
    """Nor is there such a conversation for another app."""
    made = await _start(world, "ada", "ben", "eve")
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.mute(world.cy, made.conv_id, muted=True))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.mute(world.dora, made.conv_id, muted=True))


async def test_a_temporary_one_is_not_muted(world: World) -> None:
    """It is over soon."""
    made = await _start(world, "ada", "ben", kind=Kind.TEMPORARY)
    assert FaultCode.WRONG_KIND is await refusal(world.actions.mute(world.ben, made.conv_id, muted=True))


async def test_the_backend_is_nobody_to_be_left_alone(world: World) -> None:
    """It mutes on behalf of a client."""
    made = await _start(world, "ada", "ben", "cy")
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.mute(world.backend, made.conv_id, muted=True))
    caller = world.backend.acting_as(ClientId("ben"), "client_id")
    await world.actions.mute(caller, made.conv_id, muted=True)
    assert ["ben"] == await _muted(world, made)
