"""Who can be brought in."""

import pytest

from core.world import World, with_settings
from parlance.core.actions.people.acquaintance import make_known, must_know
from parlance.core.model.caller import Caller
from parlance.core.model.user import Profile
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId
from realtime.parts import clients


async def _fault(world: World, *names: str) -> Fault:
    bans = world.application.actions.invite._bans
    with pytest.raises(Fault) as caught:
        await must_know(world.store.read, bans, world.ada, clients(names))
    return caught.value


async def test_who_is_known_and_welcome_passes(world: World) -> None:
    """Nobody at all does too."""
    bans = world.application.actions.invite._bans
    await must_know(world.store.read, bans, world.ada, clients(["ada", "ben"]))
    await must_know(world.store.read, bans, world.ada, ())


async def test_the_first_unknown_one_is_named(world: World) -> None:
    """In the order in which they were asked for; another app's people are unknown."""
    fault = await _fault(world, "ben", "dora", "nobody")
    assert (FaultCode.UNKNOWN_CLIENT, "unknown user: dora") == (fault.code, fault.sentence)


async def test_the_banned_one_is_named(world: World) -> None:
    """Whoever is banned here; a ban in another app does not count."""
    await world.actions.create_user(Caller(world.annex), ClientId("ben"), Profile())
    await world.actions.ban(Caller(world.annex), ClientId("ben"))
    await world.actions.ban(world.backend, ClientId("cy"))
    fault = await _fault(world, "ben", "cy")
    assert (FaultCode.BANNED, "the account is banned: cy") == (fault.code, fault.sentence)


async def _make_known(world: World, caller: Caller, *names: str) -> list[str]:
    bans = world.application.actions.invite._bans
    async with world.store.begin() as tx:
        return [*await make_known(tx, bans, caller, clients(names), world.clock.now())]


async def test_strangers_become_known(world: World) -> None:
    """Each once, with users of their own; who is known stays as it is, another app's people are strangers."""
    assert ["dora", "eve"] == await _make_known(world, world.ada, "ben", "dora", "eve", "dora")
    assert [] == await _make_known(world, world.ada, "dora", "eve")
    eve = await world.actions.find_user(world.ada, ClientId("eve"))
    assert (5, "", world.clock.now()) == (eve.uid, eve.nickname, eve.created_at)


async def test_an_app_that_makes_no_users(world: World) -> None:
    """It lets in those who were registered, and names the first who was not."""
    caller = Caller(with_settings(world.hall, create_users=False))
    assert [] == await _make_known(world, caller, "ben", "cy")
    with pytest.raises(Fault) as caught:
        await _make_known(world, caller, "ben", "eve")
    assert (FaultCode.UNKNOWN_CLIENT, "unknown user: eve") == (caught.value.code, caught.value.sentence)


async def test_nobody_becomes_known_beside_the_banned(world: World) -> None:
    """One who is banned keeps them all out."""
    await world.actions.ban(world.backend, ClientId("cy"))
    with pytest.raises(Fault) as caught:
        await _make_known(world, world.ada, "eve", "cy")
    assert FaultCode.BANNED is caught.value.code
    assert {} == await world.store.read.users.find_many(world.hall.app_id, clients(["eve"]))
