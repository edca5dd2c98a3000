"""Starting conversations as LeanCloud's clients and backends do."""

import asyncio
from typing import Any

import pytest

from core.world import World, refusal, with_settings
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import LARGEST_EXT, Kind, unique_id_of
from parlance.core.model.events import BanChanged, MembersJoined
from parlance.core.model.member import OWNER, PLAIN, Role, Standing
from parlance.core.model.starting import Started, Starting
from parlance.kernel.clock import DAY, SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId
from realtime.parts import clients


async def _start(world: World, creator: str, *others: str, kind: Kind = Kind.GROUP, **more: Any) -> Started:
    starting = Starting(kind, ClientId(creator), clients(others), **more)
    caller = world.client(creator) if creator else world.backend
    return await world.actions.start_conversation(caller, starting, origin=7)


async def test_a_conversation_starts(world: World) -> None:
    """Its creator owns it, whoever knows its id may come in, and it has what was said about it."""
    started = await _start(world, "ada", "ben", "cy", name="tea", ext='{"a":1}', columns='{"b":2}')
    made = started.roster.conversation
    stored = await world.store.read.conversations.find(world.hall.app_id, made.conv_id, world.clock.now())
    assert made == stored
    assert (Kind.GROUP, "tea", '{"a":1}', '{"b":2}') == (made.kind, made.name, made.ext, made.columns)
    assert (True, None, False) == (made.open_door, made.unique_id, started.existing)
    assert {"ada": OWNER, "ben": PLAIN, "cy": PLAIN} == dict(started.roster.members)
    assert started.roster.members == await world.store.read.members.of(made.id)


async def test_its_id_is_one_that_leancloud_might_have_given(world: World) -> None:
    """24 lowercase hex digits, or for a temporary one what clients tell it by."""
    lasting = (await _start(world, "ada", "ben", "cy")).roster.conversation.conv_id
    temporary = (await _start(world, "ada", "ben", kind=Kind.TEMPORARY)).roster.conversation.conv_id
    assert (24, 5 + 32) == (len(lasting), len(temporary))
    assert int(lasting, 16) >= 0
    assert temporary.startswith("_tmp:")
    assert int(temporary.removeprefix("_tmp:"), 16) >= 0


async def test_everybody_is_told_once(world: World) -> None:
    """One event with all who are in, the creator included, and with the connection that asked for it."""
    started = await _start(world, "ada", "ben", "ben", "ada", "cy")
    (told,) = world.told.of(MembersJoined)
    everybody = ("ada", "ben", "cy")
    assert (everybody, everybody, "ada", 7) == (tuple(told.standings), told.audience, told.by, told.origin)
    assert started.roster.conversation == told.conversation


async def test_each_start_makes_another_unless_it_is_unique(world: World) -> None:
    """The same people may have several conversations."""
    first, second = [await _start(world, "ada", "ben", "cy") for _ in range(2)]
    assert first.roster.conversation.conv_id != second.roster.conversation.conv_id


async def test_what_is_made_in_one_moment_has_an_order(world: World) -> None:
    """No two conversations have the same beginning, however quickly they are made."""
    times = [(await _start(world, "ada", "ben", "cy")).roster.conversation.created_at for _ in range(3)]
    assert [world.clock.now() + passed for passed in range(3)] == times
    world.clock.advance(SECOND)
    assert world.clock.now() == (await _start(world, "ada", "ben")).roster.conversation.created_at


async def test_the_same_people_find_a_unique_one_again(world: World) -> None:
    """Whoever of them starts it. It stays as it is, and nobody is told."""
    first = await _start(world, "ada", "ben", "cy", unique=True, name="tea")
    world.told.events.clear()
    again = await _start(world, "cy", "ada", "ben", unique=True, name="coffee")
    assert again == Started(first.roster, existing=True)
    assert unique_id_of(clients(["ada", "ben", "cy"])) == first.roster.conversation.unique_id
    assert [] == world.told.events


async def test_a_unique_one_keeps_its_id_when_members_change(world: World) -> None:
    """Those who started it find it again, whoever is in it."""
    first = await _start(world, "ada", "ben", "cy", unique=True)
    conv_id = first.roster.conversation.conv_id
    await world.actions.take_out(world.cy, conv_id, clients(["cy"]))
    await world.actions.bring_in(world.ada, conv_id, clients(["eve"]))
    again = await _start(world, "ada", "ben", "cy", unique=True)
    assert (conv_id, True) == (again.roster.conversation.conv_id, again.existing)
    assert {"ada", "ben", "eve"} == set(again.roster.members)


async def test_two_people_have_one_direct_conversation(world: World) -> None:
    """Unique between two is their direct conversation, through whatever dialect it was opened."""
    opened = await world.open(Kind.DIRECT, "ben", "cy")
    again = await _start(world, "cy", "ben", unique=True)
    assert (opened.conv_id, True) == (again.roster.conversation.conv_id, again.existing)
    started = (await _start(world, "ada", "cy", unique=True)).roster.conversation
    assert (Kind.DIRECT, 2) == (started.kind, started.capacity)
    assert started.conv_id == (await world.open(Kind.DIRECT, "cy", "ada")).conv_id


async def test_two_find_what_became_of_theirs(world: World) -> None:
    """A direct conversation that others came into is a group, and still the one that the two started."""
    started = (await _start(world, "ada", "cy", unique=True)).roster.conversation
    await world.actions.bring_in(world.ada, started.conv_id, clients(["eve"]))
    again = await _start(world, "cy", "ada", unique=True)
    assert (started.conv_id, Kind.GROUP, True) == (
        again.roster.conversation.conv_id,
        again.roster.conversation.kind,
        again.existing,
    )


async def test_who_starts_at_once_meets(world: World) -> None:
    """Started from all sides at the same time, it is one conversation, and told once."""
    for people in (("ada", "cy"), ("ada", "ben", "cy")):
        sides = [(one, *(other for other in people if other != one)) for one in people]
        started = await asyncio.gather(*(_start(world, *side, unique=True) for side in sides))
        assert 1 == len({made.roster.conversation.conv_id for made in started})
        assert [False] + [True] * (len(people) - 1) == sorted(made.existing for made in started)
        assert 1 == len(world.told.of(MembersJoined))


@pytest.mark.parametrize(
    "sides", [(("1", "23"), ("12", "3")), (("1", "2", "34"), ("12", "3", "4")), (("a", "b c"), ("a b", "c"))]
)
async def test_ids_that_come_out_alike_are_told_apart(world: World, sides: tuple[tuple[str, ...], ...]) -> None:
    """LeanCloud's unique ids have nothing between the names. Nobody gets into a conversation of others by it."""
    for _ in range(2):
        found = [await _start(world, *people, unique=True) for people in sides]
        assert [set(people) for people in sides] == [set(started.roster.members) for started in found]
    assert [True, True] == [started.existing for started in found]


async def test_alone_is_a_group_of_one(world: World) -> None:
    """Who names nobody else is in it alone, and finds it again."""
    first = await _start(world, "ada", unique=True)
    assert (Kind.GROUP, ["ada"]) == (first.roster.conversation.kind, list(first.roster.members))
    assert Started(first.roster, existing=True) == await _start(world, "ada", unique=True)


async def test_a_temporary_one_is_the_same_while_it_lives(world: World) -> None:
    """Until its end the same people find it again; then they start another."""
    first = await _start(world, "ada", "ben", kind=Kind.TEMPORARY, ttl_seconds=60, unique=True)
    assert world.clock.now() + 60 * SECOND == first.roster.conversation.expires_at
    assert Started(first.roster, existing=True) == await _start(world, "ben", "ada", kind=Kind.TEMPORARY)
    world.clock.advance(60 * SECOND)
    later = await _start(world, "ben", "ada", kind=Kind.TEMPORARY)
    assert first.roster.conversation.conv_id != later.roster.conversation.conv_id
    assert later.roster.conversation.created_at + DAY == later.roster.conversation.expires_at


async def test_a_room_has_who_is_connected(world: World) -> None:
    """Who starts a room is in it; nobody else is brought in, and it is never found again."""
    world.phone(world.ada)
    room = await _start(world, "ada", "ben", kind=Kind.ROOM, unique=True)
    assert ["ada"] == list(room.roster.members)
    (told,) = world.told.of(MembersJoined)
    assert ({"ada": Standing(Role.OWNER)}, 7) == (told.standings, told.origin)
    empty = await _start(world, "cy", kind=Kind.ROOM)
    assert ([], False) == (list(empty.roster.members), empty.existing)


async def test_the_backend_starts_a_service_conversation(world: World) -> None:
    """Many of them; those it names are its subscribers, and hear of nobody else."""
    one, other = [await _start(world, "", *others, kind=Kind.SERVICE, name="news") for others in (["ada", "ben"], [])]
    assert one.roster.conversation.conv_id != other.roster.conversation.conv_id
    assert ["ada", "ben"] == await world.stored_members(one.roster.conversation)
    (told,) = world.told.of(MembersJoined)
    assert (None, {"ada", "ben"}) == (told.by, set(told.audience))


async def test_the_backend_starts_without_an_owner(world: World) -> None:
    """It need not say who the creator is: then nobody owns it."""
    started = await _start(world, "", "ada", "ben", "cy", conv_id=ConvId("theirs"))
    assert ("theirs", "") == (started.roster.conversation.conv_id, started.roster.conversation.creator)
    assert {PLAIN} == set(started.roster.members.values())
    assert "" not in await world.store.read.users.find_many(world.hall.app_id, [ClientId("")])


async def test_strangers_become_known(world: World) -> None:
    """Whoever is named has a user then, if the app makes users."""
    await _start(world, "ada", "nobody", "ben")
    assert await world.actions.find_user(world.backend, ClientId("nobody"))
    closed = Caller(with_settings(world.hall, create_users=False), ClientId("ada"))
    starting = Starting(Kind.GROUP, ClientId("ada"), clients(["unheard"]))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(world.actions.start_conversation(closed, starting))


async def test_nobody_starts_for_another(world: World) -> None:
    """A client is the creator of what it starts."""
    starting = Starting(Kind.GROUP, ClientId("ben"), clients(["cy"]))
    assert FaultCode.FOREIGN_CLIENT is await refusal(world.actions.start_conversation(world.ada, starting))


async def test_clients_start_no_service_conversation(world: World) -> None:
    """It is the app's own."""
    assert FaultCode.NOT_PERMITTED is await refusal(_start(world, "ada", kind=Kind.SERVICE))


@pytest.mark.parametrize("kind", [Kind.DIRECT, Kind.SYSTEM])
async def test_some_kinds_are_not_started(world: World, kind: Kind) -> None:
    """A direct one is a unique one between two; the app's own one is there."""
    assert FaultCode.WRONG_KIND is await refusal(_start(world, "ada", "ben", kind=kind))


async def test_too_many_are_refused(world: World) -> None:
    """All or nobody: a group takes what the app says, a temporary one less."""
    small = Caller(with_settings(world.hall, group_capacity=2, temporary_capacity=2), ClientId("ada"))
    for kind in (Kind.GROUP, Kind.TEMPORARY):
        starting = Starting(kind, ClientId("ada"), clients(["ben", "cy"]))
        assert FaultCode.FULL is await refusal(world.actions.start_conversation(small, starting))


async def test_who_is_banned_is_in_nothing_new(world: World) -> None:
    """Nor is something found again with it."""
    await _start(world, "ada", "ben", unique=True)
    await world.actions.ban(world.backend, ClientId("ben"))
    assert 1 == len(world.told.of(BanChanged))
    for unique in (True, False):
        assert FaultCode.BANNED is await refusal(_start(world, "ada", "ben", unique=unique))


@pytest.mark.parametrize(
    "said",
    [
        {"name": "x" * (LARGEST_EXT + 1)},
        {"ext": "x" * (LARGEST_EXT + 1)},
        {"columns": "x" * (LARGEST_EXT + 1)},
        {"name": "\x00"},
        {"kind": Kind.TEMPORARY, "ttl_seconds": 31 * 86_400},
    ],
)
async def test_what_cannot_be_kept_is_refused(world: World, said: dict[str, Any]) -> None:
    """Too much said about it, or too long a life."""
    assert FaultCode.BAD_FORMAT is await refusal(_start(world, "ada", "ben", **said))


async def test_an_id_that_is_taken_is_refused(world: World) -> None:
    """A backend may name a conversation, not two alike."""
    asked = _start(world, "ada", "ben", conv_id=world.group)
    assert FaultCode.BAD_FORMAT is await refusal(asked)


async def test_people_of_two_apps_do_not_meet(world: World) -> None:
    """The same names in another app have a conversation of their own."""
    here = await _start(world, "ada", "ben", "cy", unique=True)
    caller = Caller(world.annex, ClientId("ada"))
    starting = Starting(Kind.GROUP, ClientId("ada"), clients(["ben", "cy"]), unique=True)
    there = await world.actions.start_conversation(caller, starting)
    assert (False, True) == (there.existing, here.roster.conversation.id != there.roster.conversation.id)
    assert here.roster.conversation.unique_id == there.roster.conversation.unique_id
