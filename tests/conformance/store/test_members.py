"""The repository of members."""

from conformance.store.stage import ADA, BEN, CY, Stage
from parlance.core.model.conversation import Kind
from parlance.core.model.member import OWNER, PLAIN, Role, Standing
from parlance.kernel.ids import ClientId


async def test_who_is_in_is_listed_by_the_time_of_joining(stage: Stage) -> None:
    """The earliest first; of those who came together, who has more to say."""
    group = await stage.group()
    async with stage.store.begin() as tx:
        await tx.members.join(group.id, {CY: PLAIN, ADA: OWNER}, stage.clock.now())
        await tx.members.join(group.id, {BEN: Standing(Role.ADMIN)}, stage.clock.now() + 1)
    members = await stage.store.read.members.of(group.id)
    assert [(ADA, OWNER), (CY, PLAIN), (BEN, Standing(Role.ADMIN))] == list(members.items())


async def test_joining_twice_is_told_apart(stage: Stage) -> None:
    """Who is in already is not let in again, and keeps its standing."""
    group = await stage.group(ADA)
    async with stage.store.begin() as tx:
        assert [BEN] == await tx.members.join(group.id, {ADA: OWNER, BEN: PLAIN}, stage.clock.now())
    assert {ADA: PLAIN, BEN: PLAIN} == await stage.store.read.members.of(group.id)


async def test_a_newcomer_has_nothing_unread(stage: Stage) -> None:
    """What was said before counts as read, on coming back as well."""
    group = await stage.group(ADA, BEN)
    await stage.say(group)
    async with stage.store.begin() as tx:
        await tx.members.join(group.id, {CY: PLAIN}, stage.clock.now())
        await tx.members.leave(group.id, [BEN], stage.clock.now())
    await stage.say(group)
    async with stage.store.begin() as tx:
        await tx.members.join(group.id, {BEN: PLAIN}, stage.clock.now())
    assert [0, 1, 0] == [(await stage.inbox(client))[0].unread for client in (ADA, CY, BEN)]


async def test_leaving_takes_out_who_was_in(stage: Stage) -> None:
    """Only members leave, and each once."""
    group = await stage.group(ADA, BEN)
    async with stage.store.begin() as tx:
        assert [BEN] == await tx.members.leave(group.id, [BEN, CY, BEN], stage.clock.now())
        assert [] == await tx.members.leave(group.id, [BEN], stage.clock.now())
    assert {ADA: PLAIN} == await stage.store.read.members.of(group.id)


async def test_where_somebody_is_in_is_told(stage: Stage) -> None:
    """Of several conversations; not where it left, and not where it never was."""
    here, left, never = await stage.group(ADA, BEN), await stage.group(ADA, BEN), await stage.group(ADA)
    async with stage.store.begin() as tx:
        await tx.members.leave(left.id, [BEN], stage.clock.now())
    assert {here.id} == await stage.store.read.members.among([here.id, left.id, never.id, 999], BEN)


async def test_nobody_joins_what_is_gone(stage: Stage) -> None:
    """A deleted conversation, like one that never was, lets nobody in."""
    group = await stage.group(ADA)
    await stage.delete(group)
    async with stage.store.begin() as tx:
        assert [] == await tx.members.join(group.id, {BEN: PLAIN}, stage.clock.now())
        assert [] == await tx.members.join(999, {BEN: PLAIN}, stage.clock.now())


async def test_a_standing_changes(stage: Stage) -> None:
    """The role is as set last; for who is not in, nothing happens."""
    group = await stage.group(ADA)
    async with stage.store.begin() as tx:
        assert await tx.members.set_standing(group.id, ADA, Standing(Role.ADMIN), stage.clock.now())
        assert not await tx.members.set_standing(group.id, BEN, OWNER, stage.clock.now())
    assert {ADA: Standing(Role.ADMIN)} == await stage.store.read.members.of(group.id)


async def test_a_thousand_join_at_once(stage: Stage) -> None:
    """A large group is one statement, and its count is right."""
    group = await stage.group()
    crowd = {ClientId(f"guest{number}"): PLAIN for number in range(1_000)}
    async with stage.store.begin() as tx:
        assert list(crowd) == await tx.members.join(group.id, crowd, stage.clock.now())
    assert {group.id: 1_000} == await stage.store.read.conversations.counts([group.id])


async def test_a_member_is_called_something_else_in_one_conversation(stage: Stage) -> None:
    """Until the name is taken back, or the member leaves; who is not in has none."""
    group, other = await stage.group(ADA, BEN), await stage.group(ADA, BEN)
    async with stage.store.begin() as tx:
        assert await tx.members.set_alias(group.id, ADA, "阿达")
        assert await tx.members.set_alias(group.id, BEN, "本")
        assert not await tx.members.set_alias(group.id, CY, "nobody")
    assert {ADA: "阿达", BEN: "本"} == await stage.store.read.members.aliases(group.id)
    assert {} == await stage.store.read.members.aliases(other.id)
    async with stage.store.begin() as tx:
        await tx.members.set_alias(group.id, ADA, "")
        await tx.members.leave(group.id, [BEN], stage.clock.now())
        assert not await tx.members.set_alias(group.id, BEN, "gone")
    assert {} == await stage.store.read.members.aliases(group.id)
    async with stage.store.begin() as tx:
        await tx.members.join(group.id, {BEN: PLAIN}, stage.clock.now())
    assert {} == await stage.store.read.members.aliases(group.id)


async def test_who_is_not_told_of_messages(stage: Stage) -> None:
    """Until it wants to be again, or has left; who is not in is not asked."""
    group, other = await stage.group(ADA, BEN, CY), await stage.group(ADA)
    async with stage.store.begin() as tx:
        assert await tx.members.set_muted(group.id, ADA, muted=True)
        assert await tx.members.set_muted(group.id, BEN, muted=True)
        assert await tx.members.set_muted(group.id, CY, muted=True)
        assert await tx.members.set_muted(group.id, CY, muted=False)
        assert not await tx.members.set_muted(other.id, BEN, muted=True)
    assert {group.id: [ADA, BEN]} == await stage.store.read.members.muted([group.id, other.id])
    async with stage.store.begin() as tx:
        await tx.members.leave(group.id, [BEN], stage.clock.now())
        await tx.members.join(group.id, {BEN: PLAIN}, stage.clock.now())
    assert {group.id: [ADA]} == await stage.store.read.members.muted([group.id])
    assert {} == await stage.store.read.members.muted([])


async def test_subscribers_are_listed_page_by_page(stage: Stage) -> None:
    """By client id, with when they came; who is only written to is none."""
    service = await stage.conversation(Kind.SERVICE, BEN, CY)
    start = stage.clock.now()
    stage.clock.advance(5)
    async with stage.store.begin() as tx:
        await tx.members.join(service.id, {ADA: PLAIN}, stage.clock.now())
        await tx.addressed.add(stage.said(service).message, [ClientId("dan")], stage.clock.now())
        await tx.members.leave(service.id, [CY], stage.clock.now())
    subscribers = stage.store.read.members.subscribers
    assert [(ADA, start + 5), (BEN, start)] == await subscribers(service.id, None, 10)
    assert [(ADA, start + 5)] == await subscribers(service.id, None, 1)
    assert [(BEN, start)] == await subscribers(service.id, ADA, 10)
    assert [] == await subscribers(service.id, BEN, 10)
