"""Groups by their numbers."""

import msgspec
import pytest

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.conversation import Conversation, Kind, NewConversation
from parlance.core.model.member import PLAIN
from parlance.kernel.ids import ConvId
from parlance.kernel.pages import PageAsked

FIRST = PageAsked(1, 20)


async def group_within(stage: Stage, organization_id: int, conv_id: str) -> Conversation:
    """A group of an organisation."""
    new = NewConversation(
        HALL, ConvId(conv_id), Kind.GROUP, ADA, stage.clock.now(), 100, organization_id=organization_id, code="4711"
    )
    async with stage.store.begin() as tx:
        made = await tx.conversations.add(new)
    assert made is not None
    return made


async def listed(stage: Stage, organization_id: int | None = None, asked: PageAsked = FIRST) -> list[str]:
    """The public ids of groups, and that the total is right on a page that has all of them."""
    page = await stage.store.read.conversations.groups(HALL, organization_id, asked)
    assert asked is not FIRST or page.total == len(page.rows)
    return [found.conv_id for found in page.rows]


async def test_groups_are_numbered_from_one(stage: Stage) -> None:
    """In the order in which they are made, each app for itself; other kinds have no number."""
    one, two = await stage.group(ADA), await stage.group(ADA)
    elsewhere = await stage.group(ADA, app_id=ANNEX)
    direct = await stage.conversation(Kind.DIRECT, ADA, BEN)
    assert (1, 2, 1, None) == (one.group_id, two.group_id, elsewhere.group_id, direct.group_id)


async def test_a_number_is_never_given_twice(stage: Stage) -> None:
    """Not even after everything about the group is gone."""
    gone = await stage.group(ADA)
    await stage.delete(gone)
    stage.clock.advance(1)
    async with stage.store.begin() as tx:
        while await tx.conversations.purge(stage.clock.now(), 100):
            pass
    assert 2 == (await stage.group(ADA)).group_id


async def test_a_refused_id_leaves_no_group(stage: Stage) -> None:
    """A public id that is taken makes nothing."""
    await stage.group(ADA, conv_id="one")
    new = NewConversation(HALL, ConvId("one"), Kind.GROUP, ADA, stage.clock.now(), 100)
    async with stage.store.begin() as tx:
        assert await tx.conversations.add(new) is None
    assert ["one"] == await listed(stage)


async def test_it_is_found_by_its_number(stage: Stage) -> None:
    """Within its app, as long as it is there."""
    made = await group_within(stage, 7, "one")
    find = stage.store.read.conversations.find_group
    assert made == await find(HALL, 1)
    assert await find(ANNEX, 1) is None
    await stage.delete(made)
    assert await find(HALL, 1) is None


@pytest.mark.parametrize("number", [0, -1, 2, 1 << 63, 1 << 70, -(1 << 70)])
async def test_other_numbers_find_nothing(stage: Stage, number: int) -> None:
    """However large."""
    await group_within(stage, 7, "one")
    repository = stage.store.read.conversations
    assert await repository.find_group(HALL, number) is None
    assert 0 == (await repository.groups(HALL, number, FIRST)).total


async def test_everything_said_about_it_is_kept(stage: Stage) -> None:
    """When it is made, and when it is changed; its number and its code stay."""
    made = await group_within(stage, 7, "one")
    stage.clock.advance(5)
    changed = msgspec.structs.replace(
        made,
        name="name",
        avatar="avatar",
        description="words",
        capacity=7,
        organization_id=8,
        notices=True,
        ext="{}",
        updated_at=stage.clock.now(),
    )
    async with stage.store.begin() as tx:
        await tx.conversations.update(changed)
    assert changed == await stage.store.read.conversations.find(HALL, made.conv_id, stage.clock.now())


async def test_lists_go_by_number(stage: Stage) -> None:
    """All of an app's groups, or an organisation's; not the deleted, not other kinds, not another app's."""
    await group_within(stage, 7, "one")
    await group_within(stage, 8, "two")
    await group_within(stage, 7, "three")
    await stage.delete(await group_within(stage, 7, "gone"))
    await stage.group(ADA, conv_id="annexed", app_id=ANNEX)
    await stage.conversation(Kind.ROOM, conv_id="room")
    await stage.group(ADA, conv_id="free")
    assert ["one", "two", "three", "free"] == await listed(stage)
    assert ["one", "three"] == await listed(stage, 7)
    assert [] == await listed(stage, 9)
    assert ["three"] == await listed(stage, 7, PageAsked(2, 1))
    assert [] == await listed(stage, None, PageAsked(9, 20))


async def test_the_groups_of_a_client(stage: Stage) -> None:
    """Those it is in now, by their numbers, whole or paged."""
    two = await stage.group(BEN, conv_id="one"), await stage.group(ADA, BEN, conv_id="two")
    left = await stage.group(ADA, BEN, conv_id="left")
    await stage.conversation(Kind.DIRECT, BEN, ADA)
    await stage.delete(await stage.group(BEN, conv_id="gone"))
    await stage.group(BEN, conv_id="annexed", app_id=ANNEX)
    async with stage.store.begin() as tx:
        await tx.members.leave(left.id, [BEN], stage.clock.now())
    repository = stage.store.read.conversations
    assert list(two) == await repository.groups_of(HALL, BEN)
    page = await repository.page_of_groups(HALL, BEN, PageAsked(2, 1))
    assert ([two[1]], 2) == (page.rows, page.total)
    assert [] == await repository.groups_of(HALL, CY)


async def test_a_request_is_kept_once(stage: Stage) -> None:
    """The earliest stands, each group for itself."""
    one, two = await stage.group(ADA), await stage.group(ADA)
    async with stage.store.begin() as tx:
        asked = [await tx.join_requests.add(one.id, client, stage.clock.now()) for client in (CY, CY)]
    stage.clock.advance(1)
    async with stage.store.begin() as tx:
        await tx.join_requests.add(one.id, BEN, stage.clock.now())
        await tx.join_requests.add(two.id, CY, stage.clock.now())
    assert [True, False] == asked
    assert [CY, BEN] == await stage.store.read.join_requests.pending(one.id)


async def test_a_settled_request_may_be_made_again(stage: Stage) -> None:
    """Who has not asked is passed over."""
    group = await stage.group(ADA)
    async with stage.store.begin() as tx:
        await tx.join_requests.add(group.id, CY, stage.clock.now())
        assert [CY] == await tx.join_requests.settle(group.id, [BEN, CY])
        assert await tx.join_requests.add(group.id, CY, stage.clock.now())


async def test_requests_end_with_the_group(stage: Stage) -> None:
    """Nobody waits for what is gone."""
    group = await stage.group(ADA)
    async with stage.store.begin() as tx:
        await tx.join_requests.add(group.id, CY, stage.clock.now())
        await tx.members.join(group.id, {BEN: PLAIN}, stage.clock.now())
        await tx.conversations.delete(group.id, stage.clock.now())
    assert [] == await stage.store.read.join_requests.pending(group.id)
