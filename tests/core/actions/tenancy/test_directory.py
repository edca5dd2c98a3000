"""Apps at hand."""

import msgspec

from core.world import World
from parlance.core.actions.tenancy.directory import AppDirectory
from parlance.core.model.app import App, Policy
from parlance.core.model.events import AppChanged
from parlance.kernel.clock import SECOND


async def test_an_app_is_found_and_then_at_hand(world: World) -> None:
    """The store is asked once."""
    directory = AppDirectory(world.store)
    assert None is directory.at_hand("hall")
    assert world.hall == await directory.find("hall")
    assert directory.at_hand("hall") is await directory.find("hall")


async def test_what_is_not_there_is_not_kept(world: World) -> None:
    """Names that somebody makes up fill no memory, and an app made later is found."""
    directory = AppDirectory(world.store)
    for number in range(10):
        assert None is await directory.find(f"made-up-{number}")
    assert {} == directory._apps
    made = await world.actions.register_app("made-up-1")
    assert made == await directory.find("made-up-1")


async def test_changes_are_noticed(world: World) -> None:
    """A look tells what is not as it was, once."""
    directory = AppDirectory(world.store)
    assert [world.annex, world.hall] == await directory.refresh()
    assert [] == await directory.refresh()
    changed = await world.actions.change_app("hall", policy=Policy.KEY)
    assert world.hall == directory.at_hand("hall")
    assert [changed] == await directory.refresh()
    assert changed == directory.at_hand("hall")


async def test_a_change_is_noticed_whatever_clock_it_was_made_by(world: World) -> None:
    """Another process may have a slower clock, or take its time to commit."""
    directory = AppDirectory(world.store)
    world.clock.advance(1_000 * SECOND)
    await world.actions.change_app("annex", name="later")
    await directory.refresh()
    late = msgspec.structs.replace(world.hall, name="late", updated_at=world.hall.updated_at + 1)
    async with world.store.begin() as tx:
        await tx.apps.update(late)
    assert [late] == await directory.refresh()


async def test_what_a_server_says_is_followed(world: World) -> None:
    """Who hears that an app was changed looks for it; who hears nothing does not."""
    directory = AppDirectory(world.store)
    await directory.refresh()
    changed = await world.actions.change_app("hall", name="New")
    await directory.follow()
    assert world.hall == directory.at_hand("hall")
    directory.heard([AppChanged(world.hall.app_id)])
    await directory.follow()
    assert changed == directory.at_hand("hall")


async def test_many_apps_are_read_together(world: World) -> None:
    """At the start there are as many as there are."""
    for number in range(25):
        await world.actions.register_app(f"app-{number}")
    directory = AppDirectory(world.store)
    assert 27 == len(await directory.refresh())


async def test_every_app_passes_the_guard(world: World) -> None:
    """Found one by one or noticed together, what is at hand is what the guard made of it."""

    def closed(app: App) -> App:
        return msgspec.structs.replace(app, policy=Policy.TOKEN)

    opened = await world.actions.change_app("hall", policy=Policy.OPEN)
    directory = AppDirectory(world.store, closed)
    assert closed(opened) == await directory.find("hall")
    await directory.refresh()
    assert closed(opened) == directory.at_hand("hall")


async def test_a_look_that_took_long_undoes_nothing(world: World) -> None:
    """What was read in it is older than what a later look has found."""
    directory = AppDirectory(world.store)
    slow = directory._next_look()
    changed = await world.actions.change_app("hall", name="New")
    await directory.refresh()
    assert changed == directory._keep(world.hall, slow)
    assert changed == directory.at_hand("hall")
