"""Finding users by a word."""

from core.world import World, refusal
from parlance.core.model.user import Profile
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import PageAsked

PAGE = PageAsked(1, 10)


async def test_by_id_and_names(world: World) -> None:
    """Newest first, whatever case; nothing asked: everybody."""
    for name, profile in (("d1", Profile(nickname="Adam")), ("d2", Profile(name="Adalbert")), ("d3", Profile())):
        await world.actions.create_user(world.backend, ClientId(name), profile)
    found = await world.actions.search_users(world.backend, "ADA", PAGE)
    assert ["d2", "d1", "ada"] == [user.client_id for user in found.rows]
    assert 3 == found.total
    assert 6 == (await world.actions.search_users(world.backend, "", PAGE)).total
    assert [] == (await world.actions.search_users(world.backend, "dora", PAGE)).rows


async def test_who_may_not(world: World) -> None:
    """Only the backend looks, and not for a book."""
    assert FaultCode.NOT_PERMITTED == await refusal(world.actions.search_users(world.ada, "ada", PAGE))
    assert FaultCode.BAD_FORMAT == await refusal(world.actions.search_users(world.backend, "x" * 101, PAGE))
