"""Taking over an app's conversations."""

from typing import Any

import msgspec
import pytest

from core.actions.moving_in.bringing import ADA, BEN, CY, LONG_AGO, TOM, conversation, history, said
from core.world import World, refusal
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.member import OWNER, PLAIN, Role, Standing
from parlance.core.model.moving import MovedConversation, TakenOver
from parlance.core.model.restriction import FOREVER, Restriction
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ConvId

ADMIN = Standing(role=Role.ADMIN)


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


async def again(world: World, moved: MovedConversation, **more: Any) -> TakenOver:
    """Bring it once more, somewhat different."""
    new = msgspec.structs.replace(moved.new, **more.pop("new", {}))
    return await world.actions.take_over_conversations(world.backend, [msgspec.structs.replace(moved, new=new, **more)])


async def here(world: World, moved: MovedConversation) -> Conversation:
    """What has become of it."""
    found = await world.store.read.conversations.find(world.hall.app_id, moved.new.conv_id, world.clock.now())
    assert found is not None
    return found


async def rename(world: World, moved: MovedConversation) -> None:
    """Call it ours, here."""
    now = await here(world, moved)
    async with world.store.begin() as tx:
        await tx.conversations.update(msgspec.structs.replace(now, name="Ours"))


@pytest.fixture
async def tea(world: World) -> MovedConversation:
    """One that has been brought: Tom's, with Ada, who has muted it and is silenced; Cy is kept out."""
    moved = msgspec.structs.replace(
        conversation(world, "5eccba570000000000000001", name="Tea"), silenced=(ADA,), blocked=(CY,)
    )
    await world.actions.take_over_conversations(world.backend, [moved])
    world.clock.advance(1_000)
    return moved


async def test_restrictions_come_with_them(world: World, tea: MovedConversation) -> None:
    """Who may not speak and who is kept out."""
    now = await here(world, tea)
    assert {ADA: Restriction(silenced_until=FOREVER), CY: Restriction(blocked=True)} == (
        await world.store.read.restrictions.of(now.id)
    )


async def test_a_second_time_nothing_changes(world: World, tea: MovedConversation) -> None:
    """Nor does what was changed here in between, while it stands there as it stood."""
    await rename(world, tea)
    await world.actions.remove_members(world.backend, tea.new.conv_id, (ADA,))
    await world.actions.unblock(world.backend, tea.new.conv_id, [CY])
    taken = await again(world, tea)
    assert (0, 0, 1) == (taken.added, taken.changed, taken.known)
    now = await here(world, tea)
    assert "Ours" == now.name
    assert {TOM: OWNER} == await world.store.read.members.of(now.id)
    assert {ADA: Restriction(silenced_until=FOREVER)} == await world.store.read.restrictions.of(now.id)


async def test_what_changed_there_changes_here(world: World, tea: MovedConversation) -> None:
    """Name, people who came and went, roles, who is told, who may speak and who may come in."""
    taken = await again(
        world, tea, new={"name": "Coffee"}, members={TOM: ADMIN, BEN: OWNER}, muted=(BEN,), silenced=(), blocked=(ADA,)
    )
    assert (0, 1, 0) == (taken.added, taken.changed, taken.known)
    now = await here(world, tea)
    assert "Coffee" == now.name
    assert {TOM: ADMIN, BEN: OWNER} == await world.store.read.members.of(now.id)
    assert {now.id: [BEN]} == await world.store.read.members.muted([now.id])
    assert {ADA: Restriction(blocked=True)} == await world.store.read.restrictions.of(now.id)
    back = await again(world, tea)
    assert 1 == back.changed
    assert {TOM: OWNER, ADA: PLAIN} == await world.store.read.members.of(now.id)


async def test_what_changed_here_stays_also_if_it_changed_there(world: World, tea: MovedConversation) -> None:
    """A name that was given here, a role that was taken, who went here, and who came back here by themselves."""
    where = tea.new.conv_id
    await rename(world, tea)
    await world.actions.invite(world.backend, where, (BEN,))
    await world.actions.remove_members(world.backend, where, (BEN, ADA))
    await world.actions.invite(world.backend, where, (ADA,))
    await again(world, tea, new={"name": "Coffee"}, members={TOM: OWNER, BEN: PLAIN})
    now = await here(world, tea)
    assert "Ours" == now.name
    assert {TOM: OWNER, ADA: PLAIN} == await world.store.read.members.of(now.id)


async def test_what_nobody_says_is_as_it_was(world: World, tea: MovedConversation) -> None:
    """A folder without roles, lists of restrictions or subscribers takes nothing from anybody."""
    await again(world, tea, members={TOM: PLAIN, ADA: ADMIN}, has_roles=False, silenced=None, blocked=None)
    now = await here(world, tea)
    assert {TOM: OWNER, ADA: PLAIN} == await world.store.read.members.of(now.id)
    await again(world, tea, members={}, has_members=False)
    assert {TOM: OWNER, ADA: PLAIN} == await world.store.read.members.of(now.id)
    assert {ADA, CY} == set(await world.store.read.restrictions.of(now.id))


async def test_what_was_deleted_here_does_not_come_back(world: World, tea: MovedConversation) -> None:
    """Nor does anything that is said there."""
    await world.actions.delete_conversation(world.backend, tea.new.conv_id)
    assert 1 == (await again(world, tea, new={"name": "Coffee"})).known
    [taken] = await world.actions.take_over_messages(world.backend, [history(tea.new.conv_id, said("a", 1))])
    assert (0, 1, []) == (taken.added, taken.known, taken.refused)
    assert None is await world.store.read.conversations.find(world.hall.app_id, tea.new.conv_id, world.clock.now())


async def test_a_third_makes_a_group_of_two(world: World) -> None:
    """As it does when somebody is brought in here."""
    moved = msgspec.structs.replace(
        conversation(world, "5eccba570000000000000001", Kind.DIRECT, direct=(TOM, ADA), unique_id="u"), muted=()
    )
    await world.actions.take_over_conversations(world.backend, [moved])
    assert 1 == (await again(world, moved, members={TOM: PLAIN, ADA: PLAIN, BEN: PLAIN})).changed
    now = await here(world, moved)
    assert (Kind.GROUP, 500) == (now.kind, now.capacity)
    assert {TOM, ADA, BEN} == set(await world.store.read.members.of(now.id))


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
