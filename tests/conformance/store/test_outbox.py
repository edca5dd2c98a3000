"""The repository of what providers are still to be told."""

import msgspec

from conformance.store.stage import ADA, ANNEX, BEN, HALL, Stage
from parlance.core.model.conversation import Kind, NewConversation
from parlance.core.ports.outbox import Errand, Subject
from parlance.kernel.ids import ConvId

ERRAND = Errand(HALL, Subject.GROUP, 7, 1, 1_000)


async def put(stage: Stage, *errands: Errand) -> list[bool]:
    """Whether there was none about the same, of each."""
    async with stage.store.begin() as tx:
        return [await tx.outbox.put(errand) for errand in errands]


async def due(stage: Stage, at: int = 1_000_000, most: int = 100) -> list[Errand]:
    """What is due."""
    return await stage.store.read.outbox.due(at, most)


async def test_an_errand_is_due_when_its_time_has_come(stage: Stage) -> None:
    """And not before."""
    await put(stage, ERRAND)
    assert ([], [ERRAND]) == (await due(stage, 999), await due(stage, 1_000))


async def test_the_longest_due_come_first(stage: Stage) -> None:
    """As many as are asked for."""
    later = msgspec.structs.replace(ERRAND, number=8, due_at=2_000)
    user = msgspec.structs.replace(ERRAND, subject=Subject.USER, due_at=500)
    await put(stage, ERRAND, later, user)
    assert [user, ERRAND, later] == await due(stage)
    assert [user, ERRAND] == await due(stage, most=2)
    assert 3 == await stage.store.read.outbox.waiting()


async def test_there_is_one_about_each_subject(stage: Stage) -> None:
    """A newer one takes the place of the older, and says that there was one."""
    newer = msgspec.structs.replace(ERRAND, ticket=2, due_at=5)
    elsewhere = msgspec.structs.replace(ERRAND, app_id=ANNEX)
    assert [True, False, True] == await put(stage, ERRAND, newer, elsewhere)
    assert [newer, elsewhere] == await due(stage)


async def test_who_has_the_ticket_finishes_it(stage: Stage) -> None:
    """Who has an older one takes nothing out."""
    newer = msgspec.structs.replace(ERRAND, ticket=2)
    await put(stage, ERRAND, newer)
    async with stage.store.begin() as tx:
        assert not await tx.outbox.finish(ERRAND)
    assert [newer] == await due(stage)
    async with stage.store.begin() as tx:
        assert await tx.outbox.finish(newer)
        assert not await tx.outbox.finish(newer)
    assert [] == await due(stage)


async def test_what_did_not_work_is_put_off(stage: Stage) -> None:
    """It remembers how often; unless somebody has put it there anew."""
    await put(stage, ERRAND)
    async with stage.store.begin() as tx:
        await tx.outbox.put_off(ERRAND, 3_000)
    assert [msgspec.structs.replace(ERRAND, due_at=3_000, attempts=1)] == await due(stage)
    newer = msgspec.structs.replace(ERRAND, ticket=2)
    await put(stage, newer)
    async with stage.store.begin() as tx:
        await tx.outbox.put_off(ERRAND, 9_000)
    assert [newer] == await due(stage)


async def test_everything_of_an_app_is_its_groups_and_who_is_banned(stage: Stage) -> None:
    """Neither what is over nor what is another app's."""
    async with stage.store.begin() as tx:
        for app_id, conv_id in ((HALL, "one"), (HALL, "two"), (ANNEX, "three")):
            new = NewConversation(app_id, ConvId(conv_id), Kind.GROUP, ADA, stage.clock.now(), 10)
            made = await tx.conversations.add(new)
            assert made is not None
            if conv_id == "two":
                await tx.conversations.delete(made.id, stage.clock.now())
        await tx.users.add_missing(HALL, [ADA, BEN], stage.clock.now())
        banned = await tx.users.set_banned(HALL, BEN, banned=True)
        await tx.outbox.put_everything(HALL, 9, 1_000)
    assert banned is not None
    one = await stage.store.read.conversations.find(HALL, ConvId("one"), stage.clock.now())
    assert one is not None
    assert one.group_id is not None
    expected = [Errand(HALL, Subject.GROUP, one.group_id, 9, 1_000), Errand(HALL, Subject.USER, banned.uid, 9, 1_000)]
    assert expected == await due(stage)


async def test_a_number_that_was_drawn_is_given_to_nobody_else(stage: Stage) -> None:
    """A group can be told of before there is one."""
    async with stage.store.begin() as tx:
        drawn = await tx.conversations.draw_number(HALL)
        plain = await tx.conversations.add(NewConversation(HALL, ConvId("a"), Kind.GROUP, ADA, 1, 10))
        kept = NewConversation(HALL, ConvId("b"), Kind.GROUP, ADA, 1, 10, group_id=drawn)
        named = await tx.conversations.add(kept)
    assert plain is not None
    assert named is not None
    assert (drawn, drawn + 1) == (named.group_id, plain.group_id)
