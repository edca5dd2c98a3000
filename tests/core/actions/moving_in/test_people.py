"""Taking over an app's people."""

from core.world import World, refusal
from parlance.core.model.moving import MovedPerson, TakenOver
from parlance.core.model.origin import Noun
from parlance.core.model.user import LARGEST_PROFILE, Profile
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId


async def brought(world: World, client: str, **profile: str) -> TakenOver:
    """Bring one."""
    person = MovedPerson(ClientId(client), Profile(**profile), 1_600_000_000_000)
    return await world.actions.take_over_people(world.backend, [person])


async def test_who_is_new_is_known_from_then_on(world: World) -> None:
    """With the profile and the age of before; a second time changes nothing."""
    tom = MovedPerson(ClientId("Tom"), Profile(nickname="Tommy", ext='{"age":3}'), 1_600_000_000_000)
    taken = await world.actions.take_over_people(world.backend, [tom, tom])
    assert (1, 1, []) == (taken.added, taken.known, taken.refused)
    user = await world.actions.find_user(world.backend, ClientId("Tom"))
    assert ("Tommy", '{"age":3}', 1_600_000_000_000) == (user.nickname, user.ext, user.created_at)
    assert (0, 1) == ((again := await world.actions.take_over_people(world.backend, [tom])).added, again.known)


async def test_who_is_known_gets_what_is_not_known(world: World) -> None:
    """What is said here stays, until it changes there and not here."""
    await world.actions.update_profile(world.backend, ClientId("ada"), Profile(nickname="Lady Ada"))
    assert 1 == (await brought(world, "ada", nickname="Ada", avatar="http://x/1.png")).changed
    user = await world.actions.find_user(world.backend, ClientId("ada"))
    assert ("Lady Ada", "http://x/1.png") == (user.nickname, user.avatar)
    assert 1 == (await brought(world, "ada", nickname="Ada II", avatar="http://x/2.png")).changed
    user = await world.actions.find_user(world.backend, ClientId("ada"))
    assert ("Lady Ada", "http://x/2.png") == (user.nickname, user.avatar)


async def test_who_was_forgotten_stays_so(world: World) -> None:
    """And nothing is kept of what was seen of them."""
    await brought(world, "ada", nickname="Ada")
    await world.actions.erase_user(world.backend, ClientId("ada"))
    assert 1 == (await brought(world, "ada", nickname="Ada II")).known
    assert "" == (await world.actions.find_user(world.backend, ClientId("ada"))).nickname
    assert {} == await world.store.read.origins.of(world.hall.app_id, Noun.PERSON, ["ada"])


async def test_what_was_taken_away_here_stays_away(world: World) -> None:
    """Also if it changed there."""
    await brought(world, "Tom", nickname="Tommy", avatar="http://x/1.png")
    await world.actions.update_profile(world.backend, ClientId("Tom"), Profile(nickname=""))
    assert 1 == (await brought(world, "Tom", nickname="Tom II", avatar="http://x/2.png")).changed
    user = await world.actions.find_user(world.backend, ClientId("Tom"))
    assert ("", "http://x/2.png") == (user.nickname, user.avatar)


async def test_a_profile_that_is_too_large_keeps_out_only_itself(world: World) -> None:
    """It is named by its place."""
    large = MovedPerson(ClientId("large"), Profile(ext="x" * (LARGEST_PROFILE + 1)), 1)
    taken = await world.actions.take_over_people(world.backend, [large, MovedPerson(ClientId("Tom"), Profile(), 1)])
    assert (1, [0]) == (taken.added, [each.index for each in taken.refused])


async def test_clients_bring_nobody(world: World) -> None:
    """It is the backend's business."""
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.take_over_people(world.ada, []))
