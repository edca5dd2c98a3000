"""Coming in and bringing others in, as LeanCloud's clients and backends do."""

from typing import Any

import pytest
from msgspec.structs import replace

from core.world import World, refusal, with_settings
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import ConversationUpdated, MembersJoined
from parlance.core.model.member import OWNER, PLAIN, Role, Standing
from parlance.core.model.membership import MembershipChange, Refusal
from parlance.core.model.starting import Starting
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from realtime.parts import clients


async def _start(world: World, creator: str, *others: str, kind: Kind = Kind.GROUP, **more: Any) -> Conversation:
    starting = Starting(kind, ClientId(creator), clients(others), **more)
    caller = world.client(creator) if creator else world.backend
    started = await world.actions.start_conversation(caller, starting)
    world.told.events.clear()
    world.clock.advance(SECOND)
    return started.roster.conversation


async def _bring(world: World, caller: Caller, conversation: Conversation, *names: str) -> MembershipChange:
    return await world.actions.bring_in(caller, conversation.conv_id, clients(names), origin=7)


async def test_a_member_brings_others_in(world: World) -> None:
    """They are in, everybody is told by whom, and who was in is allowed to be; that is a change of it."""
    made = await _start(world, "ada", "ben", "eve")
    change = await _bring(world, world.ben, made, "cy", "ada", "dan", "cy")
    changed = replace(made, updated_at=world.clock.now())
    assert MembershipChange(changed, clients(["ada", "cy", "dan"]), (), world.clock.now()) == change
    (told,) = world.told.of(MembersJoined)
    assert ("ben", 7, world.clock.now()) == (told.by, told.origin, told.time)
    assert {"cy": PLAIN, "dan": PLAIN} == told.standings
    assert ("ada", "ben", "eve", "cy", "dan") == told.audience
    assert ["ada", "ben", "eve", "cy", "dan"] == await world.stored_members(made)


async def test_who_is_in_stays_in(world: World) -> None:
    """It is allowed and nothing is told; the conversation has not changed."""
    made = await _start(world, "ada", "ben", "cy")
    change = await _bring(world, world.ben, made, "ben")
    assert MembershipChange(made, clients(["ben"]), (), made.created_at) == change
    assert [] == world.told.events


async def test_a_stranger_comes_in_by_itself(world: World) -> None:
    """Whoever knows the id of what a client of LeanCloud started."""
    made = await _start(world, "ada", "ben", "eve")
    change = await _bring(world, world.cy, made, "cy")
    assert (clients(["cy"]), ()) == (change.allowed, change.refused)
    assert "cy" == world.told.of(MembersJoined)[0].by


async def test_the_owner_comes_back_as_the_owner(world: World) -> None:
    """Who started it owns it again, unless somebody else does by then."""
    made = await _start(world, "ada", "ben", "cy")
    await world.actions.take_out(world.ada, made.conv_id, clients(["ada"]))
    await _bring(world, world.ben, made, "ada")
    standings = await world.store.read.members.of(made.id)
    assert OWNER == standings[ClientId("ada")]


async def test_a_direct_conversation_becomes_a_group(world: World) -> None:
    """It keeps its ids and its people, has a number and room for others, and its pair is free for another."""
    made = await _start(world, "ada", "cy", unique=True)
    change = await _bring(world, world.cy, made, "ben")
    group = change.conversation
    assert (Kind.GROUP, made.conv_id, made.unique_id, 1_000) == (
        group.kind,
        group.conv_id,
        group.unique_id,
        group.capacity,
    )
    assert group.group_id is not None
    assert {"ada", "cy", "ben"} == set(await world.members(made.conv_id))
    loosened, joined = world.told.events
    assert isinstance(loosened, ConversationUpdated)
    before = replace(group, updated_at=None)
    assert (before, None, None) == (loosened.conversation, loosened.asked, loosened.modified)
    assert isinstance(joined, MembersJoined)
    assert (
        group
        == joined.conversation
        == await world.store.read.conversations.find(world.hall.app_id, made.conv_id, world.clock.now())
    )
    assert made.conv_id != (await world.open(Kind.DIRECT, "ada", "cy")).conv_id


async def test_a_direct_conversation_stays_one_when_nobody_comes(world: World) -> None:
    """Who is in it already makes no group of it."""
    made = await _start(world, "ada", "cy", unique=True)
    assert Kind.DIRECT is (await _bring(world, world.cy, made, "ada")).conversation.kind
    assert [] == world.told.events


async def test_the_backend_brings_anybody_in(world: World) -> None:
    """Without being in."""
    made = await _start(world, "ada", "ben", "eve")
    assert clients(["cy"]) == (await _bring(world, world.backend, made, "cy")).allowed
    assert world.told.of(MembersJoined)[0].by is None


async def test_those_who_find_no_place_are_refused(world: World) -> None:
    """As many come in as there is room for, in the order in which they are named."""
    small = Caller(with_settings(world.hall, group_capacity=3), ClientId("ada"))
    started = await world.actions.start_conversation(small, Starting(Kind.GROUP, ClientId("ada"), clients(["ben"])))
    change = await _bring(world, small, started.roster.conversation, "cy", "dan", "eve", "ben")
    assert clients(["ben", "cy"]) == change.allowed
    assert (Refusal(FaultCode.FULL, clients(["dan", "eve"])),) == change.refused


async def test_who_is_blocked_or_banned_is_refused(world: World) -> None:
    """Whoever brings them in, themselves and the backend included; the others come in."""
    made = await _start(world, "ada", "ben", "eve")
    await world.actions.block(world.ada, made.conv_id, clients(["cy"]))
    await world.actions.ban(world.backend, (await world.know("dan"))[0])
    for caller in (world.ada, world.backend):
        change = await _bring(world, caller, made, "cy", "dan", "fay")
        assert clients(["fay"]) == change.allowed
        blocked = Refusal(FaultCode.BLOCKED, clients(["cy"]))
        assert (blocked, Refusal(FaultCode.BANNED, clients(["dan"]))) == change.refused
    assert (Refusal(FaultCode.BLOCKED, clients(["cy"])),) == (await _bring(world, world.cy, made, "cy")).refused


async def test_strangers_become_known(world: World) -> None:
    """If the app makes users; else they are refused and the others come in."""
    made = await _start(world, "ada", "ben", "eve")
    closed = Caller(with_settings(world.hall, create_users=False), ClientId("ada"))
    change = await _bring(world, closed, made, "unheard", "cy")
    assert (clients(["cy"]), (Refusal(FaultCode.UNKNOWN_CLIENT, clients(["unheard"])),)) == (
        change.allowed,
        change.refused,
    )
    await _bring(world, world.ada, made, "unheard")
    assert await world.actions.find_user(world.backend, ClientId("unheard"))


async def test_a_stranger_brings_nobody_in(world: World) -> None:
    """Not even itself among others."""
    made = await _start(world, "ada", "ben", "eve")
    assert FaultCode.NOT_A_MEMBER is await refusal(_bring(world, world.cy, made, "dan"))
    assert FaultCode.NOT_A_MEMBER is await refusal(_bring(world, world.cy, made, "cy", "dan"))


async def test_nobody_walks_into_what_others_opened(world: World) -> None:
    """A group made through another dialect is entered by who is brought in."""
    asked = world.actions.bring_in(world.cy, world.group, clients(["cy"]))
    assert FaultCode.NOT_A_MEMBER is await refusal(asked)
    await world.actions.bring_in(world.ben, world.group, clients(["cy"]))
    assert ["ada", "ben", "cy"] == await world.members()


async def test_a_client_enters_a_room(world: World) -> None:
    """Who is in is told; coming in twice changes nothing."""
    room = await _start(world, "ada", kind=Kind.ROOM)
    world.phone(world.cy)
    for told in (1, 0):
        change = await _bring(world, world.cy, room, "cy")
        assert (clients(["cy"]), ()) == (change.allowed, change.refused)
        assert told == len(world.told.of(MembersJoined))
    assert ["cy"] == await world.members(room.conv_id)
    world.phone(world.ada)
    await _bring(world, world.ada, room, "ada")
    (event,) = world.told.of(MembersJoined)
    assert ({"ada": Standing(Role.OWNER)}, ("cy", "ada"), 7) == (event.standings, event.audience, event.origin)


async def test_who_is_not_connected_enters_no_room(world: World) -> None:
    """It would stay there for ever. Who is blocked does not come in either."""
    room = await _start(world, "ada", kind=Kind.ROOM)
    world.phone(world.ben)
    await world.actions.block(world.backend, room.conv_id, clients(["ben"]))
    change = await _bring(world, world.backend, room, "ben", "cy")
    blocked = Refusal(FaultCode.BLOCKED, clients(["ben"]))
    assert (blocked, Refusal(FaultCode.NOT_LOGGED_IN, clients(["cy"]))) == change.refused
    assert ((), room.created_at) == (change.allowed, change.changed_at)


async def test_a_client_subscribes(world: World) -> None:
    """Nobody but itself is told."""
    service = await _start(world, "", "ada", "ben", kind=Kind.SERVICE)
    for told in (1, 0):
        assert clients(["cy"]) == (await _bring(world, world.cy, service, "cy")).allowed
        events = world.told.of(MembersJoined)
        assert told == len(events)
        assert [("cy",)] * told == [event.audience for event in events]
    assert ["ada", "ben", "cy"] == await world.stored_members(service)


@pytest.mark.parametrize("kind", [Kind.ROOM, Kind.SERVICE])
async def test_everybody_comes_by_itself(world: World, kind: Kind) -> None:
    """Nobody is invited into a room, or subscribed by others."""
    made = await _start(world, "", "ada", kind=kind)
    assert FaultCode.WRONG_KIND is await refusal(_bring(world, world.ada, made, "ben"))


async def test_nobody_comes_into_a_temporary_one(world: World) -> None:
    """Neither by a member nor by the backend."""
    made = await _start(world, "ada", "ben", kind=Kind.TEMPORARY)
    for caller in (world.ada, world.backend):
        assert FaultCode.WRONG_KIND is await refusal(_bring(world, caller, made, "cy"))


async def test_an_unknown_conversation_is_refused(world: World) -> None:
    """As is one of another app."""
    made = await _start(world, "ada", "ben", "eve")
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(_bring(world, world.dora, made, "dora"))
