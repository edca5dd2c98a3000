"""Read marks: how far somebody has read."""

import asyncio

import msgspec
import pytest

from conformance.store.stage import ADA, BEN, CY, PATIENCE, Stage
from parlance.core.model.conversation import Conversation
from parlance.core.model.events import MessagesRead
from parlance.core.ports.appender import Mark
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


async def talk(stage: Stage, messages: int = 3) -> Conversation:
    """A group of Ada and Ben in which Ada has said so much."""
    group = await stage.group(ADA, BEN)
    await stage.say_at_once(*(stage.said(group) for _ in range(messages)))
    stage.announced.clear()
    return group


async def unread(stage: Stage, *clients: ClientId) -> list[int]:
    """How much each has not read in the only conversation."""
    return [(await stage.inbox(client))[0].unread for client in clients]


async def test_a_mark_moves_and_is_announced(stage: Stage) -> None:
    """As it was asked for."""
    group = await talk(stage)
    await stage.read(group, BEN, 2)
    assert [stage.mark(group, BEN, 2)] == stage.announced
    assert [1] == await unread(stage, BEN)


async def test_it_only_moves_forward(stage: Stage) -> None:
    """An older or the same place is no error, changes nothing and tells nobody."""
    group = await talk(stage)
    await stage.read(group, BEN, 2)
    stage.announced.clear()
    await stage.read(group, BEN, 2)
    await stage.read(group, BEN, 1)
    await stage.read(group, BEN, 0)
    assert [] == stage.announced
    assert [1] == await unread(stage, BEN)


async def test_it_never_stands_above_the_newest(stage: Stage) -> None:
    """A place beyond the end is the end, and announced as that."""
    group = await talk(stage)
    await stage.read(group, BEN, 1 << 61)
    assert [stage.mark(group, BEN, 3)] == stage.announced
    assert [0] == await unread(stage, BEN)
    await stage.say(group)
    assert [1] == await unread(stage, BEN)


async def test_sending_reads(stage: Stage) -> None:
    """The sender has read everything up to its own message; that is not announced as a mark."""
    group = await talk(stage)
    assert [0, 3] == await unread(stage, ADA, BEN)
    await stage.say(group, BEN)
    assert [1, 0] == await unread(stage, ADA, BEN)
    assert not [event for event in stage.announced if isinstance(event, MessagesRead)]


async def test_in_one_batch_order_counts(stage: Stage) -> None:
    """A mark covers what came before it, not what came after it in the same batch."""
    group = await stage.group(ADA, BEN)
    await stage.say(group)
    stage.announced.clear()
    done = asyncio.Event()

    def settle(_fault: Fault | None) -> None:
        done.set()

    hers, later = stage.said(group), stage.said(group)
    first = asyncio.ensure_future(stage.store.appender.stored(hers))
    await asyncio.sleep(0)
    stage.store.appender.mark(Mark(group.id, stage.mark(group, BEN, 99), settle))
    await stage.store.appender.stored(later)
    await asyncio.wait_for(done.wait(), PATIENCE)
    await first
    marks = [event for event in stage.announced if isinstance(event, MessagesRead)]
    assert [stage.mark(group, BEN, 2)] == marks
    assert [1] == await unread(stage, BEN)
    assert 2 == stage.tally.batches


async def test_several_marks_of_one_reader(stage: Stage) -> None:
    """Each that moved the mark is announced, the one that did not is not."""
    group = await talk(stage)
    await asyncio.gather(*(stage.read(group, BEN, seq) for seq in (1, 3, 2)))
    assert [1, 3] == [event.seq for event in stage.announced if isinstance(event, MessagesRead)]
    assert 2 == stage.tally.marks


async def test_who_is_not_in_has_no_mark(stage: Stage) -> None:
    """Nothing moves, nobody is told, and it is no error."""
    group = await talk(stage)
    await stage.read(group, CY, 2)
    async with stage.store.begin() as tx:
        await tx.members.leave(group.id, [BEN], stage.clock.now())
    await stage.read(group, BEN, 2)
    assert [] == stage.announced


async def test_an_unknown_conversation_has_no_marks(stage: Stage) -> None:
    """Deleted, after having been spoken in, or never there."""
    group = await talk(stage)
    await stage.delete(group)
    for gone in (group, msgspec.structs.replace(group, id=99)):
        with pytest.raises(Fault) as refused:
            await stage.read(gone, BEN, 4)
        assert FaultCode.UNKNOWN_CONVERSATION == refused.value.code


async def test_marks_survive_a_restart(stage: Stage) -> None:
    """They are as durable as messages."""
    group = await talk(stage)
    await stage.read(group, BEN, 2)
    await stage.store.close()
    await stage.open()
    assert [1] == await unread(stage, BEN)
