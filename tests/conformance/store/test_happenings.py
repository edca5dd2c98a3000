"""What lastingly happened to a client, read off what is true now."""

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.member import PLAIN
from parlance.core.model.places import Notification
from parlance.core.model.restriction import FOREVER, FREE, Restriction

SILENCED = Restriction(silenced_until=FOREVER)
BLOCKED = Restriction(blocked=True)


async def happened(stage: Stage, start: int = 0, most: int = 100) -> list[Notification]:
    """What happened to Ben."""
    return await stage.store.read.happenings.since(HALL, BEN, start, stage.clock.now(), most)


def what(rows: list[Notification]) -> list[tuple[str, int]]:
    """In short."""
    return [(row.what, row.time) for row in rows]


async def bring_in(stage: Stage, conversation: Conversation) -> int:
    """Ada brings Ben in, a second later; when that was."""
    stage.clock.advance(1_000)
    async with stage.store.begin() as tx:
        await tx.members.join(conversation.id, {BEN: PLAIN}, stage.clock.now(), ADA)
    return stage.clock.now()


async def restrict(stage: Stage, conversation: Conversation, how: Restriction) -> int:
    """Ada restricts Ben, a second later; when that was."""
    stage.clock.advance(1_000)
    async with stage.store.begin() as tx:
        await tx.restrictions.put(conversation.id, {BEN: how}, stage.clock.now(), ADA)
    return stage.clock.now()


async def test_who_was_brought_in_and_taken_out(stage: Stage) -> None:
    """When, by whom; of coming and going the later one."""
    one, two = await stage.group(ADA), await stage.group(ADA)
    came, there = await bring_in(stage, one), await bring_in(stage, two)
    assert [
        Notification("joined", came, one.conv_id, ADA),
        Notification("joined", there, two.conv_id, ADA),
    ] == await happened(stage)
    stage.clock.advance(1_000)
    async with stage.store.begin() as tx:
        await tx.members.leave(one.id, [BEN], stage.clock.now(), CY)
    assert [
        Notification("joined", there, two.conv_id, ADA),
        Notification("left", stage.clock.now(), one.conv_id, CY),
    ] == await happened(stage)


async def test_who_was_restricted_and_is_free_again(stage: Stage) -> None:
    """Each restraint by itself, though they stand in one row."""
    group = await stage.group(ADA)
    silenced, both = await restrict(stage, group, SILENCED), await restrict(stage, group, Restriction(FOREVER, True))
    assert [("silenced", silenced), ("blocked", both)] == what(await happened(stage))
    heard, free = await restrict(stage, group, BLOCKED), await restrict(stage, group, FREE)
    assert [
        Notification("unsilenced", heard, group.conv_id, ADA),
        Notification("unblocked", free, group.conv_id, ADA),
    ] == await happened(stage)


async def test_who_was_never_restricted_was_not_freed(stage: Stage) -> None:
    """Lifting what did not hold is nothing that happened."""
    group = await stage.group(ADA)
    await restrict(stage, group, FREE)
    await restrict(stage, group, FREE)
    assert [] == await happened(stage)


async def test_who_has_read_what_asked_for_a_receipt(stage: Stage) -> None:
    """Per conversation and reader the newest such message; who had not joined by then counts for nothing."""
    group = await stage.group(BEN, ADA)
    first, second, plain = stage.said(group, BEN), stage.said(group, BEN), stage.said(group, BEN)
    first.message.receipt = second.message.receipt = True
    await stage.say_at_once(first, second, plain)
    async with stage.store.begin() as tx:
        await tx.members.join(group.id, {CY: PLAIN}, stage.clock.now())
    start = stage.clock.now()
    stage.clock.advance(1_000)
    await stage.read(group, ADA, 1)
    await stage.say(group, CY)
    assert [Notification("read", stage.clock.now(), group.conv_id, ADA, first.message.msg_id)] == await happened(
        stage, start
    )
    await stage.read(group, ADA, 3)
    assert [second.message.msg_id] == [row.msg_id for row in await happened(stage, start)]


async def test_nobody_hears_of_reading_without_receipts(stage: Stage) -> None:
    """Messages that asked for none are read in silence."""
    group = await stage.group(BEN, ADA)
    await stage.say(group, BEN)
    start = stage.clock.now()
    stage.clock.advance(1_000)
    await stage.read(group, ADA, 1)
    assert [] == await happened(stage, start)


async def test_only_what_came_after_and_no_more_than_asked_for(stage: Stage) -> None:
    """The earliest first."""
    groups = [await stage.group(ADA) for _ in range(4)]
    times = [await bring_in(stage, group) for group in groups]
    assert times[2:] == [row.time for row in await happened(stage, times[1])]
    assert times[1:3] == [row.time for row in await happened(stage, times[0], 2)]
    assert [] == await happened(stage, times[3])


async def test_what_is_gone_is_not_spoken_of(stage: Stage) -> None:
    """Neither deleted conversations, nor those that are over, nor another app's, nor the app's own."""
    gone, elsewhere = await stage.group(ADA), await stage.group(ADA, app_id=ANNEX)
    over = await stage.conversation(Kind.TEMPORARY, ADA, expires_at=stage.clock.now() + 5_000)
    system = await stage.conversation(Kind.SYSTEM)
    for conversation in (gone, elsewhere, over):
        await bring_in(stage, conversation)
    async with stage.store.begin() as tx:
        await tx.addressed.add(stage.said(system).message, [BEN], stage.clock.now())
    await restrict(stage, gone, BLOCKED)
    await stage.delete(gone)
    assert [over.conv_id] == [row.conv_id for row in await happened(stage)]
    stage.clock.advance(5_000)
    assert [] == await happened(stage)
