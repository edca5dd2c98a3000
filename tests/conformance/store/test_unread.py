"""Where a member has something to read."""

import msgspec

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.member import PLAIN, Unread
from parlance.kernel.ids import ClientId


async def unread(stage: Stage, client: ClientId = BEN, since: int = 0, most: int = 100) -> list[Unread]:
    """What a client has to read."""
    return await stage.store.read.members.unread(HALL, client, since, stage.clock.now(), most)


def short(rows: list[Unread]) -> list[tuple[int, int]]:
    """Conversations and counts."""
    return [(row.conversation.id, row.count) for row in rows]


async def mention(stage: Stage, conversation: Conversation, *whom: ClientId, everybody: bool = False) -> None:
    """Ada mentions somebody."""
    event = stage.said(conversation)
    event.message = msgspec.structs.replace(event.message, mentions=whom, mention_all=everybody)
    await stage.store.appender.stored(event)


async def test_the_newest_comes_first(stage: Stage) -> None:
    """Each with the conversation as it stands, and how many messages came since."""
    one, two, quiet = [await stage.group(ADA, BEN) for _ in range(3)]
    for conversation in (one, one, two, one):
        stage.clock.advance(1_000)
        await stage.say(conversation)
    await stage.read(one, BEN, 1)
    assert [(one.id, 2), (two.id, 1)] == short(await unread(stage))
    assert [(one.id, 2)] == short(await unread(stage, most=1))
    (row, _) = await unread(stage)
    assert await stage.store.read.conversations.find(HALL, one.conv_id, stage.clock.now()) == row.conversation
    assert [] == await unread(stage, ADA)
    assert quiet.id not in dict(short(await unread(stage)))


async def test_only_what_came_after_a_time(stage: Stage) -> None:
    """What is unread counts whole, if something of it is newer."""
    one, two = await stage.group(ADA, BEN), await stage.group(ADA, BEN)
    await stage.say(one)
    await stage.say(two)
    since = stage.clock.now()
    stage.clock.advance(1_000)
    await stage.say(one)
    assert [(one.id, 2)] == short(await unread(stage, since=since))
    assert [] == await unread(stage, since=stage.clock.now())


async def test_a_mention_is_noticed(stage: Stage) -> None:
    """By name or with everybody; neither of others, nor one that was read, nor another's whose name is longer."""
    group = await stage.group(ADA, BEN, CY)
    await mention(stage, group, CY, ClientId("benny"))
    assert [False] == [row.mentioned for row in await unread(stage)]
    assert [True] == [row.mentioned for row in await unread(stage, CY)]
    await mention(stage, group, CY, BEN)
    assert [True] == [row.mentioned for row in await unread(stage)]
    await stage.read(group, BEN, 2)
    await stage.say(group)
    assert [False] == [row.mentioned for row in await unread(stage)]
    await mention(stage, group, everybody=True)
    assert [True] == [row.mentioned for row in await unread(stage)]


async def test_a_mention_far_back_is_forgotten(stage: Stage) -> None:
    """A hundred messages are looked at."""
    group = await stage.group(ADA, BEN)
    await mention(stage, group, BEN)
    await stage.say_at_once(*(stage.said(group) for _ in range(99)))
    assert [True] == [row.mentioned for row in await unread(stage)]
    await stage.say(group)
    assert [(False, 101)] == [(row.mentioned, row.count) for row in await unread(stage)]


async def test_addressed_messages_count_for_whom_they_name(stage: Stage) -> None:
    """Subscriber or not; the conversation stands as high as the client's own newest."""
    service = await stage.conversation(Kind.SERVICE, ADA)
    said = [stage.said(service, CY).message for _ in range(4)]
    said[2].mentions = (BEN,)
    async with stage.store.begin() as tx:
        await tx.addressed.add(said[0], [BEN], stage.clock.now())
        await tx.addressed.add(said[1], [ADA, BEN], stage.clock.now())
        await tx.addressed.add(said[2], [ADA], stage.clock.now())
        await tx.addressed.add_for_everybody(said[3], stage.clock.now())
    (his,), (hers,) = await unread(stage), await unread(stage, ADA)
    assert (2, 2, said[1].created_at, False) == (
        his.count,
        his.conversation.last_seq,
        his.conversation.last_message_at,
        his.mentioned,
    )
    assert (3, 4) == (hers.count, hers.conversation.last_seq)
    await stage.read(service, BEN, 2)
    assert [] == await unread(stage)


async def test_what_is_gone_is_not_unread(stage: Stage) -> None:
    """Neither what was left, nor deleted, nor over, nor another app's."""
    left, deleted, elsewhere = [await stage.group(ADA, BEN, app_id=app_id) for app_id in (HALL, HALL, ANNEX)]
    over = await stage.conversation(Kind.TEMPORARY, ADA, BEN, expires_at=stage.clock.now() + 1)
    for conversation in (left, deleted, elsewhere, over):
        await stage.say(conversation)
    assert 3 == len(await unread(stage))
    async with stage.store.begin() as tx:
        await tx.members.leave(left.id, [BEN], stage.clock.now())
    await stage.delete(deleted)
    stage.clock.advance(1)
    assert [] == await unread(stage)
    async with stage.store.begin() as tx:
        await tx.members.join(left.id, {BEN: PLAIN}, stage.clock.now())
    assert [] == await unread(stage)
