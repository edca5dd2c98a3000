"""Apps, as the operator keeps them."""

import asyncio

import msgspec
import pytest

from core.world import World, refusal
from parlance.core.actions.tenancy.apps import KeyName
from parlance.core.model.app import AppSettings, Policy
from parlance.core.model.events import AppChanged
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import AppId


async def test_an_app_is_made(world: World) -> None:
    """With keys of its own and the strictest policy, and everybody is told."""
    made = await world.actions.register_app("new")
    assert made == await world.actions.find_apps.one("new")
    assert ("new", Policy.TOKEN, AppSettings(), world.clock.now()) == (
        made.name,
        made.policy,
        made.settings,
        made.created_at,
    )
    assert 3 == len({made.app_key, made.master_key, made.token_secret})
    assert [AppChanged(AppId("new"))] == world.told.of(AppChanged)


async def test_a_key_may_be_brought(world: World) -> None:
    """And a name, and a policy."""
    made = await world.actions.register_app("666666", "Demo", "master", Policy.OPEN)
    assert ("Demo", "master", Policy.OPEN) == (made.name, made.master_key, made.policy)


@pytest.mark.parametrize("app_id", ["", "x" * 65, "two words", "line\n", "\x00", "\ud800"], ids=repr)
async def test_an_id_can_be_unusable(world: World, app_id: str) -> None:
    """What does not fit in a header or on a command line is refused."""
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.register_app(app_id))


@pytest.mark.parametrize("key", ["", "line\n", "\x00"], ids=repr)
async def test_a_key_can_be_unusable(world: World, key: str) -> None:
    """An empty key would let everybody in."""
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.register_app("new", master_key=key))


async def test_an_id_is_given_once(world: World) -> None:
    """The app that is there stays as it is."""
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.register_app("hall", master_key="mine"))
    assert "key-of-hall" == (await world.actions.find_apps.one("hall")).master_key


async def test_apps_are_shown(world: World) -> None:
    """All of them by id, or one."""
    assert [world.annex, world.hall] == await world.actions.find_apps()
    assert world.hall == await world.actions.find_apps.one("hall")
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.find_apps.one("nowhere"))


async def test_what_is_given_changes(world: World) -> None:
    """And nothing else, the time of the change apart, which always moves."""
    changed = await world.actions.change_app("hall", name="Great hall")
    again = await world.actions.change_app("hall", policy=Policy.KEY, settings=AppSettings(group_capacity=5))
    assert again == await world.actions.find_apps.one("hall")
    assert ("Great hall", Policy.KEY, 5, world.hall.master_key) == (
        again.name,
        again.policy,
        again.settings.group_capacity,
        again.master_key,
    )
    assert world.hall.updated_at < changed.updated_at < again.updated_at
    assert 2 == len(world.told.of(AppChanged))


async def test_who_changes_one_setting_leaves_the_others(world: World) -> None:
    """At the same time as somebody else: what is made of the settings is made of those that are."""

    def smaller(settings: AppSettings) -> AppSettings:
        return msgspec.structs.replace(settings, group_capacity=5)

    def slower(settings: AppSettings) -> AppSettings:
        return msgspec.structs.replace(settings, recall_window=7)

    await asyncio.gather(
        world.actions.change_app("hall", settings=smaller), world.actions.change_app("hall", settings=slower)
    )
    settings = (await world.actions.find_apps.one("hall")).settings
    assert (5, 7) == (settings.group_capacity, settings.recall_window)


async def test_who_is_answered_finds_it_done(world: World) -> None:
    """The server that changed an app goes by the change at once."""
    directory = world.application.directory
    await directory.refresh()
    changed = await world.actions.change_app.rotate("hall", [KeyName.MASTER_KEY])
    assert changed == directory.at_hand("hall")


async def test_keys_are_made_anew(world: World) -> None:
    """Those that are named, and no others."""
    changed = await world.actions.change_app.rotate("hall", [KeyName.MASTER_KEY])
    assert changed.master_key != world.hall.master_key
    assert (world.hall.app_key, world.hall.token_secret) == (changed.app_key, changed.token_secret)
    every = await world.actions.change_app.rotate("hall", list(KeyName))
    assert 6 == len(
        {every.app_key, every.master_key, every.token_secret, changed.app_key, changed.master_key, changed.token_secret}
    )


async def test_nowhere_is_not_changed(world: World) -> None:
    """There is nothing to change, and nothing to tell."""
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.change_app("nowhere", name="x"))
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.change_app.rotate("nowhere", list(KeyName)))
    assert [] == world.told.events
