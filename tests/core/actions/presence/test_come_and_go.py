"""Coming online, going offline."""

from core.world import World
from parlance.core.model.conversation import Kind
from parlance.core.model.events import LoggedIn, MembersLeft, PresenceChanged
from parlance.kernel.ids import ClientId


async def test_who_watches_hears_of_it(world: World) -> None:
    """The first connection of a client brings it online, the end of its last takes it off."""
    ada = world.phone(world.ada)
    world.application.hub.watch(ada, (ClientId("ben"),))
    first, second = world.phone(world.ben, "phone"), world.phone(world.ben, "tablet")
    assert ["ben online"] == ada.heard()
    first.hang_up()
    assert [] == ada.heard()
    second.hang_up()
    assert ["ben offline"] == ada.heard()


async def test_every_login_is_announced(world: World) -> None:
    """Other servers must hear of a device that logs in again, whether or not its client is here already."""
    for _ in range(2):
        world.phone(world.ben, "phone")
    assert [("phone", 1), ("phone", 2)] == [
        (event.device_id, event.connection) for event in world.told.events if isinstance(event, LoggedIn)
    ]


async def test_the_same_device_gives_way(world: World) -> None:
    """The older connection of a device ends; other devices, and those that did not say which, stay."""
    phones = [world.phone(world.ben, device) for device in ("phone", "tablet", "phone", "", "")]
    assert [["replaced"], [], [], [], []] == [phone.ends for phone in phones]


async def test_giving_way_is_not_going_offline(world: World) -> None:
    """Who watches a client hears nothing while its device comes back."""
    ada = world.phone(world.ada)
    world.application.hub.watch(ada, (ClientId("ben"),))
    for _ in range(3):
        world.phone(world.ben, "phone")
    assert ["ben online"] == ada.heard()


async def test_rooms_are_left_by_going_offline(world: World) -> None:
    """Who has gone is in no room any more, and who is in them hears of it."""
    ada = world.phone(world.ada)
    phones = [world.phone(world.ben, "phone"), world.phone(world.ben, "tablet")]
    rooms = [await world.open(Kind.ROOM, "ada", "ben") for _ in range(2)]
    phones[0].hang_up()
    assert ["ada", "ben"] == await world.members(rooms[0].conv_id)
    world.told.events.clear()
    ada.heard()
    phones[1].hang_up()
    assert [["ada"], ["ada"]] == [await world.members(room.conv_id) for room in rooms]
    assert ["left ben", "left ben"] == ada.heard()
    assert [(room.conv_id, "ben") for room in rooms] == [
        (event.conversation.conv_id, event.by) for event in world.told.of(MembersLeft)
    ]


async def test_a_backend_neither_comes_nor_goes(world: World) -> None:
    """It is no client, so there is nothing to tell."""
    world.actions.come_online(world.backend, "phone", 1, first=True)
    world.actions.go_offline(world.backend)
    assert [] == world.told.events


async def test_namesakes_do_not_disturb_each_other(world: World) -> None:
    """A client of the same name in another app is somebody else."""
    here = world.phone(world.client("dora"), "phone")
    watching = world.phone(world.ada)
    world.application.hub.watch(watching, (ClientId("dora"),))
    world.phone(world.dora, "phone").hang_up()
    assert ([], []) == (here.ends, watching.heard())
    assert [("annex", True), ("annex", False)] == [
        (event.app_id, event.online) for event in world.told.of(PresenceChanged)[-2:]
    ]
