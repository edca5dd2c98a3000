"""Who of some is connected."""

from core.world import World
from realtime.parts import clients


def test_whoever_is_connected_is_online(world: World) -> None:
    """On whatever device; nobody else is, known or not."""
    world.phone(world.ada, "phone")
    world.phone(world.ada, "desk")
    found = world.actions.who_is_online(world.ben, clients(["ada", "cy", "unheard"]))
    assert {"ada": True, "cy": False, "unheard": False} == found


def test_apps_do_not_see_each_other(world: World) -> None:
    """The same name elsewhere is somebody else."""
    world.phone(world.ada)
    assert {"ada": False} == world.actions.who_is_online(world.dora, clients(["ada"]))
