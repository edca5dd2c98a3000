"""What a client is in, the liveliest first; and who else is."""

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.conversation import Kind
from parlance.core.model.member import Inbox
from parlance.kernel.clock import DAY
from parlance.kernel.ids import ClientId


async def _recent(stage: Stage, client: ClientId = ADA) -> list[Inbox]:
    return await stage.store.read.conversations.recent(HALL, client, stage.clock.now())


async def _ids(stage: Stage, client: ClientId = ADA) -> list[int]:
    return [row.conversation.id for row in await _recent(stage, client)]


async def test_the_newest_message_first(stage: Stage) -> None:
    """What nobody has said anything in counts by its beginning; of one moment, the younger comes first."""
    with_ben = await stage.conversation(Kind.DIRECT, ADA, BEN)
    stage.clock.advance(10)
    group = await stage.group(ADA, BEN, CY)
    twin = await stage.group(ADA, CY)
    assert [twin.id, group.id, with_ben.id] == await _ids(stage)
    stage.clock.advance(10)
    await stage.say(with_ben, BEN)
    assert [with_ben.id, twin.id, group.id] == await _ids(stage)
    stage.clock.advance(10)
    await stage.say(group, CY)
    assert [group.id, with_ben.id, twin.id] == await _ids(stage)
    assert [group.id, with_ben.id] == await _ids(stage, BEN)


async def test_what_is_unread(stage: Stage) -> None:
    """As far as this client's own mark says, in the conversation as it stands."""
    with_ben = await stage.conversation(Kind.DIRECT, ADA, BEN)
    for _ in range(3):
        await stage.say(with_ben, BEN)
    await stage.read(with_ben, ADA, 1)
    (row,) = await _recent(stage)
    assert (3, 2, stage.clock.now() + 2, False) == (
        row.conversation.last_seq,
        row.unread,
        row.conversation.last_message_at,
        row.left,
    )
    assert [0] == [row.unread for row in await _recent(stage, BEN)]


async def test_what_is_not_there(stage: Stage) -> None:
    """Neither what was left, deleted or over, nor another app's."""
    left, deleted = await stage.group(ADA, BEN), await stage.group(ADA, BEN)
    await stage.conversation(Kind.TEMPORARY, ADA, BEN, expires_at=stage.clock.now() + DAY)
    await stage.group(ADA, app_id=ANNEX)
    async with stage.store.begin() as tx:
        await tx.members.leave(left.id, [ADA], stage.clock.now())
    await stage.delete(deleted)
    assert 1 == len(await _ids(stage))
    stage.clock.advance(DAY)
    assert [] == await _ids(stage)
    assert [left.id] == await _ids(stage, BEN)
    assert [] == await _ids(stage, CY)


async def test_who_is_in_each(stage: Stage) -> None:
    """In the order in which they joined; who has left is in none."""
    with_ben, group = await stage.conversation(Kind.DIRECT, BEN, ADA), await stage.group(CY, ADA)
    empty = await stage.group(ADA)
    stage.clock.advance(1)
    async with stage.store.begin() as tx:
        await tx.members.join(group.id, await tx.members.of(with_ben.id), stage.clock.now())
        await tx.members.leave(group.id, [CY], stage.clock.now())
        await tx.members.leave(empty.id, [ADA], stage.clock.now())
    names = await stage.store.read.members.names([with_ben.id, group.id, empty.id])
    assert {with_ben.id: [ADA, BEN], group.id: [ADA, BEN]} == names
    assert {} == await stage.store.read.members.names([])
