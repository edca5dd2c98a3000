"""Changing what is said about a group."""

import pytest

from core.actions.groups.grouping import ADA, BEN, made, notices, said_to
from core.world import World, refusal
from parlance.core.model.group import GroupChange
from parlance.kernel.faults import FaultCode


async def test_it_changes_what_is_said(world: World) -> None:
    """That and nothing else; everybody is told, who did it too."""
    before = (await made(world, "ben", description="words")).conversation
    world.told.events.clear()
    world.clock.advance(5)
    group = await world.actions.update_group(world.ada, 2, GroupChange(name="g123"))
    assert ("g123", "words", 1_000, world.clock.now()) == (
        group.name,
        group.description,
        group.capacity,
        group.updated_at,
    )
    assert before.avatar == group.avatar
    assert group == (await world.actions.find_group(world.ben, 2)).conversation
    assert [("group_info_been_modified", ["ada", "ben"])] == notices(world)
    told = (await said_to(world, "ada"))[0]
    assert ("g123", "ada", "ada修改了群聊「g123」的信息") == (told["group_name"], told["uid"], told["text"])


async def test_all_of_it_can_be_set(world: World) -> None:
    """To nothing as well."""
    await made(world, description="words")
    group = await world.actions.update_group(world.backend, 2, GroupChange("n", "a", "", 7))
    assert ("n", "a", "", 7) == (group.name, group.avatar, group.description, group.capacity)


async def test_a_capacity_holds_who_is_in(world: World) -> None:
    """As many as are in will do, fewer will not."""
    await made(world, "ben")
    assert 2 == (await world.actions.update_group(world.backend, 2, GroupChange(capacity=2))).capacity
    assert FaultCode.FULL is await refusal(world.actions.update_group(world.backend, 2, GroupChange(capacity=1)))


async def test_by_who_manages_it(world: World) -> None:
    """Not by plain members, not by strangers, not on behalf of either."""
    await made(world, "ben")
    change = GroupChange(name="mine")
    for caller in (world.ben, world.cy):
        assert FaultCode.NOT_PERMITTED is await refusal(world.actions.update_group(caller, 2, change))
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.update_group(world.backend, 2, change, by=BEN))
    assert FaultCode.FOREIGN_CLIENT is await refusal(world.actions.update_group(world.ben, 2, change, by=ADA))
    assert "mine" == (await world.actions.update_group(world.backend, 2, change, by=ADA)).name


async def test_unknown_groups(world: World) -> None:
    """Another app's is one of them."""
    change = GroupChange(name="x")
    for caller in (world.backend, world.dora):
        assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.update_group(caller, 2, change))


@pytest.mark.parametrize(
    "change", [GroupChange(capacity=0), GroupChange(name="\x00"), GroupChange(avatar="x" * 70_000)]
)
async def test_what_cannot_be_kept_is_refused(world: World, change: GroupChange) -> None:
    """And nothing changes."""
    assert FaultCode.BAD_FORMAT is await refusal(world.actions.update_group(world.backend, 1, change))
