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
