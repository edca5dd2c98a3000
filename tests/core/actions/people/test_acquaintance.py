"""Who can be brought in."""

import pytest

from core.world import World
from parlance.core.actions.people.acquaintance import must_know
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
