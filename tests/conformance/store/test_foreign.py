"""The repository of messages that were sent elsewhere."""

import msgspec

from conformance.store.stage import ADA, ANNEX, BEN, HALL, Stage
from parlance.core.model.conversation import Conversation
from parlance.core.model.message import Message, MessageStatus
from parlance.core.model.moving import Brought
from parlance.kernel.ids import message_hex


def sent(group: Conversation, name: str, at: int, **more: object) -> Message:
    """A message that was called so where it was sent."""
    message = Message(
        0, group.app_id, group.id, group.conv_id, 0, BEN, -1, name, None, None, False, (), False, None, at
    )
    return msgspec.structs.replace(message, foreign_id=name, **more)


async def added(stage: Stage, *messages: Message) -> None:
    """Keep them."""
    async with stage.store.begin() as tx:
        await tx.foreign.add(messages, stage.clock.now())


async def test_they_stand_in_the_sequence_and_keep_their_names(stage: Stage) -> None:
    """With their times and everything they said; by their names they are found, in their conversation alone."""
    group, other = await stage.group(ADA, BEN), await stage.group(ADA)
    first = sent(group, "NGpHmPXWRh2QdaBbuMPOMg", 1_600_000_000_000, raw='{"_lctype":-1}', url="http://x")
    second = sent(group, "recalled", 1_600_000_000_500, status=MessageStatus.RECALLED, text=None)
    await added(stage, first, second)
    messages = stage.store.read.messages
    assert [(1, 1_600_000_000_000), (2, 1_600_000_000_500)] == [(each.seq, each.created_at) for each in (first, second)]
    assert [first, second] == await messages.after(group.id, 0, 10)
    assert first == await messages.named(group.id, "NGpHmPXWRh2QdaBbuMPOMg")
    assert "NGpHmPXWRh2QdaBbuMPOMg" == first.msg_id
    assert first.id == await messages.number_of(HALL, first.msg_id)
    assert None is await messages.named(other.id, first.msg_id)
    assert None is await messages.number_of(ANNEX, first.msg_id)
    assert None is await messages.named(group.id, message_hex(first.id).replace("a", "b"))
    assert {"NGpHmPXWRh2QdaBbuMPOMg", "recalled"} == await stage.store.read.foreign.ids(group.id)
    assert [] == await stage.verify()


async def test_they_come_behind_what_is_there_and_before_what_comes(stage: Stage) -> None:
    """Times grow with numbers, also for two of one millisecond and where a clock ran backwards."""
    group = await stage.group(ADA, BEN)
    await added(stage, sent(group, "a", 5_000), sent(group, "b", 5_000), sent(group, "c", 4_000))
    await added(stage, sent(group, "d", 1_000))
    stored = await stage.store.appender.stored(stage.said(group, BEN, "now"))
    found = await stage.store.read.messages.after(group.id, 0, 10)
    assert [("a", 5_000), ("b", 5_001), ("c", 5_002), ("d", 5_003)] == [(m.msg_id, m.created_at) for m in found[:4]]
    assert 5 == stored.seq
    assert sorted(m.id for m in found) == [m.id for m in found]
    assert [] == await stage.verify()


async def test_who_had_read_everything_has_read_them(stage: Stage) -> None:
    """Nobody knows what was unread elsewhere; what is unread here stays so."""
    group = await stage.group(ADA, BEN)
    await added(stage, sent(group, "a", 1_000))
    assert [1, 1] == [mark.read_seq for mark in await stage.store.read.members.marks(group.id)]
    await stage.store.appender.stored(stage.said(group, BEN, "Ada has not read this"))
    await added(stage, sent(group, "b", 2_000))
    marks = {mark.client_id: mark.read_seq for mark in await stage.store.read.members.marks(group.id)}
    assert {ADA: 1, BEN: 3} == marks


async def test_messages_of_one_time_have_numbers_of_their_own(stage: Stage) -> None:
    """However many conversations had a message in the same millisecond."""
    groups = [await stage.group(ADA, BEN) for _ in range(3)]
    for group in groups:
        await added(stage, sent(group, "same name", 7_000), sent(group, "more", 7_000))
    numbers = [m.id for group in groups for m in await stage.store.read.messages.after(group.id, 0, 10)]
    assert 6 == len(set(numbers))


async def test_what_was_deleted_is_still_known_by_its_name(stage: Stage) -> None:
    """So that it does not come back; nobody finds it."""
    group = await stage.group(ADA, BEN)
    await added(stage, first := sent(group, "a", 1_000))
    async with stage.store.begin() as tx:
        assert await tx.messages.delete(group.id, first.id)
    assert {"a"} == await stage.store.read.foreign.ids(group.id)
    assert None is await stage.store.read.messages.named(group.id, "a")
    assert [] == await stage.verify()


async def test_several_are_found_by_their_names(stage: Stage) -> None:
    """In their conversation alone, by their places; those that were deleted are told apart."""
    group, other = await stage.group(ADA, BEN), await stage.group(ADA)
    await added(stage, *(sent(group, name, at) for at, name in enumerate("abcd", 1_000)))
    await added(stage, sent(other, "a", 1_000))
    stored = await stage.store.appender.stored(stage.said(group, BEN, "now"))
    foreign, messages = stage.store.read.foreign, stage.store.read.messages
    gone = await messages.named(group.id, "d")
    assert gone is not None
    async with stage.store.begin() as tx:
        assert await tx.messages.delete(group.id, gone.id)
    found, deleted = await foreign.named(group.id, ["c", "d", "e", "a", "a\x00"])
    assert ([1, 3], {"d"}) == ([each.seq for each in found], deleted)
    assert await messages.named(group.id, "a") == found[0]
    assert ([], set()) == await foreign.named(other.id, ["b"])
    assert ([], set()) == await foreign.named(group.id, [])
    assert 5 == stored.seq


async def test_what_was_said_there_and_here_is_counted(stage: Stage) -> None:
    """For several conversations at once; those in which nothing was said are left out."""
    group, quiet = await stage.group(ADA, BEN), await stage.group(ADA)
    await added(stage, *(sent(group, name, at) for at, name in enumerate("abc", 1_000)))
    await stage.store.appender.stored(stage.said(group, BEN, "now"))
    foreign, messages = stage.store.read.foreign, stage.store.read.messages
    gone = await messages.named(group.id, "a")
    assert gone is not None
    async with stage.store.begin() as tx:
        assert await tx.messages.delete(group.id, gone.id)
    assert {group.id: Brought(2, 1, 1, 2, 3, 1_002)} == await foreign.brought([group.id, quiet.id])


async def test_some_may_be_unread(stage: Stage) -> None:
    """But not by those who sent them."""
    group = await stage.group(ADA, BEN)
    async with stage.store.begin() as tx:
        await tx.foreign.add([sent(group, "a", 1_000), sent(group, "b", 2_000)], stage.clock.now(), {group.id})
    marks = {mark.client_id: mark.read_seq for mark in await stage.store.read.members.marks(group.id)}
    assert {ADA: 0, BEN: 2} == marks
    assert [] == await stage.verify()


async def test_who_is_in_and_who_was(stage: Stage) -> None:
    """With what is left of them."""
    group = await stage.group(ADA, BEN)
    async with stage.store.begin() as tx:
        await tx.members.set_muted(group.id, BEN, muted=True)
        await tx.members.leave(group.id, [ADA], stage.clock.now())
    traces = await stage.store.read.foreign.traces(group.id)
    assert {ADA: (False, False), BEN: (True, True)} == {
        client: (trace.is_in, trace.muted) for client, trace in traces.items()
    }
