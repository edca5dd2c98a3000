"""Asking who is here."""

from core.world import World, refused
from parlance.kernel.faults import FaultCode
from realtime.parts import clients


async def test_it_says_who_is_online(world: World) -> None:
    """Of those who are asked about, and of nobody else."""
    world.phone(world.ben)
    assert {"ben": True, "cy": False, "nobody": False} == world.actions.watch(
        world.ada, clients(["ben", "cy", "nobody"])
    )


async def test_other_apps_are_not_seen(world: World) -> None:
    """Somebody of that name who is online in another app is not online here."""
    world.phone(world.dora)
    assert {"dora": False} == world.actions.watch(world.ada, clients(["dora"]))


async def test_nobody_may_be_watched(world: World) -> None:
    """An empty list ends the watching."""
    assert {} == world.actions.watch(world.ada, ())


async def test_there_is_a_bound(world: World) -> None:
    """A hundred may be watched, and not one more."""
    people = clients(f"p{number}" for number in range(101))
    assert 100 == len(world.actions.watch(world.ada, people[:100]))
    assert FaultCode.BAD_FORMAT is refused(lambda: world.actions.watch(world.ada, people))
