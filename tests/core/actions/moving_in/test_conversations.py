"""Taking over an app's conversations."""

import msgspec

from core.actions.moving_in.bringing import ADA, BEN, LONG_AGO, TOM, conversation
from core.world import World, refusal
from parlance.core.model.conversation import Kind
from parlance.core.model.member import OWNER, PLAIN
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ConvId


async def test_they_are_as_they_were(world: World) -> None:
    """Ids, times, what is said about them, who is in and how, who is not told; nobody hears of it."""
    moved = conversation(world, "5eccba570000000000000001", name="Tea", ext='{"a":1}', columns='{"x":2}')
    taken = await world.actions.take_over_conversations(world.backend, [moved])
    assert (1, 0, []) == (taken.added, taken.known, taken.refused)
    here = await world.store.read.conversations.find(world.hall.app_id, moved.new.conv_id, world.clock.now())
    assert here is not None
    assert ("Tea", '{"a":1}', '{"x":2}', True) == (here.name, here.ext, here.columns, here.open_door)
    assert (LONG_AGO, LONG_AGO + 5_000) == (here.created_at, here.updated_at)
    assert {TOM: OWNER, ADA: PLAIN} == await world.store.read.members.of(here.id)
    assert {here.id: [ADA]} == await world.store.read.members.muted([here.id])
    assert [] == world.told.events


async def test_a_second_time_only_newcomers_come(world: World) -> None:
    """What is here stays as it is: names, roles, and who is muted."""
    moved = conversation(world, "5eccba570000000000000001", name="Tea")
    await world.actions.take_over_conversations(world.backend, [moved])
    again = msgspec.structs.replace(
        moved, new=msgspec.structs.replace(moved.new, name="Coffee"), members={ADA: OWNER, BEN: PLAIN}
    )
    taken = await world.actions.take_over_conversations(world.backend, [again])
    assert (0, 1) == (taken.added, taken.known)
    here = await world.store.read.conversations.find(world.hall.app_id, moved.new.conv_id, world.clock.now())
    assert here is not None
    assert "Tea" == here.name
    assert {TOM: OWNER, ADA: PLAIN, BEN: PLAIN} == await world.store.read.members.of(here.id)


async def test_two_people_have_one_direct_conversation_here(world: World) -> None:
    """Of several that they had elsewhere, the others are groups; all keep their ids and people."""
    moved = [
        msgspec.structs.replace(
            conversation(world, f"5eccba57000000000000000{n}", Kind.DIRECT, direct=(TOM, ADA), unique_id="u"), muted=()
        )
        for n in (1, 2)
    ]
    assert 2 == (await world.actions.take_over_conversations(world.backend, moved)).added
    kinds = []
    for each in moved:
        here = await world.store.read.conversations.find(world.hall.app_id, each.new.conv_id, world.clock.now())
        assert here is not None
        kinds.append(here.kind)
        assert {TOM, ADA} == set(await world.store.read.members.of(here.id))
    assert [Kind.DIRECT, Kind.GROUP] == kinds


async def test_rooms_have_nobody(world: World) -> None:
    """Who is in one is who is there."""
    await world.actions.take_over_conversations(world.backend, [conversation(world, "room", Kind.ROOM)])
    here = await world.store.read.conversations.find(world.hall.app_id, ConvId("room"), world.clock.now())
    assert here is not None
    assert {} == await world.store.read.members.of(here.id)


async def test_clients_bring_none(world: World) -> None:
    """It is the backend's business."""
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.take_over_conversations(world.ada, []))
