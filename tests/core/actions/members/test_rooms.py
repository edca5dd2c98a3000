"""Coming into rooms, and leaving them."""

import asyncio

from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import MembersJoined, MembersLeft
from parlance.core.model.member import Role
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId


async def _room(world: World) -> Conversation:
    return await world.open(Kind.ROOM, "ada")


async def test_a_client_comes_in(world: World) -> None:
    """Anybody of the app who is connected may; who is in already hears of it."""
    ada, cy = world.phone(world.ada), world.phone(world.cy)
    room = await _room(world)
    await world.actions.enter_room(world.cy, room.conv_id)
    assert ["ada", "cy"] == await world.members(room.conv_id)
    assert ["brought in ada", "joined cy"] == ada.heard()
    assert ["brought in cy"] == cy.heard()


async def test_who_is_in_hears_what_is_said(world: World) -> None:
    """Messages in a room reach who is in it at that moment, and nobody else."""
    ada, cy = world.phone(world.ada), world.phone(world.cy)
    room = await _room(world)
    await world.say("early", conv_id=room.conv_id)
    await world.actions.enter_room(world.cy, room.conv_id)
    await world.say("hello", conv_id=room.conv_id)
    await world.actions.leave_room(world.cy, room.conv_id)
    await world.say("late", conv_id=room.conv_id)
    assert ["brought in cy", "message ada hello", "taken out cy"] == cy.heard()
    assert ["brought in ada", "joined cy", "left cy"] == ada.heard()


async def test_coming_in_twice_changes_nothing(world: World) -> None:
    """The second time nobody is told."""
    world.phone(world.cy)
    room = await _room(world)
    for _ in range(2):
        await world.actions.enter_room(world.cy, room.conv_id)
    assert 1 == len(world.told.of(MembersJoined))


async def test_the_creator_owns_it_whenever_it_comes(world: World) -> None:
    """Who made the room stands above the others in it, each time anew."""
    room = await _room(world)
    for caller in (world.ada, world.cy):
        world.phone(caller)
        await world.actions.enter_room(caller, room.conv_id)
    roles = {
        client: standing.role for event in world.told.of(MembersJoined) for client, standing in event.standings.items()
    }
    assert {"ada": Role.OWNER, "cy": Role.MEMBER} == roles


async def test_a_client_leaves(world: World) -> None:
    """Who leaves is told so, and so are the others; leaving twice is no error and tells nobody."""
    world.phone(world.cy)
    room = await _room(world)
    await world.actions.enter_room(world.cy, room.conv_id)
    for _ in range(2):
        await world.actions.leave_room(world.cy, room.conv_id)
    (told,) = world.told.of(MembersLeft)
    assert (("cy",), "cy", ("cy",)) == (told.client_ids, told.by, told.audience)
    assert FaultCode.NOT_A_MEMBER is await refusal(world.say("hello", sender="cy", conv_id=room.conv_id))


async def test_an_offline_client_does_not_come_in(world: World) -> None:
    """Who is not connected would never be taken out again."""
    room = await _room(world)
    assert FaultCode.NOT_LOGGED_IN is await refusal(world.actions.enter_room(world.cy, room.conv_id))
    assert [] == await world.members(room.conv_id)


async def test_who_goes_while_it_comes_is_not_in(world: World) -> None:
    """A connection that ends while its room is looked for leaves nobody behind in it."""
    phone = world.phone(world.cy)
    room = await _room(world)
    entering = asyncio.ensure_future(world.actions.enter_room(world.cy, room.conv_id))
    await asyncio.sleep(0)
    phone.hang_up()
    assert FaultCode.NOT_LOGGED_IN is await refusal(entering)
    assert [] == await world.members(room.conv_id)


async def test_going_in_and_out_has_a_pace(world: World) -> None:
    """Everybody in a room hears of it, so a client that runs in and out is held back."""
    world.phone(world.cy)
    room = await _room(world)
    for _ in range(10):
        await world.actions.enter_room(world.cy, room.conv_id)
        await world.actions.leave_room(world.cy, room.conv_id)
    assert FaultCode.RATE_LIMITED is await refusal(world.actions.enter_room(world.cy, room.conv_id))
    assert FaultCode.RATE_LIMITED is await refusal(world.actions.leave_room(world.cy, room.conv_id))


async def test_only_rooms_are_entered(world: World) -> None:
    """A group is not entered by walking in, nor left like this."""
    world.phone(world.cy)
    for action in (world.actions.enter_room, world.actions.leave_room):
        assert FaultCode.WRONG_KIND is await refusal(action(world.cy, world.group))


async def test_another_apps_room_is_unknown(world: World) -> None:
    """Nobody comes in from another app."""
    world.phone(world.dora)
    room = await _room(world)
    for action in (world.actions.enter_room, world.actions.leave_room):
        assert FaultCode.UNKNOWN_CONVERSATION is await refusal(action(world.dora, room.conv_id))
        assert FaultCode.UNKNOWN_CONVERSATION is await refusal(action(world.cy, ConvId("nothing")))


async def test_a_backend_is_nowhere(world: World) -> None:
    """Only a client comes and goes."""
    room = await _room(world)
    for action in (world.actions.enter_room, world.actions.leave_room):
        assert FaultCode.NOT_PERMITTED is await refusal(action(Caller(world.hall), room.conv_id))


async def test_the_owner_is_known_by_name(world: World) -> None:
    """A client of the same name in another app is somebody else."""
    namesake = Caller(world.annex, ClientId("ada"))
    world.phone(namesake)
    room = await _room(world)
    assert [] == await world.members(room.conv_id)
