"""Seeing to it that who shows up has a user."""

import asyncio

from core.world import World, refusal, with_settings
from parlance.core.actions.people.bans import Bans
from parlance.core.actions.people.welcome import Welcome
from parlance.core.model.events import BanChanged
from parlance.core.model.user import Profile
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId

NEW = ClientId("new")


def _welcome(world: World) -> tuple[Welcome, Bans]:
    bans = Bans(world.store)
    return Welcome(world.store, bans, world.clock), bans


async def test_a_newcomer_gets_a_user(world: World) -> None:
    """With what it says of itself."""
    welcome, _ = _welcome(world)
    user = await welcome(world.hall, NEW, Profile("Newt"))
    assert user == await world.actions.find_user(world.backend, NEW)
    assert "Newt" == user.nickname


async def test_who_is_known_is_left_alone(world: World) -> None:
    """Saying nothing new writes nothing; something new is kept."""
    welcome, _ = _welcome(world)
    known = await welcome(world.hall, NEW, Profile("Newt", ext="{}"))
    for nothing_new in (Profile(), Profile("Newt"), Profile(avatar=""), Profile(ext="{}")):
        assert known == await welcome(world.hall, NEW, nothing_new)
    assert "Newton" == (await welcome(world.hall, NEW, Profile("Newton"))).nickname


async def test_many_at_once_make_one_user(world: World) -> None:
    """Whoever is first, it is the same user for all."""
    welcome, _ = _welcome(world)
    users = await asyncio.gather(*(welcome(world.hall, NEW) for _ in range(5)))
    assert {4} == {user.uid for user in users}


async def test_an_app_may_make_no_users(world: World) -> None:
    """Then who is not known stays unknown."""
    welcome, _ = _welcome(world)
    strict = with_settings(world.hall, create_users=False)
    assert FaultCode.UNKNOWN_CLIENT is await refusal(welcome(strict, NEW))
    assert 1 == (await welcome(strict, ClientId("ada"))).uid


async def test_the_banned_are_not_welcome(world: World) -> None:
    """A ban counts that was heard before, and one that falls while the user is looked for."""
    welcome, bans = _welcome(world)
    ban = BanChanged(world.hall.app_id, NEW, banned=True)
    coming = asyncio.ensure_future(welcome(world.hall, NEW))
    await asyncio.sleep(0)
    bans.heard([ban])
    assert FaultCode.BANNED is await refusal(coming)
    assert FaultCode.BANNED is await refusal(welcome(world.hall, NEW))
