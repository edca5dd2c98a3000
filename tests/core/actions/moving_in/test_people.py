"""Taking over an app's people."""

from core.world import World, refusal
from parlance.core.model.moving import MovedPerson
from parlance.core.model.user import LARGEST_PROFILE, Profile
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId


async def test_who_is_new_is_known_from_then_on(world: World) -> None:
    """With the profile and the age of before; who is known stays as they are; a second time changes nothing."""
    tom = MovedPerson(ClientId("Tom"), Profile(nickname="Tommy", ext='{"age":3}'), 1_600_000_000_000)
    ada = MovedPerson(ClientId("ada"), Profile(nickname="somebody else"), 1)
    taken = await world.actions.take_over_people(world.backend, [tom, ada, tom])
    assert (1, 2, []) == (taken.added, taken.known, taken.refused)
    user = await world.actions.find_user(world.backend, ClientId("Tom"))
    assert ("Tommy", '{"age":3}', 1_600_000_000_000) == (user.nickname, user.ext, user.created_at)
    assert "" == (await world.actions.find_user(world.backend, ClientId("ada"))).nickname
    assert 0 == (await world.actions.take_over_people(world.backend, [tom])).added


async def test_a_profile_that_is_too_large_keeps_out_only_itself(world: World) -> None:
    """It is named by its place."""
    large = MovedPerson(ClientId("large"), Profile(ext="x" * (LARGEST_PROFILE + 1)), 1)
    taken = await world.actions.take_over_people(world.backend, [large, MovedPerson(ClientId("Tom"), Profile(), 1)])
    assert (1, [0]) == (taken.added, [each.index for each in taken.refused])


async def test_clients_bring_nobody(world: World) -> None:
    """It is the backend's business."""
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.take_over_people(world.ada, []))
