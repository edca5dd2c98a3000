"""On which devices a client is connected."""

from core.world import World, refusal
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId


async def test_those_that_are_connected(world: World) -> None:
    """The oldest connection first, with what each is called; nobody else's."""
    world.phone(world.ben, "phone")
    world.clock.advance(5)
    world.phone(world.ben, "desk")
    world.phone(world.ada, "phone")
    found = await world.actions.devices_of(world.backend, ClientId("ben"))
    assert [("phone", 5), ("desk", 0)] == [
        (each.device.device_id, world.clock.now() - each.device.connected_at) for each in found
    ]
    assert [] == await world.actions.devices_of(world.backend, ClientId("cy"))
    assert FaultCode.NOT_PERMITTED == await refusal(world.actions.devices_of(world.ada, ClientId("ada")))


async def test_one_of_them_is_thrown_out(world: World) -> None:
    """The others stay, and what was logged in with stays good; without a device everything goes."""
    phone, desk = world.phone(world.ben, "phone"), world.phone(world.ben, "desk")
    await world.actions.kick(world.backend, ClientId("ben"), device_id="phone")
    assert (1, []) == (len(phone.ends), desk.ends)
    assert 0 == await world.store.read.users.kicked_at(world.hall.app_id, ClientId("ben"))
    await world.actions.kick(world.backend, ClientId("ben"))
    assert 1 == len(desk.ends)
    assert world.clock.now() == await world.store.read.users.kicked_at(world.hall.app_id, ClientId("ben"))
