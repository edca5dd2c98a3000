"""Finding groups."""

from core.actions.groups.grouping import BEN, made, number
from core.world import World, refusal
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import PageAsked


async def test_by_number(world: World) -> None:
    """Anybody of the same app, with who is in it; another app's and a dissolved one are unknown."""
    group = await made(world, "ben")
    for caller in (world.backend, world.ada, world.cy):
        assert group == await world.actions.find_group(caller, 2)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.find_group(world.dora, 2))
    await world.actions.dissolve_group(world.backend, number(group))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.actions.find_group(world.ada, 2))


async def test_a_platform_group_has_a_number_too(world: World) -> None:
    """It is the same thing, whoever made it."""
    assert world.group == (await world.actions.find_group(world.backend, 1)).conversation.conv_id


async def test_lists(world: World) -> None:
    """Of an organisation, or of all; anybody may look."""
    await made(world, organization_id=2)
    asked = PageAsked(1, 20)
    everything = await world.actions.list_groups(world.cy, None, asked)
    assert ([1, 2], 2) == ([found.group_id for found in everything.rows], everything.total)
    assert [2] == [found.group_id for found in (await world.actions.list_groups(world.backend, 2, asked)).rows]
    assert [] == (await world.actions.list_groups(world.dora, 2, asked)).rows


async def test_one_s_own(world: World) -> None:
    """Whole or paged; the backend sees everybody's, a client its own."""
    await made(world, "ben")
    for caller in (world.ben, world.backend):
        assert [1, 2] == [found.group_id for found in await world.actions.groups_of(caller, BEN)]
        page = await world.actions.groups_of.page(caller, BEN, PageAsked(2, 1))
        assert ([2], 2) == ([found.group_id for found in page.rows], page.total)
    assert [] == await world.actions.groups_of(world.backend, ClientId("nobody"))
    assert FaultCode.FOREIGN_CLIENT is await refusal(world.actions.groups_of(world.ada, BEN))
    assert FaultCode.FOREIGN_CLIENT is await refusal(world.actions.groups_of.page(world.ada, BEN, PageAsked(1, 1)))
