"""Asking to be let in."""

import pytest

from core.actions.groups.grouping import ADA, BEN, CY, made, notices, said_to
from core.world import World, refusal
from parlance.core.model.user import Profile
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId


async def test_those_in_charge_are_told(world: World) -> None:
    """They alone, with who asks."""
    await made(world, "ben")
    await world.actions.update_profile(world.cy, CY, Profile(nickname="小陈"))
    world.told.events.clear()
    assert await world.actions.ask_to_join(world.cy, CY, 2)
    assert [("user_join_group_apply", ["ada"])] == notices(world)
    told = (await said_to(world, "ada"))[0]
    assert ("cy", "小陈", ["cy"], 2, "小陈申请加入群聊「666」") == (
        told["uid"],
        told["username"],
        told["member_client_ids"],
        told["gid"],
        told["text"],
    )


async def test_nobody_is_told_twice(world: World) -> None:
    """Asking again changes nothing."""
    assert await world.actions.ask_to_join(world.cy, CY, 1)
    world.told.events.clear()
    assert not await world.actions.ask_to_join(world.backend, CY, 1)
    assert [] == notices(world)


@pytest.mark.parametrize("way", ["add_to_group", "invite"])
async def test_letting_in_settles_it(world: World, way: str) -> None:
    """Through whichever call; who was let in and went may ask anew."""
    await world.actions.ask_to_join(world.cy, CY, 1)
    if way == "invite":
        await world.actions.invite(world.ada, world.group, (CY,))
    else:
        await world.actions.add_to_group(world.ada, 1, (CY,))
    assert FaultCode.ALREADY_MEMBER is await refusal(world.actions.ask_to_join(world.cy, CY, 1))
    await world.actions.leave_group(world.cy, 1)
    assert await world.actions.ask_to_join(world.cy, CY, 1)


async def test_strangers_are_made_if_asked_for(world: World) -> None:
    """Else they are refused."""
    zoe = ClientId("zoe")
    ask = world.actions.ask_to_join
    assert FaultCode.UNKNOWN_CLIENT is await refusal(ask(world.backend, zoe, 1))
    assert await ask(world.backend, zoe, 1, create_missing=True)


async def test_who_cannot(world: World) -> None:
    """Members, the banned, and anybody for somebody else; unknown groups are unknown."""
    ask = world.actions.ask_to_join
    for client in (ADA, BEN):
        assert FaultCode.ALREADY_MEMBER is await refusal(ask(world.backend, client, 1))
    assert FaultCode.FOREIGN_CLIENT is await refusal(ask(world.ben, CY, 1))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(ask(world.cy, CY, 9))
    await world.actions.ban(world.backend, CY)
    assert FaultCode.BANNED is await refusal(ask(world.backend, CY, 1))
