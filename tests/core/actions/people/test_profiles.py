"""Users as they are kept."""

from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.core.model.user import LARGEST_PROFILE, Profile
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import PageAsked

NEW = ClientId("new")
TOO_LARGE = Profile(nickname="n", ext="x" * LARGEST_PROFILE)


async def test_a_user_is_registered(world: World) -> None:
    """With the next number of its app, and the time."""
    world.clock.advance(5)
    made = await world.actions.create_user(world.backend, NEW, Profile("Newt", "https://x/a.png", '{"a":1}'))
    assert made == await world.actions.find_user(world.ada, NEW)
    assert ("new", 4, "Newt", "https://x/a.png", '{"a":1}', world.clock.now(), False) == (
        made.client_id,
        made.uid,
        made.nickname,
        made.avatar,
        made.ext,
        made.created_at,
        made.banned,
    )


async def test_registering_twice_updates(world: World) -> None:
    """What is said the second time counts, what is not stays, and the number too."""
    first = await world.actions.create_user(world.backend, NEW, Profile("Newt", "old.png"))
    world.clock.advance(5)
    second = await world.actions.create_user(world.backend, NEW, Profile(avatar="new.png"))
    assert ("Newt", "new.png", first.uid, first.created_at) == (
        second.nickname,
        second.avatar,
        second.uid,
        second.created_at,
    )


async def test_a_user_is_found_by_its_number(world: World) -> None:
    """By anybody of the same app; another app's number is somebody else."""
    for caller in (world.backend, world.cy):
        assert "ben" == (await world.actions.find_user_by_uid(caller, 2)).client_id
    assert FaultCode.UNKNOWN_CLIENT is await refusal(world.actions.find_user_by_uid(world.ada, 99))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(world.actions.find_user_by_uid(world.dora, 2))


async def test_several_at_once(world: World) -> None:
    """Those who are known, in the order asked for."""
    asked = tuple(map(ClientId, ("cy", "nobody", "ada")))
    found = await world.actions.find_users(world.ben, asked)
    assert [("cy", 3), ("ada", 1)] == [(client, user.uid) for client, user in found.items()]
    assert {} == await world.actions.find_users(world.dora, asked)


async def test_numbers_belong_to_the_app(world: World) -> None:
    """Each app counts from 1."""
    assert 2 == (await world.actions.create_user(Caller(world.annex), NEW, Profile())).uid


async def test_only_the_backend_registers(world: World) -> None:
    """A client registers nobody, itself neither."""
    asked = world.actions.create_user(world.ada, ClientId("ada"), Profile("Countess"))
    assert FaultCode.NOT_PERMITTED is await refusal(asked)


async def test_the_newest_are_listed_first(world: World) -> None:
    """A page at a time."""
    page = await world.actions.list_users(world.backend, PageAsked(1, 2))
    assert (["cy", "ben"], 3) == ([user.client_id for user in page.rows], page.total)
    rest = await world.actions.list_users(world.backend, PageAsked(2, 2))
    assert ["ada"] == [user.client_id for user in rest.rows]


async def test_clients_list_nobody(world: World) -> None:
    """The list of an app's people is for its backend."""
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.list_users(world.ada, PageAsked(1, 2)))


async def test_one_changes_ones_own_profile(world: World) -> None:
    """And nobody else's; the backend may change anybody's."""
    update, ben = world.actions.update_profile, ClientId("ben")
    assert "Benny" == (await update(world.ben, ben, Profile("Benny"))).nickname
    assert FaultCode.FOREIGN_CLIENT is await refusal(update(world.ada, ben, Profile("Fool")))
    assert "Benedict" == (await update(world.backend, ben, Profile("Benedict"))).nickname


async def test_what_the_app_vouches_for(world: World) -> None:
    """A real name, a login and a level are set by the backend; nobody says them of itself."""
    update, ben = world.actions.update_profile, ClientId("ben")
    said = Profile(name="Benedict", username="15965972666", level="A")
    known = await update(world.backend, ben, said)
    assert ("Benedict", "15965972666", "A", "") == (known.name, known.username, known.level, known.nickname)
    for own in (Profile(name="Count"), Profile(username="1"), Profile(level="S")):
        assert FaultCode.NOT_PERMITTED is await refusal(update(world.ben, ben, own))
    assert "A" == (await update(world.ben, ben, Profile("Benny"))).level


async def test_nobody_is_unknown(world: World) -> None:
    """Who is not there is neither found nor updated, nor made by it; another app's people are not there."""
    for name in ("nobody", "dora"):
        assert FaultCode.UNKNOWN_CLIENT is await refusal(world.actions.find_user(world.ada, ClientId(name)))
        asked = world.actions.update_profile(world.backend, ClientId(name), Profile("Fool"))
        assert FaultCode.UNKNOWN_CLIENT is await refusal(asked)
    assert 3 == (await world.actions.list_users(world.backend, PageAsked(1, 1))).total


async def test_a_profile_has_a_bound(world: World) -> None:
    """What one says of oneself is shown to others, so there is only so much of it."""
    ada = ClientId("ada")
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.create_user(world.backend, NEW, TOO_LARGE))
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.update_profile(world.ada, ada, TOO_LARGE))
    assert None is (await world.actions.find_user(world.ada, ada)).ext
