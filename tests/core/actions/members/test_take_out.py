"""Going and taking others out, as LeanCloud's clients and backends do."""

from typing import Any

import pytest
from msgspec.structs import replace

from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import ConversationUpdated, MembersLeft
from parlance.core.model.member import Role
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


async def _take(world: World, caller: Caller, conversation: Conversation, *names: str) -> MembershipChange:
    return await world.actions.take_out(caller, conversation.conv_id, clients(names), origin=7)


async def test_a_member_goes(world: World) -> None:
    """Everybody who was in is told."""
    made = await _start(world, "ada", "ben", "cy")
    change = await _take(world, world.cy, made, "cy")
    changed = replace(made, updated_at=world.clock.now())
    assert MembershipChange(changed, clients(["cy"]), (), world.clock.now()) == change
    (told,) = world.told.of(MembersLeft)
    assert ("cy", 7, clients(["cy"]), ("ada", "ben", "cy")) == (told.by, told.origin, told.client_ids, told.audience)
    assert ["ada", "ben"] == await world.stored_members(made)


async def test_who_is_not_in_may_be_out(world: World) -> None:
    """It is allowed and nothing is told."""
    made = await _start(world, "ada", "ben", "cy")
    change = await _take(world, world.ada, made, "eve")
    assert MembershipChange(made, clients(["eve"]), (), made.created_at) == change
    assert clients(["eve"]) == (await _take(world, world.client("eve"), made, "eve")).allowed
    assert [] == world.told.events


async def test_among_equals_anybody_takes_out_plain_members(world: World) -> None:
    """Where nobody has been made an admin; the owner goes by itself only."""
    made = await _start(world, "ada", "ben", "cy")
    change = await _take(world, world.ben, made, "cy", "ada")
    assert (clients(["cy"]), (Refusal(FaultCode.NOT_PERMITTED, clients(["ada"])),)) == (change.allowed, change.refused)
    assert ["ada", "ben"] == await world.members(made.conv_id)


async def test_with_admins_the_lower_stay_where_they_are(world: World) -> None:
    """An admin takes out plain members and no other admin; a plain member nobody."""
    made = await _start(world, "ada", "ben", "cy", "dan", "eve")
    for admin in ("ben", "cy"):
        await world.actions.set_role(world.ada, made.conv_id, ClientId(admin), Role.ADMIN)
    assert () == (await _take(world, world.client("dan"), made, "eve")).allowed
    change = await _take(world, world.ben, made, "cy", "eve")
    assert (clients(["eve"]), (Refusal(FaultCode.NOT_PERMITTED, clients(["cy"])),)) == (change.allowed, change.refused)
    assert clients(["cy"]) == (await _take(world, world.ada, made, "cy")).allowed


async def test_the_owner_goes_where_it_leaves_no_admins(world: World) -> None:
    """With an admin it has to stay, whoever asks for it, save for the backend."""
    made = await _start(world, "ada", "ben", "cy", "dan")
    await world.actions.set_role(world.ada, made.conv_id, ClientId("ben"), Role.ADMIN)
    for caller in (world.ada, world.ben):
        assert (Refusal(FaultCode.OWNER_STAYS, clients(["ada"])),) == (await _take(world, caller, made, "ada")).refused
    await world.actions.set_role(world.ada, made.conv_id, ClientId("ben"), Role.MEMBER)
    assert clients(["ada"]) == (await _take(world, world.ada, made, "ada")).allowed
    assert ["ben", "cy", "dan"] == await world.members(made.conv_id)


async def test_the_backend_takes_anybody_out(world: World) -> None:
    """The owner too, whatever others are."""
    made = await _start(world, "ada", "ben", "cy")
    await world.actions.set_role(world.ada, made.conv_id, ClientId("ben"), Role.ADMIN)
    assert clients(["ada", "ben"]) == (await _take(world, world.backend, made, "ada", "ben")).allowed


async def test_groups_of_other_dialects_keep_their_rule(world: World) -> None:
    """There a plain member takes out nobody but itself."""
    await world.actions.bring_in(world.ada, world.group, clients(["cy"]))
    change = await world.actions.take_out(world.ben, world.group, clients(["cy", "ben"]))
    assert (clients(["ben"]), (Refusal(FaultCode.NOT_PERMITTED, clients(["cy"])),)) == (change.allowed, change.refused)


async def test_a_direct_conversation_that_somebody_leaves_is_a_group(world: World) -> None:
    """Of one; its pair is free for another."""
    made = await _start(world, "ada", "cy", unique=True)
    change = await _take(world, world.ada, made, "ada")
    assert (Kind.GROUP, made.unique_id) == (change.conversation.kind, change.conversation.unique_id)
    assert [ConversationUpdated, MembersLeft] == [type(event) for event in world.told.events]
    assert ["cy"] == await world.members(made.conv_id)
    assert made.conv_id != (await world.open(Kind.DIRECT, "ada", "cy")).conv_id


async def test_a_client_leaves_a_room(world: World) -> None:
    """Who is in is told; leaving twice is no error."""
    world.phone(world.ada)
    room = await _start(world, "ada", kind=Kind.ROOM)
    for told in (1, 0):
        assert clients(["ada"]) == (await _take(world, world.ada, room, "ada")).allowed
        assert told == len(world.told.of(MembersLeft))
    assert [] == await world.members(room.conv_id)


async def test_a_client_subscribes_no_more(world: World) -> None:
    """Nobody but itself is told."""
    service = await _start(world, "", "ada", "ben", kind=Kind.SERVICE)
    for told in (1, 0):
        assert clients(["ben"]) == (await _take(world, world.ben, service, "ben")).allowed
        assert [clients(["ben"])] * told == [event.audience for event in world.told.of(MembersLeft)]
    assert ["ada"] == await world.stored_members(service)


@pytest.mark.parametrize("kind", [Kind.ROOM, Kind.SERVICE])
async def test_everybody_goes_by_itself(world: World, kind: Kind) -> None:
    """Nobody is sent out of a room by others, save by the backend."""
    made = await _start(world, "", "ada", kind=kind)
    assert FaultCode.WRONG_KIND is await refusal(_take(world, world.ben, made, "ada"))
    assert clients(["ada"]) == (await _take(world, world.backend, made, "ada")).allowed


async def test_nobody_goes_from_a_temporary_one(world: World) -> None:
    """Neither by itself nor by the backend."""
    made = await _start(world, "ada", "ben", kind=Kind.TEMPORARY)
    for caller in (world.ada, world.backend):
        assert FaultCode.WRONG_KIND is await refusal(_take(world, caller, made, "ada"))


async def test_a_stranger_takes_out_nobody(world: World) -> None:
    """Nor somebody of another app, for whom there is no such conversation."""
    made = await _start(world, "ada", "ben", "eve")
    assert FaultCode.NOT_A_MEMBER is await refusal(_take(world, world.cy, made, "ben"))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(_take(world, world.dora, made, "ben"))
