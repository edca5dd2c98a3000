"""What a member finds on coming back."""

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.member import PLAIN


async def names(stage: Stage, since: int = 0, most: int = 100) -> list[str]:
    """The conversations in Ben's inbox."""
    return [row.conversation.conv_id for row in await stage.inbox(BEN, since, most)]


async def several(stage: Stage, *conv_ids: str) -> list[Conversation]:
    """Groups of Ada and Ben, a millisecond apart."""
    made = []
    for conv_id in conv_ids:
        stage.clock.advance(1)
        made.append(await stage.group(ADA, BEN, conv_id=conv_id))
    return made


async def test_the_earliest_change_comes_first(stage: Stage) -> None:
    """A message moves its conversation to the end."""
    one, _, _ = await several(stage, "one", "two", "three")
    stage.clock.advance(1)
    await stage.say(one)
    assert ["two", "three", "one"] == await names(stage)


async def test_only_what_changed_since(stage: Stage) -> None:
    """A conversation that did not change after that moment is left out."""
    one, _ = await several(stage, "one", "two")
    before = stage.clock.now()
    assert [] == await names(stage, before)
    stage.clock.advance(1)
    await stage.say(one)
    assert ["one"] == await names(stage, before)


async def test_a_row_says_how_things_stand(stage: Stage) -> None:
    """Newest number, read mark, unread and the time of change."""
    (group,) = await several(stage, "one")
    await stage.say(group)
    await stage.say(group)
    await stage.read(group, BEN, 1)
    (row,) = await stage.inbox(BEN)
    assert (2, 1, 1, stage.clock.now(), False) == (
        row.conversation.last_seq,
        row.read_seq,
        row.unread,
        row.changed_at,
        row.left,
    )


async def test_pages_do_not_cut_through_a_moment(stage: Stage) -> None:
    """After so many rows come the others of the same millisecond, so that a time is a place to go on from."""
    await several(stage, "one")
    stage.clock.advance(1)
    for conv_id in ("two", "three", "four"):
        await stage.group(ADA, BEN, conv_id=conv_id)
    await several(stage, "five")
    assert ["one"] == await names(stage, most=1)
    page = await stage.inbox(BEN, most=2)
    assert ["one", "two", "three", "four"] == [row.conversation.conv_id for row in page]
    assert ["five"] == await names(stage, page[-1].changed_at, most=2)


async def test_who_left_is_told_once(stage: Stage) -> None:
    """Leaving is a change of the member's own; what is said afterwards is none of its business."""
    (group,) = await several(stage, "one")
    before = stage.clock.now()
    stage.clock.advance(1)
    async with stage.store.begin() as tx:
        await tx.members.leave(group.id, [BEN], stage.clock.now())
    (row,) = await stage.inbox(BEN, before)
    assert (True, stage.clock.now()) == (row.left, row.changed_at)
    stage.clock.advance(1)
    await stage.say(group)
    assert [] == await stage.inbox(BEN, row.changed_at)


async def test_what_was_deleted_is_told_as_left(stage: Stage) -> None:
    """At the time of its deletion."""
    (group,) = await several(stage, "one")
    before = stage.clock.now()
    stage.clock.advance(1)
    await stage.delete(group)
    assert [(True, stage.clock.now())] == [(row.left, row.changed_at) for row in await stage.inbox(BEN, before)]


async def test_what_is_over_is_told_as_left(stage: Stage) -> None:
    """At the time of its end, whether or not anybody has tidied it away."""
    end = stage.clock.now() + 10
    await stage.conversation(Kind.TEMPORARY, ADA, BEN, expires_at=end)
    assert [False] == [row.left for row in await stage.inbox(BEN)]
    before = stage.clock.now()
    stage.clock.advance(10)
    assert [(True, end)] == [(row.left, row.changed_at) for row in await stage.inbox(BEN, before)]


async def test_coming_back_in_is_a_change(stage: Stage) -> None:
    """Who was let in again is told, as a member."""
    (group,) = await several(stage, "one")
    async with stage.store.begin() as tx:
        await tx.members.leave(group.id, [BEN], stage.clock.now())
    before = stage.clock.now()
    stage.clock.advance(1)
    async with stage.store.begin() as tx:
        await tx.members.join(group.id, {BEN: PLAIN}, stage.clock.now())
    assert [False] == [row.left for row in await stage.inbox(BEN, before)]


async def test_a_recalled_message_is_a_change(stage: Stage) -> None:
    """However old the message is, who was away learns that something is different."""
    (group,) = await several(stage, "one")
    message = await stage.say(group)
    before = stage.clock.now()
    stage.clock.advance(1)
    async with stage.store.begin() as tx:
        await tx.messages.recall(message.id, stage.clock.now())
    assert ["one"] == await names(stage, before)


async def test_a_read_mark_is_a_change_for_the_reader_alone(stage: Stage) -> None:
    """The reader's other devices find it when they come back."""
    (group,) = await several(stage, "one")
    await stage.say(group)
    before = stage.clock.now()
    stage.clock.advance(1)
    await stage.read(group, BEN, 1)
    assert 1 == len(await stage.inbox(BEN, before))
    assert [] == await stage.inbox(ADA, before)


async def test_an_inbox_is_of_one_client_in_one_app(stage: Stage) -> None:
    """Neither somebody else's conversations nor another app's."""
    await stage.group(ADA, CY)
    await stage.group(BEN, app_id=ANNEX)
    assert [] == await stage.inbox(BEN)
    assert 1 == len(await stage.store.read.conversations.inbox(ANNEX, BEN, 0, stage.clock.now(), 10))
    assert 1 == len(await stage.store.read.conversations.inbox(HALL, CY, 0, stage.clock.now(), 10))


async def test_commits_are_stamped_in_their_order(stage: Stage) -> None:
    """What was asked for earlier and committed later is found by who has seen all that came before it."""
    early = stage.clock.now()
    one, two = await several(stage, "one", "two")
    stage.clock.advance(5)
    await stage.say(two)
    seen = (await stage.inbox(BEN))[-1].changed_at
    async with stage.store.begin() as tx:
        await tx.members.leave(one.id, [BEN], early)
    assert seen <= (await stage.inbox(BEN))[-1].changed_at
    assert "one" in await names(stage, seen - 1)
