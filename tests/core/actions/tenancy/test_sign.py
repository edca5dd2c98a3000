"""Signing what a client may do."""

from core.world import World, refused
from parlance.core.model.signature import Permission, signature_of
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId

ADA = ClientId("ada")


async def test_a_signature_is_of_now(world: World) -> None:
    """With a nonce of its own, and the app's server key."""
    permission = Permission(ADA, (ClientId("ben"),))
    signed = world.actions.sign(world.backend, permission)
    assert (permission, world.clock.now(), 8) == (signed.permission, signed.timestamp, len(signed.nonce))
    assert signature_of(world.hall, permission, signed.timestamp, signed.nonce) == signed.signature
    assert signed.nonce != world.actions.sign(world.backend, permission).nonce


async def test_a_client_signs_for_itself(world: World) -> None:
    """And for nobody else."""
    assert ADA == world.actions.sign(world.ada, Permission(ADA)).permission.client
    assert FaultCode.FOREIGN_CLIENT is refused(lambda: world.actions.sign(world.ben, Permission(ADA)))
