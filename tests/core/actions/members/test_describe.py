"""Members with their profiles."""

from core.world import World, refusal
from parlance.core.model.conversation import Kind
from parlance.core.model.user import Profile
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId

ADA, BEN = ClientId("ada"), ClientId("ben")


async def test_members_with_what_is_known_of_them(world: World) -> None:
    """In the order in which they joined, with their users, and what they are called here and only here."""
    await world.actions.create_user(world.backend, ADA, Profile(nickname="小达"))
    await world.actions.call_member(world.ada, world.group, BEN, "本")
    elsewhere = await world.open(Kind.GROUP, "ben", "ada")
    here = await world.actions.describe_members(world.ben, world.group)
    assert [(ADA, "小达", ""), (BEN, "", "本")] == [
        (one.client_id, one.user and one.user.called, one.alias) for one in here
    ]
    there = await world.actions.describe_members(world.backend, elsewhere.conv_id)
    assert [(BEN, ""), (ADA, "")] == [(one.client_id, one.alias) for one in there]


async def test_who_is_in_a_room(world: World) -> None:
    """Who is present; nobody has a name of its own there."""
    room = (await world.open(Kind.ROOM, "ada")).conv_id
    world.phone(world.ada)
    await world.actions.enter_room(world.ada, room)
    assert [(ADA, "")] == [(one.client_id, one.alias) for one in await world.actions.describe_members(world.ada, room)]


async def test_who_may_see_them(world: World) -> None:
    """Members and the backend."""
    describe = world.actions.describe_members
    assert FaultCode.NOT_A_MEMBER is await refusal(describe(world.cy, world.group))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(describe(world.dora, world.group))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(describe(world.backend, ConvId("nothing")))
