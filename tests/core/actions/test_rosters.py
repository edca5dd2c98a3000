"""Conversations at hand."""

import asyncio

import msgspec
import pytest

from core.world import World
from parlance.core.actions.rosters import Rosters
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import (
    ConversationDeleted,
    ConversationUpdated,
    MembersJoined,
    MembersLeft,
    RestrictionsChanged,
    StandingsChanged,
)
from parlance.core.model.member import OWNER, PLAIN, Roster
from parlance.core.model.opening import Opening
from parlance.core.model.restriction import FREE, Restraint, Restriction
from parlance.core.ports.store import Repositories
from parlance.kernel.clock import SECOND
from parlance.kernel.ids import AppId, ClientId, ConvId
from parlance.realtime.hub import Hub
from parlance.realtime.presence import LocalPresence
from realtime.parts import clients, conversation

HALL = AppId("hall")
CY = ClientId("cy")
BLOCKED = Restriction(blocked=True)


def _rosters(world: World, most: int = 1_000) -> Rosters:
    return Rosters(world.store, LocalPresence(Hub()), world.clock, most)


async def _group(world: World) -> Conversation:
    found = await world.store.read.conversations.find(HALL, world.group, world.clock.now())
    assert found is not None
    return found


def _joined(about: Conversation, *names: str) -> MembersJoined:
    standings = dict.fromkeys(clients(names), PLAIN)
    return MembersJoined(about, standings, None, 0, clients(names))


def _left(about: Conversation, *names: str) -> MembersLeft:
    return MembersLeft(about, clients(names), None, 0, clients(names))


def _names(rosters: Rosters, conv_id: ConvId) -> list[str] | None:
    roster = rosters.at_hand(HALL, conv_id)
    return None if roster is None else list(roster.members)


async def test_what_was_found_is_at_hand(world: World) -> None:
    """The store is asked once; what nobody asked for is not at hand."""
    rosters = _rosters(world)
    assert None is _names(rosters, world.group)
    found = await rosters.find(HALL, world.group)
    assert found is not None
    assert {"ada": OWNER, "ben": PLAIN} == found.members
    assert found is rosters.at_hand(HALL, world.group) is await rosters.find(HALL, world.group)


async def test_what_is_not_there_is_not_found(world: World) -> None:
    """Nor kept: made-up ids fill no memory. Another app's is not there."""
    rosters = _rosters(world)
    assert None is await rosters.find(HALL, ConvId("nothing"))
    assert None is await rosters.find(AppId("annex"), world.group)
    assert ({}, {}, {}) == (rosters._young, rosters._old, rosters._loading)


async def test_it_follows_what_happens(world: World) -> None:
    """Who comes is in, who goes is out, what is said about it is so, in the order of events."""
    rosters, group = _rosters(world), await _group(world)
    await rosters.find(HALL, world.group)
    rosters.heard([_joined(group, "cy", "eve"), _left(group, "ben", "cy"), _joined(group, "bob")])
    assert ["ada", "eve", "bob"] == _names(rosters, world.group)
    rosters.heard([ConversationUpdated(conversation(group.id), None, 0, ())])
    assert None is not rosters.at_hand(HALL, world.group)
    rosters.heard([ConversationDeleted(group, None, 0, ())])
    assert None is _names(rosters, world.group)


async def test_who_stands_otherwise_stays_in(world: World) -> None:
    """A new owner is the owner at once."""
    rosters, group = _rosters(world), await _group(world)
    await rosters.find(HALL, world.group)
    rosters.heard([StandingsChanged(group, {ClientId("ben"): OWNER})])
    roster = rosters.at_hand(HALL, world.group)
    assert roster is not None
    assert {"ada": OWNER, "ben": OWNER} == roster.members


def _restricted(about: Conversation, how: Restriction, *names: str, lifted: bool = False) -> RestrictionsChanged:
    restrictions = dict.fromkeys(clients(names), how)
    return RestrictionsChanged(about, Restraint.BLOCKED, restrictions, lifted, None, 0, ())


async def test_who_is_restricted_is_at_hand(world: World) -> None:
    """Members or not, as the store has it and as it changes; free again, they weigh nothing."""
    rosters, group = _rosters(world), await _group(world)
    async with world.store.begin() as tx:
        await tx.restrictions.put(group.id, {CY: BLOCKED}, world.clock.now(), None)
    found = await rosters.find(HALL, world.group)
    assert found is not None
    assert {CY: BLOCKED} == found.restrictions
    rosters.heard([_restricted(group, BLOCKED, "ben"), _joined(group, "eve"), _left(group, "ada")])
    after = rosters.at_hand(HALL, world.group)
    assert after is not None
    assert {CY: BLOCKED, ClientId("ben"): BLOCKED} == after.restrictions
    weight = rosters._weight
    rosters.heard([_restricted(group, FREE, "cy", "ben", lifted=True)])
    after = rosters.at_hand(HALL, world.group)
    assert after is not None
    assert {} == after.restrictions
    assert weight - 2 == rosters._weight


async def test_a_room_restricts_too(world: World) -> None:
    """Who is kept out of it is not who is present."""
    rosters = _rosters(world)
    opening = Opening(Kind.ROOM, ClientId("ada"))
    room = await world.actions.open_conversation(world.ada, opening)
    async with world.store.begin() as tx:
        await tx.restrictions.put(room.id, {CY: BLOCKED}, world.clock.now(), None)
    await rosters.find(HALL, room.conv_id)
    rosters.heard([_restricted(room, BLOCKED, "eve")])
    roster = rosters.at_hand(HALL, room.conv_id)
    assert roster is not None
    assert ({}, {CY: BLOCKED, ClientId("eve"): BLOCKED}) == (roster.members, roster.restrictions)


async def test_a_direct_conversation_that_becomes_a_group_is_one(world: World) -> None:
    """Its kind is what the event says, and its members stay."""
    rosters = _rosters(world)
    opening = Opening(Kind.DIRECT, ClientId("ada"), (ClientId("ben"),))
    direct = await world.actions.open_conversation(world.ada, opening)
    await rosters.find(HALL, direct.conv_id)
    group = msgspec.structs.replace(direct, kind=Kind.GROUP, group_id=9)
    rosters.heard([ConversationUpdated(group, None, 0, ()), _joined(group, "cy")])
    roster = rosters.at_hand(HALL, direct.conv_id)
    assert roster is not None
    assert (Kind.GROUP, 3) == (roster.conversation.kind, len(roster.members))


async def test_where_messages_name_their_readers_nothing_is_kept(world: World) -> None:
    """Nobody is in such a conversation, and who is told is said with each message."""
    rosters = _rosters(world)
    await world.actions.ask_to_join(world.cy, ClientId("cy"), 1)
    system = await world.store.read.conversations.find_system(HALL)
    assert system is not None
    roster = await rosters.find(HALL, system.conv_id)
    assert {} == (roster and roster.members)
    assert rosters.at_hand(HALL, system.conv_id) is None


async def test_a_group_is_found_by_its_number(world: World) -> None:
    """At hand or not, within its app."""
    rosters = _rosters(world)
    found = await rosters.find_group(HALL, 1)
    assert ["ada", "ben"] == list(found.members if found else ())
    assert found is await rosters.find_group(HALL, 1)
    assert (None, None) == (await rosters.find_group(HALL, 2), await rosters.find_group(AppId("annex"), 1))


async def test_events_may_come_twice(world: World) -> None:
    """What the store knew already changes nothing when it is heard."""
    rosters, group = _rosters(world), await _group(world)
    await rosters.find(HALL, world.group)
    for _ in range(2):
        rosters.heard([_joined(group, "ben", "cy"), _left(group, "eve")])
    assert ["ada", "ben", "cy"] == _names(rosters, world.group)


async def test_what_is_not_at_hand_is_not_made(world: World) -> None:
    """An event about a conversation that nobody looked at brings in nothing."""
    rosters = _rosters(world)
    rosters.heard([_joined(await _group(world), "cy")])
    assert None is _names(rosters, world.group)


async def test_who_holds_a_roster_keeps_what_it_saw(world: World) -> None:
    """Changes make a new one: who was judged by the old is not surprised amid its work."""
    rosters, group = _rosters(world), await _group(world)
    before = await rosters.find(HALL, world.group)
    rosters.heard([_left(group, "ben")])
    assert before is not None
    assert ["ada", "ben"] == list(before.members)


async def test_a_load_that_raced_with_an_event_is_read_again(world: World) -> None:
    """What is kept was read after everything that was heard."""
    rosters, group = _rosters(world), await _group(world)
    finding = asyncio.ensure_future(rosters.find(HALL, world.group))
    await asyncio.sleep(0)
    # Told, and not in the store: if the first read were kept, she would be missing; if the event were
    # applied to something, she would be in.
    rosters.heard([_joined(group, "cy")])
    reads = _count_reads(rosters)
    found = await finding
    assert found is rosters.at_hand(HALL, world.group)
    assert 1 == len(reads)


def _count_reads(rosters: Rosters) -> list[ConvId]:
    reads: list[ConvId] = []
    read = rosters.read

    async def counting(repositories: Repositories, app_id: AppId, conv_id: ConvId) -> Roster | None:
        reads.append(conv_id)
        return await read(repositories, app_id, conv_id)

    rosters.read = counting  # type: ignore[method-assign]
    return reads


async def test_a_load_that_races_on_and_on_is_used_and_not_kept(world: World) -> None:
    """Where events never cease, what was read last is good enough for who asked, and for nobody else."""
    rosters, group = _rosters(world), await _group(world)
    finding = asyncio.ensure_future(rosters.find(HALL, world.group))
    while not finding.done():
        await asyncio.sleep(0)
        rosters.heard([_joined(group, "cy")])
    found = await finding
    assert found is not None
    assert ["ada", "ben"] == list(found.members)
    assert (None, {}) == (_names(rosters, world.group), rosters._loading)


async def test_an_old_load_is_never_kept_after_a_new_one_began(world: World) -> None:
    """Of loads that overlap each is judged by what it lived through itself."""
    rosters, group = _rosters(world), await _group(world)
    key = (HALL, world.group)
    old = [asyncio.ensure_future(rosters._load(key)) for _ in range(2)]
    await asyncio.sleep(0)
    rosters.heard([_joined(group, "cy")])
    young = asyncio.ensure_future(rosters._load(key))
    answers = [(await load)[1] for load in (*old, young)]
    assert ([False, False, True], {}) == (answers, rosters._loading)


async def test_loads_at_once_agree(world: World) -> None:
    """Many who look for the same thing at once find it, and it counts once."""
    rosters = _rosters(world)
    found = await asyncio.gather(*(rosters.find(HALL, world.group) for _ in range(5)))
    assert 5 == sum(roster is not None and ["ada", "ben"] == list(roster.members) for roster in found)
    assert (10, {}) == (rosters._weight, rosters._loading)


async def test_a_load_that_is_given_up_leaves_nothing(world: World) -> None:
    """A caller that goes away amid a read is forgotten."""
    rosters = _rosters(world)
    finding = asyncio.ensure_future(rosters.find(HALL, world.group))
    await asyncio.sleep(0)
    finding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await finding
    assert ({}, {}) == (rosters._loading, rosters._young)


async def test_what_is_over_is_not_at_hand(world: World) -> None:
    """At the moment of its end, though it was kept."""
    rosters = _rosters(world)
    brief = await world.open(Kind.TEMPORARY, "ada", ttl_seconds=1)
    await rosters.find(HALL, brief.conv_id)
    world.clock.advance(SECOND - 1)
    assert ["ada"] == _names(rosters, brief.conv_id)
    world.clock.advance(1)
    assert None is _names(rosters, brief.conv_id)
    assert None is await rosters.find(HALL, brief.conv_id)


async def test_a_room_is_who_is_present(world: World) -> None:
    """Its roster is a view: who comes and goes is seen by whoever holds it, and weighs nothing here."""
    presence = LocalPresence(Hub())
    rosters = Rosters(world.store, presence, world.clock, 1_000)
    room = await world.open(Kind.ROOM, "ada")
    roster = await rosters.find(HALL, room.conv_id)
    assert roster is not None
    presence.enter(room, {CY: PLAIN})
    rosters.heard([_joined(room, "cy")])
    assert (["cy"], 8) == (list(roster.members), rosters._weight)
    presence.leave(room.id, (CY,))
    assert [] == list(roster.members)


class TestBound:
    """It has a bound, in members, and two generations."""

    async def test_what_is_used_stays(self, world: World) -> None:
        """What is asked for in every generation outlives many that nobody asks for again."""
        rosters = _rosters(world, most=60)
        await rosters.find(HALL, world.group)
        for _ in range(20):
            other = await world.open(Kind.GROUP, "ada", "cy")
            await rosters.find(HALL, other.conv_id)
            assert ["ada", "ben"] == _names(rosters, world.group)

    async def test_what_is_not_used_goes(self, world: World) -> None:
        """And there are never more than so many members."""
        rosters = _rosters(world, most=60)
        await rosters.find(HALL, world.group)
        for _ in range(8):
            other = await world.open(Kind.GROUP, "ada", "cy")
            await rosters.find(HALL, other.conv_id)
        assert None is _names(rosters, world.group)
        assert 60 + 10 >= 10 * (len(rosters._young) + len(rosters._old))

    async def test_coming_and_going_does_not_wear_it_out(self, world: World) -> None:
        """A conversation that changes a hundred times is still one conversation."""
        rosters, group = _rosters(world, most=60), await _group(world)
        for conv_id in (world.group, (await world.open(Kind.GROUP, "ada", "cy")).conv_id):
            await rosters.find(HALL, conv_id)
        for _ in range(50):
            rosters.heard([_joined(group, "cy"), _left(group, "cy")])
        assert (20, {}) == (rosters._weight, rosters._old)

    async def test_an_old_generation_follows_events_too(self, world: World) -> None:
        """What was used long ago is as true as what was used just now, or gone."""
        rosters, group = _rosters(world, most=20), await _group(world)
        await rosters.find(HALL, world.group)
        await rosters.find(HALL, (await world.open(Kind.GROUP, "ada", "cy")).conv_id)
        assert (HALL, world.group) in rosters._old
        rosters.heard([_left(group, "ben")])
        assert ["ada"] == _names(rosters, world.group)
        rosters.heard([ConversationDeleted(group, None, 0, ())])
        assert None is _names(rosters, world.group)

    async def test_one_that_is_larger_than_the_bound_still_works(self, world: World) -> None:
        """It pushes out the others, and is at hand itself until the next one comes."""
        rosters = _rosters(world, most=2)
        for _ in range(3):
            await rosters.find(HALL, world.group)
            assert ["ada", "ben"] == _names(rosters, world.group)
