"""What members are called in one conversation."""

import pytest

from core.actions.groups.grouping import made
from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.member import LONGEST_ALIAS
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId

ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")


async def _aliases(world: World) -> dict[str, str]:
    described = await world.actions.describe_members(world.backend, world.group)
    return {one.client_id: one.alias for one in described if one.alias}


async def test_a_member_is_called_something(world: World) -> None:
    """By itself, by who manages the group, or by the backend; "" takes it back."""
    called = await world.actions.call_member(world.ben, world.group, BEN, "本")
    assert (BEN, "本") == (called.client_id, called.alias)
    await world.actions.call_member(world.backend, world.group, ADA, "x" * LONGEST_ALIAS)
    assert {BEN: "本", ADA: "x" * LONGEST_ALIAS} == await _aliases(world)
    await world.actions.call_member(world.ada, world.group, BEN, "")
    assert [ADA] == [*await _aliases(world)]


@pytest.mark.parametrize("alias", ["x" * (LONGEST_ALIAS + 1), "a\x00b", "\ud800"], ids=["long", "NUL", "half a pair"])
async def test_what_nobody_is_called(world: World, alias: str) -> None:
    """Too long, or no text."""
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.call_member(world.ada, world.group, BEN, alias))
    assert {} == await _aliases(world)


async def test_who_may_call_whom(world: World) -> None:
    """A plain member only itself; nobody a stranger; strangers nobody; in a room there is no staying."""
    call = world.actions.call_member
    room = (await world.open(Kind.ROOM, "ada")).conv_id
    assert FaultCode.NOT_PERMITTED is await refusal(call(world.ben, world.group, ADA, "x"))
    assert FaultCode.NOT_A_MEMBER is await refusal(call(world.cy, world.group, CY, "x"))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(call(world.ada, world.group, CY, "x"))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(call(Caller(world.annex), world.group, BEN, "x"))
    assert FaultCode.WRONG_KIND is await refusal(call(world.backend, room, ADA, "x"))
    assert {} == await _aliases(world)


async def test_nobody_has_a_place_where_the_app_speaks(world: World) -> None:
    """Whoever it has spoken to there is no member, and is called nothing."""
    await made(world, "ben")
    system = await world.store.read.conversations.find_system(world.hall.app_id)
    assert system is not None
    assert FaultCode.WRONG_KIND is await refusal(world.actions.call_member(world.backend, system.conv_id, BEN, "x"))
    assert {} == await world.store.read.members.aliases(system.id)
