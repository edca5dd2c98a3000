"""Clients who come and go, as their apps are told."""

from core.actions.hooks.app_server import hooked
from core.actions.hooks.test_telling import NOWHERE, told
from core.world import World
from parlance.core.model.session import Going


async def test_who_comes_and_goes_is_told(world: World) -> None:
    """The first connection and the last; what is between is nobody's business."""
    client = await hooked(world, NOWHERE)
    ada = client("ada")
    first, second = world.phone(ada, "one"), world.phone(ada, "two")
    first.hang_up()
    second.hang_up()
    await world.actions.comings.write()
    at = world.clock.now()
    body = {"peerId": "ada", "sourceIP": "", "tag": "default", "timestamp": at}
    assert [
        ("_clientOnline", body | {"reconnect": False}),
        ("_clientOffline", body | {"closeCode": 2, "closeMsg": "connection lost"}),
    ] == await told(world)


async def test_how_it_came_and_went(world: World) -> None:
    """As LeanCloud's clients say it."""
    client = await hooked(world, NOWHERE)
    actions = world.actions
    phone = world.phone(world.client("ben"))
    actions.come_online(client("ada"), "", 77, first=True, tag="Mobile", reconnect=True)
    actions.go_offline(client("ada"), tag="Mobile", going=Going.KICKED)
    phone.hang_up()
    await actions.comings.write()
    came, went = [body for _, body in await told(world) if body["peerId"] == "ada"]
    assert ("Mobile", True) == (came["tag"], came["reconnect"])
    assert ("Mobile", 4) == (went["tag"], went["closeCode"])


async def test_apps_without_these_hooks(world: World) -> None:
    """Nothing is written down, and writing nothing down costs nothing."""
    client = await hooked(world, NOWHERE, hook_names="_messageSent")
    world.phone(client("ada")).hang_up()
    world.phone(world.client("ben")).hang_up()
    await world.actions.comings.write()
    assert [] == await told(world)
