"""Coming in face to face."""

import pytest

from core.actions.groups.grouping import ADA, BEN, CY, made
from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.core.model.events import MembersJoined
from parlance.kernel.clock import HOUR, MINUTE, SECOND
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId

CODE = "4711"


async def enter(world: World, code: str, caller: Caller | None = None, group: int = 2) -> list[ClientId]:
    """Cy tries a code, or somebody else does."""
    return list((await world.actions.enter_by_code(caller or world.cy, group, code)).members)


async def wrong(world: World, times: int, caller: Caller | None = None) -> None:
    """Be wrong so many times."""
    for _ in range(times):
        assert FaultCode.WRONG_CODE is await refusal(enter(world, "0000", caller))


async def test_the_code_lets_in(world: World) -> None:
    """The others are told; coming in twice is no error."""
    await made(world, code=CODE, notices=False)
    world.told.events.clear()
    assert [ADA, CY] == await enter(world, CODE)
    (event,) = world.told.of(MembersJoined)
    assert ("cy", [CY]) == (event.by, list(event.standings))
    assert [ADA, CY] == await enter(world, CODE)
    assert [] == world.told.events


@pytest.mark.parametrize("code", ["", "0000", "47110", "４７１１", "\ud800", "x" * 10_000])
async def test_a_wrong_one_does_not(world: World, code: str) -> None:
    """Whatever it is."""
    await made(world, code=CODE)
    assert FaultCode.WRONG_CODE is await refusal(enter(world, code))


async def test_a_group_without_a_code(world: World) -> None:
    """No code opens it, the empty one neither."""
    for code in ("", CODE):
        assert FaultCode.WRONG_CODE is await refusal(enter(world, code, group=1))


async def test_it_works_for_an_hour(world: World) -> None:
    """And not a moment longer."""
    await made(world, code=CODE)
    world.clock.advance(HOUR - 1)
    assert [ADA, CY] == await enter(world, CODE)
    world.clock.advance(1)
    assert FaultCode.WRONG_CODE is await refusal(enter(world, CODE, world.ben))


async def test_ten_wrong_ones_lock_out(world: World) -> None:
    """For ten minutes, even who is right then; others try on, and afterwards it counts from nothing."""
    await made(world, code=CODE)
    await wrong(world, 10)
    with pytest.raises(Fault) as caught:
        await enter(world, CODE)
    assert (FaultCode.RATE_LIMITED, 10 * MINUTE // SECOND) == (caught.value.code, caught.value.retry_after)
    assert [ADA, BEN] == await enter(world, CODE, world.ben)
    world.clock.advance(10 * MINUTE - 1)
    with pytest.raises(Fault) as caught:
        await enter(world, CODE)
    assert 1 == caught.value.retry_after
    world.clock.advance(1)
    await wrong(world, 9)
    assert [ADA, BEN, CY] == sorted(await enter(world, CODE))


async def test_a_right_one_in_between_counts_from_nothing(world: World) -> None:
    """It is ten in a row."""
    await made(world, code=CODE)
    await wrong(world, 9)
    await enter(world, CODE)
    await wrong(world, 9)
    assert [ADA, CY] == await enter(world, CODE)


async def test_it_is_kept_in_the_store(world: World) -> None:
    """Who is locked out stays so when the server comes back."""
    group = await made(world, code=CODE)
    await wrong(world, 10)
    attempts = await world.store.read.code_attempts.of(group.conversation.id, CY)
    assert world.clock.now() + 10 * MINUTE == attempts.locked_until


async def test_a_full_group(world: World) -> None:
    """The right code does not help."""
    await made(world, "ben", code=CODE, capacity=2)
    assert FaultCode.FULL is await refusal(enter(world, CODE))
    assert [ADA, BEN] == await enter(world, CODE, world.ben)


async def test_who_enters_becomes_known(world: World) -> None:
    """Somebody who logged in with a token may never have been heard of."""
    await made(world, code=CODE)
    assert ClientId("zoe") in await enter(world, CODE, world.client("zoe"))


async def test_who_cannot(world: World) -> None:
    """The backend, which is nobody; the banned; and nobody enters another app's."""
    await made(world, code=CODE)
    assert FaultCode.NOT_PERMITTED is await refusal(enter(world, CODE, world.backend))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(enter(world, CODE, world.dora))
    await world.actions.ban(world.backend, CY)
    assert FaultCode.BANNED is await refusal(enter(world, CODE))
