"""Who subscribes to a service conversation."""

from typing import Any

from core.world import World, refusal
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.starting import Starting
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from realtime.parts import clients


async def _start(world: World, creator: str, *others: str, kind: Kind = Kind.GROUP, **more: Any) -> Conversation:
    starting = Starting(kind, ClientId(creator), clients(others), **more)
    caller = world.client(creator) if creator else world.backend
    return (await world.actions.start_conversation(caller, starting)).roster.conversation


async def test_they_are_listed(world: World) -> None:
    """By client id, in pages, with the time at which they came."""
    service = await _start(world, "", "ben", kind=Kind.SERVICE)
    world.clock.advance(SECOND)
    await world.actions.bring_in(world.backend, service.conv_id, clients(["cy", "ada"]))
    ada, ben, cy = clients(["ada", "ben", "cy"])
    came, first = world.clock.now(), service.created_at
    everybody = await world.actions.subscribers(world.backend, service.conv_id)
    assert [(ada, came), (ben, first), (cy, came)] == everybody
    assert [(ben, first)] == await world.actions.subscribers(world.backend, service.conv_id, ada, 1)
    assert [] == await world.actions.subscribers(world.backend, service.conv_id, None, 0)


async def test_clients_do_not_learn_of_each_other(world: World) -> None:
    """Subscribers included."""
    service = await _start(world, "", "ada", kind=Kind.SERVICE)
    assert FaultCode.KEY_REQUIRED is await refusal(world.actions.subscribers(world.ada, service.conv_id))


async def test_other_kinds_have_none(world: World) -> None:
    """A group has members."""
    assert FaultCode.WRONG_KIND is await refusal(world.actions.subscribers(world.backend, world.group))
    annex = world.dora.acting_as(None, "client_id")
    assert FaultCode.KEY_REQUIRED is await refusal(world.actions.subscribers(annex, world.group))


async def test_the_backend_ends_it(world: World) -> None:
    """A client does not, not even one that is called its creator."""
    service = await _start(world, "", "ada", kind=Kind.SERVICE)
    named = Starting(Kind.SERVICE, ClientId("ada"))
    hers = (await world.actions.start_conversation(world.backend, named)).roster.conversation
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.delete_conversation(world.ada, hers.conv_id))
    await world.actions.delete_conversation(world.backend, service.conv_id)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.subscribers(world.backend, service.conv_id))


async def test_what_a_client_subscribes_to(world: World) -> None:
    """By when it came, from either end, in pages; groups and what it left are not among it."""
    made = []
    for _ in range(4):
        world.clock.advance(SECOND)
        made.append(await _start(world, "", "ada", kind=Kind.SERVICE))
    ada = ClientId("ada")
    await world.actions.take_out(world.backend, made[3].conv_id, (ada,))
    one, two, three = [(each.conv_id, each.created_at) for each in made[:3]]
    subscriptions = world.actions.subscriptions
    assert [one, two, three] == await subscriptions(world.backend, ada)
    assert [three, two] == await subscriptions(world.backend, ada, None, 2, newest_first=True)
    assert [three] == await subscriptions(world.backend, ada, (two[1], two[0]))
    assert [one] == await subscriptions(world.backend, ada, (two[1], two[0]), newest_first=True)
    assert [two, three] == await subscriptions(world.backend, ada, (two[1], ""))
    assert [] == await subscriptions(world.backend, ada, (1 << 70, ""))
    assert [] == await subscriptions(world.backend, ada, None, 0)
    assert FaultCode.KEY_REQUIRED is await refusal(subscriptions(world.ada, ada))
