"""Throwing a client out."""

from core.world import World, refusal
from parlance.core.actions.presence.kick import LONGEST_REASON
from parlance.core.model.events import KickedOut
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId

ADA = ClientId("ada")


async def test_everybody_is_told_that_a_client_is_out(world: World) -> None:
    """With the reason; what it logged in with before is void from now on."""
    await world.actions.kick(world.backend, ADA, "enough")
    assert [KickedOut(world.hall.app_id, ADA, "enough")] == world.told.of(KickedOut)
    assert world.clock.now() == await world.store.read.users.kicked_at(world.hall.app_id, ADA)
    assert 0 == await world.store.read.users.kicked_at(world.hall.app_id, ClientId("ben"))


async def test_who_is_unknown_is_out_anyway(world: World) -> None:
    """It may be connected, in an app that makes no users."""
    await world.actions.kick(world.backend, ClientId("nobody"))
    assert ["nobody"] == [each.client_id for each in world.told.of(KickedOut)]


async def test_clients_throw_nobody_out(world: World) -> None:
    """Themselves neither."""
    for client in (ADA, ClientId("ben")):
        assert FaultCode.NOT_PERMITTED is await refusal(world.actions.kick(world.ada, client))
    assert [] == world.told.of(KickedOut)


async def test_a_reason_is_short(world: World) -> None:
    """And text."""
    await world.actions.kick(world.backend, ADA, "x" * LONGEST_REASON)
    for reason in ("x" * (LONGEST_REASON + 1), "a\x00"):
        assert FaultCode.BAD_FORMAT is await refusal(world.actions.kick(world.backend, ADA, reason))
