"""Opening conversations."""

import asyncio

from core.world import World, refusal, with_settings
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import LARGEST_EXT, LONGEST_LIFETIME, Kind
from parlance.core.model.events import BanChanged, MembersJoined
from parlance.core.model.member import Role
from parlance.core.model.opening import Opening
from parlance.kernel.clock import DAY, SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId


async def test_a_group_opens(world: World) -> None:
    """Its creator owns it, the others are members, and it has what was said about it."""
    made = await world.open(Kind.GROUP, "ada", "ben", "cy", ext='{"name":"tea"}')
    stored = await world.store.read.conversations.find(world.hall.app_id, made.conv_id, world.clock.now())
    assert made == stored
    assert ('{"name":"tea"}', "ada", 1_000, None) == (made.ext, made.creator, made.capacity, made.expires_at)
    standings = await world.store.read.members.of(made.id)
    assert {"ada": Role.OWNER, "ben": Role.MEMBER, "cy": Role.MEMBER} == {
        client: standing.role for client, standing in standings.items()
    }


async def test_everybody_in_it_is_told(world: World) -> None:
    """Its members hear that they are in, and who brought them."""
    await world.open(Kind.GROUP, "ada", "ben")
    (told,) = world.told.of(MembersJoined)
    assert ("ada", ("ada", "ben")) == (told.by, told.audience)


async def test_two_people_have_one_direct_conversation(world: World) -> None:
    """Whoever starts it, and however often, it is the same one; it is told once."""
    first = await world.open(Kind.DIRECT, "ada", "cy")
    assert first.conv_id == (await world.open(Kind.DIRECT, "cy", "ada")).conv_id
    assert first.conv_id == (await world.open(Kind.DIRECT, "ada", "cy")).conv_id
    assert 1 == len(world.told.of(MembersJoined))


async def test_two_people_who_start_at_once_meet(world: World) -> None:
    """Opened from both sides at the same time, it is still one."""
    openings = [world.open(Kind.DIRECT, *pair) for pair in (("ada", "cy"), ("cy", "ada"), ("ada", "cy"))]
    assert 1 == len({made.conv_id for made in await asyncio.gather(*openings)})
    assert 1 == len(world.told.of(MembersJoined))


async def test_pairs_of_two_apps_do_not_meet(world: World) -> None:
    """The same two names in another app have a conversation of their own."""
    here = await world.open(Kind.DIRECT, "ada", "ben")
    for name in ("ada", "ben"):
        await world.actions.issue_token(Caller(world.annex), ClientId(name))
    opening = Opening(Kind.DIRECT, ClientId("ada"), (ClientId("ben"),))
    there = await world.actions.open_conversation(Caller(world.annex), opening)
    assert here.conv_id != there.conv_id


async def test_a_temporary_one_has_an_end(world: World) -> None:
    """It lives as long as was asked for, else as long as the app has settled."""
    now = world.clock.now()
    assert now + DAY == (await world.open(Kind.TEMPORARY, "ada")).expires_at
    for seconds in (1, LONGEST_LIFETIME // SECOND):
        made = await world.open(Kind.TEMPORARY, "ada", ttl_seconds=seconds)
        assert now + seconds * SECOND == made.expires_at


async def test_a_lifetime_counts_only_where_there_is_one(world: World) -> None:
    """A group has no end, whatever was asked."""
    assert (await world.open(Kind.GROUP, "ada", ttl_seconds=5)).expires_at is None


async def test_a_room_takes_in_who_is_online(world: World) -> None:
    """Of those who are named only who is connected is in a new room, and is told."""
    ada, ben = world.phone(world.ada), world.phone(world.ben)
    room = await world.open(Kind.ROOM, "ada", "ben", "cy")
    assert ["ada", "ben"] == await world.members(room.conv_id)
    assert [["brought in ada ben"]] * 2 == [ada.heard(), ben.heard()]
    assert [] == await world.stored_members(room)


async def test_a_room_opens_with_nobody_in_it(world: World) -> None:
    """A room whose creator is not connected is empty, and nobody is told."""
    room = await world.open(Kind.ROOM, "ada")
    assert [] == await world.members(room.conv_id)
    assert [] == world.told.of(MembersJoined)


async def test_who_goes_while_a_room_is_made_is_not_in_it(world: World) -> None:
    """A connection that ends before the room is stored leaves nobody behind in it."""
    phone = world.phone(world.ada)
    opening = asyncio.ensure_future(world.open(Kind.ROOM, "ada"))
    await asyncio.sleep(0)
    phone.hang_up()
    assert [] == await world.members((await opening).conv_id)


async def test_only_rooms_do_without_history(world: World) -> None:
    """What others say while one is away is kept, except in a room that asked for it."""
    kept = [(await world.open(kind, "ada", keep_history=False)).keep_history for kind in (Kind.GROUP, Kind.ROOM)]
    assert [True, False] == kept


async def test_it_may_bring_its_own_id(world: World) -> None:
    """An id from outside is kept as it is, once."""
    given = ConvId("5f1e2d3c4b5a697887766554")
    assert given == (await world.open(Kind.GROUP, "ada", conv_id=given)).conv_id
    assert FaultCode.BAD_FORMAT is await refusal(world.open(Kind.GROUP, "ben", conv_id=given))
    assert ["ada"] == await world.members(given)


async def test_the_creator_counts_once(world: World) -> None:
    """Naming oneself among the others changes nothing."""
    made = await world.open(Kind.DIRECT, "ada", "ada", "ben")
    assert ["ada", "ben"] == await world.stored_members(made)


async def test_it_takes_as_many_as_the_app_says(world: World) -> None:
    """A group may be full from the start, and no fuller."""
    people = await world.know(*(f"p{number}" for number in range(3)))
    small = Caller(with_settings(world.hall, group_capacity=3, temporary_capacity=2), ClientId("ada"))
    full = Opening(Kind.GROUP, ClientId("ada"), people[:2])
    assert 3 == (await world.actions.open_conversation(small, full)).capacity
    for opening in (Opening(Kind.GROUP, ClientId("ada"), people), Opening(Kind.TEMPORARY, ClientId("ada"), people[:2])):
        assert FaultCode.FULL is await refusal(world.actions.open_conversation(small, opening))


async def test_a_direct_one_is_with_exactly_one_other(world: World) -> None:
    """Nobody, oneself alone, or two others make no direct conversation."""
    for others in ((), ("ada",), ("ben", "cy")):
        assert FaultCode.WRONG_KIND is await refusal(world.open(Kind.DIRECT, "ada", *others))


async def test_a_lifetime_has_bounds(world: World) -> None:
    """Less than a second and more than 30 days are refused."""
    for seconds in (0, -1, LONGEST_LIFETIME // SECOND + 1):
        assert FaultCode.BAD_FORMAT is await refusal(world.open(Kind.TEMPORARY, "ada", ttl_seconds=seconds))


async def test_an_extension_has_a_bound(world: World) -> None:
    """An extension that would burden everybody who lists it is refused."""
    fitting = '"' + "x" * (LARGEST_EXT - 2) + '"'
    assert fitting == (await world.open(Kind.GROUP, "ada", ext=fitting)).ext
    assert FaultCode.BAD_FORMAT is await refusal(world.open(Kind.GROUP, "ada", ext=fitting + " "))


async def test_strangers_to_the_app_cannot_be_brought_in(world: World) -> None:
    """An unknown client is refused, named, and nothing is made."""
    for kind in (Kind.DIRECT, Kind.GROUP, Kind.ROOM):
        assert FaultCode.UNKNOWN_CLIENT is await refusal(world.open(kind, "ada", "dora"))
    assert [] == world.told.events


async def test_the_banned_cannot_be_brought_in(world: World) -> None:
    """A banned client is refused, in a direct conversation that there is already too."""
    await world.open(Kind.DIRECT, "ada", "ben")
    await world.actions.ban(world.backend, ClientId("ben"))
    assert 1 == len(world.told.of(BanChanged))
    for kind in (Kind.DIRECT, Kind.GROUP):
        assert FaultCode.BANNED is await refusal(world.open(kind, "ada", "ben"))


async def test_nobody_opens_in_another_name(world: World) -> None:
    """A client opens conversations as itself; the backend as anybody."""
    opening = Opening(Kind.GROUP, ClientId("ben"))
    assert FaultCode.FOREIGN_CLIENT is await refusal(world.actions.open_conversation(world.ada, opening))
    assert "ben" == (await world.actions.open_conversation(world.backend, opening)).creator


async def test_strangers_become_known_where_that_is_wanted(world: World) -> None:
    """The creator and the others, in the same moment in which the conversation opens; else they keep it shut."""
    strangers = {"create_missing": True}
    made = await world.open(Kind.DIRECT, "eve", "finn", **strangers)
    assert made.conv_id == (await world.open(Kind.DIRECT, "finn", "eve")).conv_id
    assert FaultCode.UNKNOWN_CLIENT is await refusal(world.open(Kind.DIRECT, "eve", "gus"))
    for name in ("eve", "finn"):
        assert name == (await world.actions.find_user(world.ada, ClientId(name))).client_id


async def test_what_cannot_be_opened_makes_nobody_known(world: World) -> None:
    """Neither beside somebody banned, nor for an app that lets in only who was registered."""
    await world.actions.ban(world.backend, ClientId("cy"))
    asked = Opening(Kind.GROUP, ClientId("ada"), (ClientId("eve"), ClientId("cy")), create_missing=True)
    assert FaultCode.BANNED is await refusal(world.actions.open_conversation(world.ada, asked))
    asked = Opening(Kind.DIRECT, ClientId("ada"), (ClientId("eve"),), create_missing=True)
    closed = Caller(with_settings(world.hall, create_users=False))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(world.actions.open_conversation(closed, asked))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(world.actions.find_user(world.ada, ClientId("eve")))
