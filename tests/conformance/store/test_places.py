"""Finding messages by times, by stretches and by who said them, and taking them out."""

import msgspec
import pytest

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.message import Message, NewContent
from parlance.kernel.pages import PageAsked


def seqs(messages: list[Message]) -> list[int | None]:
    """Their numbers."""
    return [message.seq for message in messages]


def texts(messages: list[Message]) -> list[str | None]:
    """Their words."""
    return [message.text for message in messages]


async def take_out(stage: Stage, conversation: Conversation, message: Message) -> bool:
    """Delete a message for good; whether it was there."""
    async with stage.store.begin() as tx:
        return await tx.messages.delete(conversation.id, message.id)


async def test_times_grow_with_numbers(stage: Stage) -> None:
    """Of messages made in one moment, or with a clock that fell back, each is later than the one before."""
    group, other = await stage.group(ADA), await stage.group(ADA)
    start = stage.clock.now()
    await stage.say_at_once(*(stage.said(group) for _ in range(3)))
    late = stage.said(group)
    late.message.created_at = start - 60_000
    assert start + 3 == (await stage.store.appender.stored(late)).created_at
    assert start == (await stage.say(other)).created_at
    await stage.store.close()
    await stage.open()
    assert start + 4 == (await stage.say(group)).created_at
    stored = await stage.store.read.messages.after(group.id, 0, 10)
    assert [start + number for number in range(5)] == [message.created_at for message in stored]


@pytest.mark.parametrize("count", [0, 1, 2, 7, 20])
async def test_the_number_that_a_time_had_reached(stage: Stage, count: int) -> None:
    """Between messages, at one, before the first and after the last."""
    group = await stage.group(ADA)
    start = stage.clock.now()
    for _ in range(count):
        await stage.say(group)
        stage.clock.advance(10)
    times = range(start - 10, start + 10 * count + 10, 5)
    expected = [max(0, min(count, (time - start) // 10 + 1)) for time in times]
    assert expected == [await stage.store.read.messages.seq_at(group.id, time) for time in times]
    assert 0 == await stage.store.read.messages.seq_at(group.id + 1, start)


async def test_a_stretch_of_the_history(stage: Stage) -> None:
    """Both ends left out, ascending, the oldest or the newest of it."""
    group = await stage.group(ADA)
    await stage.say_at_once(*(stage.said(group) for _ in range(8)))
    between = stage.store.read.messages.between
    assert [3, 4, 5, 6] == seqs(await between(group.id, 2, 7, 10, newest=True))
    assert [3, 4] == seqs(await between(group.id, 2, 7, 2, newest=False))
    assert [5, 6] == seqs(await between(group.id, 2, 7, 2, newest=True))
    assert [] == await between(group.id, 3, 4, 2, newest=True)
    assert [7, 8] == seqs(await between(group.id, 0, 1 << 62, 2, newest=True))


async def test_a_stretch_of_one_type(stage: Stage) -> None:
    """Others are passed over."""
    group = await stage.group(ADA)
    events = [stage.said(group) for _ in range(6)]
    for event in events[::2]:
        event.message.type = 42
    await stage.say_at_once(*events)
    between = stage.store.read.messages.between
    assert [1, 3] == seqs(await between(group.id, 0, 99, 2, newest=False, of_type=42))
    assert [4, 6] == seqs(await between(group.id, 0, 99, 2, newest=True, of_type=-1))
    assert [] == await between(group.id, 0, 99, 2, newest=True, of_type=7)


async def test_what_was_changed_is_caught_up_on(stage: Stage) -> None:
    """By when it was; only in conversations that the client is in and that are there, and after a time."""
    mine, left, others = await stage.group(ADA, BEN), await stage.group(ADA, BEN), await stage.group(ADA)
    service = await stage.conversation(Kind.SERVICE, BEN)
    first, second, third, fourth = [await stage.say(group) for group in (mine, mine, left, others)]
    to_him, to_her = stage.said(service, CY).message, stage.said(service, CY).message
    start = stage.clock.now()
    async with stage.store.begin() as tx:
        await tx.addressed.add(to_him, [BEN], start)
        await tx.addressed.add(to_her, [ADA], start)
        await tx.messages.recall(second.id, start + 100)
        for place, message in enumerate((first, third, fourth, to_him, to_her)):
            await tx.messages.edit(message.id, NewContent("new", None), start + 200 + place)
        await tx.members.leave(left.id, [BEN], start)
    patched = stage.store.read.messages.patched
    assert [second.id, first.id, to_him.id] == [message.id for message in await patched(HALL, BEN, start, 10)]
    assert [second.id] == [message.id for message in await patched(HALL, BEN, start, 1)]
    assert [first.id] == [message.id for message in await patched(HALL, BEN, start + 100, 1)]
    assert [] == await patched(ANNEX, BEN, start, 10)
    await stage.delete(mine)
    assert [to_him.id] == [message.id for message in await patched(HALL, BEN, start, 10)]


async def test_a_change_is_later_than_the_message(stage: Stage) -> None:
    """Even if both came in one moment."""
    group = await stage.group(ADA)
    _, second = await stage.say(group), await stage.say(group)
    async with stage.store.begin() as tx:
        edited = await tx.messages.edit(second.id, NewContent("new", None), stage.clock.now())
    assert edited is not None
    assert second.created_at + 1 == edited.patched_at


async def test_an_edit_may_change_all_of_it(stage: Stage) -> None:
    """Type, address, mentions and what stands beside; what it does not name stays."""
    group = await stage.group(ADA)
    event = stage.said(group)
    event.message = msgspec.structs.replace(event.message, url="u", mention_all=True, mentions=(BEN,), raw="r")
    message = await stage.store.appender.stored(event)
    at = stage.clock.now() + 5
    async with stage.store.begin() as tx:
        kept = await tx.messages.edit(message.id, NewContent("new", None), at)
        assert msgspec.structs.replace(message, text="new", raw=None, patched_at=at) == kept
        new = NewContent(None, "{}", 7, "v", "eA==", True, False, ())
        edited = await tx.messages.edit(message.id, new, at + 1)
    expected = msgspec.structs.replace(message, text=None, attr="{}", type=7, url="v", raw="eA==", is_binary=True)
    assert msgspec.structs.replace(expected, mention_all=False, mentions=(), patched_at=at + 1) == edited


async def test_what_somebody_said(stage: Stage) -> None:
    """In all conversations of an app, by the messages' numbers; or what everybody did."""
    one, two, elsewhere = await stage.group(ADA, BEN), await stage.group(ADA, BEN), await stage.group(ADA, app_id=ANNEX)
    senders = ((one, ADA), (two, BEN), (elsewhere, ADA), (two, ADA), (one, BEN))
    said = [await stage.say(group, sender, str(place)) for place, (group, sender) in enumerate(senders)]
    said_by, last = stage.store.read.messages.said_by, (1 << 63) - 1
    assert ["0", "1", "3", "4"] == texts(await said_by(HALL, None, 0, last, 10, newest=True))
    assert ["0", "1"] == texts(await said_by(HALL, None, 0, last, 2, newest=False))
    assert ["0", "3"] == texts(await said_by(HALL, ADA, 0, last, 10, newest=False))
    assert ["3"] == texts(await said_by(HALL, ADA, 0, last, 1, newest=True))
    assert ["1", "3"] == texts(await said_by(HALL, None, said[0].id, said[4].id, 10, newest=False))
    assert [] == await said_by(HALL, CY, 0, last, 10, newest=True)


async def test_what_is_taken_out_is_found_nowhere(stage: Stage) -> None:
    """By no way of asking; and a second time there is nothing to take out."""
    group, other = await stage.group(ADA, BEN), await stage.group(ADA, BEN)
    first, second = await stage.say(group, ref="r"), await stage.say(group)
    assert not await take_out(stage, other, second)
    assert await take_out(stage, group, second)
    assert not await take_out(stage, group, second)
    read = stage.store.read.messages
    assert None is await read.find(group.id, second.id)
    assert [1] == await stage.seqs(group) == seqs(await read.before(group.id, 9, 9))
    assert ([1], 2) == (seqs((page := await read.page(group.id, PageAsked(1, 10))).rows), page.total)
    assert {group.id: first} == await read.latest([group.id])
    assert [1] == seqs(await read.between(group.id, 0, 9, 9, newest=True))
    assert [first.id] == [message.id for message in await read.said_by(HALL, None, 0, 1 << 62, 9, newest=True)]
    async with stage.store.begin() as tx:
        assert None is await tx.messages.edit(second.id, NewContent("new", None), stage.clock.now())
        assert None is await tx.messages.recall(second.id, stage.clock.now())
    assert await take_out(stage, group, first)
    assert {} == await read.latest([group.id])
    assert [] == await stage.verify()


async def test_its_number_stays_taken(stage: Stage) -> None:
    """The sequence goes on behind it, its name is free, and times are still found."""
    group = await stage.group(ADA, BEN)
    first = await stage.say(group, ref="r")
    await take_out(stage, group, first)
    again = await stage.say(group, ref="r")
    assert 2 == again.seq
    assert [2] == await stage.seqs(group)
    assert (1, 2) == (
        await stage.store.read.messages.seq_at(group.id, first.created_at),
        await stage.store.read.messages.seq_at(group.id, again.created_at),
    )
    assert [] == await stage.verify()


async def test_what_was_addressed_is_taken_out_for_all(stage: Stage) -> None:
    """Nobody has it any more, and it counts for nobody."""
    service = await stage.conversation(Kind.SERVICE)
    message = stage.said(service).message
    async with stage.store.begin() as tx:
        await tx.addressed.add(message, [ADA, BEN], stage.clock.now())
    assert await take_out(stage, service, message)
    assert [] == await stage.store.read.addressed.after(service.id, BEN, 0, 10)
    assert [] == await stage.store.read.members.unread(HALL, BEN, 0, stage.clock.now(), 10)
    assert [] == await stage.verify()
