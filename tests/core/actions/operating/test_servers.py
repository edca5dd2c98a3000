"""How the servers are."""

from core.world import World


async def test_this_one_alone(world: World) -> None:
    """It says how it is; samples come as they are taken."""
    assert [[]] == [server.samples for server in (await world.actions.look_at_servers()).servers]
    world.phone(world.ben)
    await world.say("one")
    world.clock.advance(2_000)
    await world.application.figures.take()
    found = await world.actions.look_at_servers()
    [server] = found.servers
    [sample] = server.samples
    database = world.application.store.database
    assert (0, 0.5, database) == (found.silent, sample.deliveries, server.database)
    assert server.database_bytes > 0
