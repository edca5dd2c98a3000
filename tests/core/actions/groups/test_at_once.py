"""Many at the same time, and what the store says afterwards."""

import asyncio
from collections.abc import Awaitable, Iterable

from core.actions.groups.grouping import ADA, BEN, CY, made, notices
from core.world import World
from parlance.core.model.group import GroupChange
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId
from parlance.stores.sql import verify
from realtime.parts import clients


async def outcomes(asked: Iterable[Awaitable[object]]) -> list[FaultCode | None]:
    """Why each was refused; None for what was done."""
    answers = await asyncio.gather(*asked, return_exceptions=True)
    return [answer.code if isinstance(answer, Fault) else None for answer in answers]


async def test_a_group_never_holds_more_than_it_takes(world: World) -> None:
    """However many come at once, by whichever way."""
    await made(world, capacity=5, code="4711")
    people = await world.know(*(f"u{number}" for number in range(12)))
    added = [world.actions.add_to_group(world.backend, 2, (client,)) for client in people[:6]]
    entered = [world.actions.enter_by_code(world.client(client), 2, "4711") for client in people[6:]]
    came = await outcomes([*added, *entered])
    assert (4, 8) == (came.count(None), came.count(FaultCode.FULL))
    assert 5 == len((await world.actions.find_group(world.backend, 2)).members)


async def test_asking_at_once_tells_once(world: World) -> None:
    """Those in charge hear of one request."""
    world.told.events.clear()
    asked = await asyncio.gather(*(world.actions.ask_to_join(world.cy, CY, 1) for _ in range(5)))
    assert [False] * 4 + [True] == sorted(asked)
    assert [("user_join_group_apply", ["ada"])] == notices(world)


async def test_one_conversation_becomes_one_group(world: World) -> None:
    """Whoever adopts or makes it under the same id at once."""
    rosters = await asyncio.gather(*(made(world, conv_id=ConvId("given")) for _ in range(4)))
    assert {2} == {roster.conversation.group_id for roster in rosters}


async def test_numbers_at_once_are_different(world: World) -> None:
    """One for each."""
    rosters = await asyncio.gather(*(made(world) for _ in range(6)))
    assert [2, 3, 4, 5, 6, 7] == sorted(roster.conversation.group_id or 0 for roster in rosters)


async def test_wrong_codes_at_once_are_all_counted(world: World) -> None:
    """Trying them in parallel gains nothing."""
    await made(world, code="4711")
    tried = await outcomes(world.actions.enter_by_code(world.cy, 2, "0000") for _ in range(25))
    assert (10, 15) == (tried.count(FaultCode.WRONG_CODE), tried.count(FaultCode.RATE_LIMITED))


async def test_the_store_is_sound_afterwards(world: World) -> None:
    """After everything that can happen to groups, and with somebody who is called like the app itself."""
    await world.know("system")
    await made(world, "ben", "system", code="4711")
    await made(world, "cy", conv_id=world.group, owner=BEN)
    await world.actions.ask_to_join(world.cy, CY, 2)
    await world.actions.ask_to_join(world.backend, ClientId("zoe"), 2, create_missing=True)
    await outcomes([world.actions.enter_by_code(world.cy, 2, "0000")])
    await world.actions.enter_by_code(world.cy, 2, "4711")
    await world.actions.update_group(world.ada, 2, GroupChange(name="other"))
    await world.say("hello", "system", (await world.actions.find_group(world.backend, 2)).conversation.conv_id)
    await world.actions.remove_from_group(world.ada, 2, clients(["ben"]))
    await world.actions.leave_group(world.cy, 2)
    await world.actions.dissolve_group(world.backend, 1, BEN)
    assert [] == await verify(world.application.config.database)
    assert [ADA, "system"] == list((await world.actions.find_group(world.backend, 2)).members)
