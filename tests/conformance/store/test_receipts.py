"""Marks of what has arrived, and the receipts that marks bring along."""

import asyncio

import pytest

from conformance.store.stage import ADA, BEN, CY, PATIENCE, Stage
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import MessagesDelivered, MessagesRead
from parlance.core.model.member import MemberMark
from parlance.core.model.message import Message
from parlance.core.ports.appender import Append, Mark
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId

Marked = MessagesRead | MessagesDelivered


async def ask_receipt(stage: Stage, conversation: Conversation, sender: ClientId = ADA) -> Message:
    """Say something that asks for a receipt."""
    event = stage.said(conversation, sender)
    event.message.receipt = True
    return await stage.store.appender.stored(event)


def arrived(stage: Stage, conversation: Conversation, client: ClientId, seq: int) -> MessagesDelivered:
    """A mark of what has arrived, on its way."""
    place = (conversation.app_id, conversation.conv_id, client, seq, stage.clock.now())
    return MessagesDelivered(*place, (ADA, BEN))


async def deliver(stage: Stage, conversation: Conversation, client: ClientId, seq: int) -> None:
    """Move such a mark."""
    await stage.store.appender.marked(conversation.id, arrived(stage, conversation, client, seq))


async def at_once(stage: Stage, conversation: Conversation, *events: Marked) -> None:
    """Move several marks in one batch."""
    done = asyncio.Event()
    left = [None] * len(events)

    def settle(_fault: Fault | None) -> None:
        left.pop()
        if not left:
            done.set()

    for event in events:
        stage.store.appender.mark(Mark(conversation.id, event, settle))
    await asyncio.wait_for(done.wait(), PATIENCE)


def told(stage: Stage) -> list[Marked]:
    """The marks that were announced."""
    return [event for event in stage.announced if isinstance(event, MessagesRead | MessagesDelivered)]


async def test_what_arrives_is_marked_and_announced(stage: Stage) -> None:
    """Forward only, never above the newest, and it is not read by that."""
    group = await stage.group(ADA, BEN)
    await stage.say_at_once(*(stage.said(group) for _ in range(3)))
    await deliver(stage, group, BEN, 2)
    await deliver(stage, group, BEN, 1)
    await deliver(stage, group, BEN, 99)
    assert [arrived(stage, group, BEN, 2), arrived(stage, group, BEN, 3)] == told(stage)
    assert [3] == [row.unread for row in await stage.inbox(BEN)]


async def test_marks_are_told_of_everybody(stage: Stage) -> None:
    """By client id, with when each came there; what was read has arrived; who left is not among them."""
    group = await stage.group(ADA, BEN, CY)
    await stage.say_at_once(*(stage.said(group) for _ in range(3)))
    start = stage.clock.now()
    stage.clock.advance(1_000)
    await deliver(stage, group, BEN, 3)
    stage.clock.advance(1_000)
    await stage.read(group, BEN, 1)
    now = stage.clock.now()
    expected = [
        MemberMark(ADA, 3, start + 2, 3, start + 2),
        MemberMark(BEN, 1, now, 3, now - 1_000),
        MemberMark(CY, 0, None, 0, None),
    ]
    assert expected == await stage.store.read.members.marks(group.id)
    await stage.read(group, CY, 2)
    async with stage.store.begin() as tx:
        await tx.members.leave(group.id, [ADA, BEN], now)
    assert [MemberMark(CY, 2, now, 2, now)] == await stage.store.read.members.marks(group.id)


async def test_what_is_read_had_arrived_before(stage: Stage) -> None:
    """Reading as far as has arrived does not make it arrive later."""
    group = await stage.group(ADA, BEN)
    await stage.say_at_once(*(stage.said(group) for _ in range(3)))
    await deliver(stage, group, BEN, 3)
    then = stage.clock.now()
    stage.clock.advance(1_000)
    await stage.read(group, BEN, 3)
    assert MemberMark(BEN, 3, then + 1_000, 3, then) in await stage.store.read.members.marks(group.id)


async def test_what_was_read_does_not_arrive_again(stage: Stage) -> None:
    """A mark of arrival behind the mark of reading is nothing new."""
    group = await stage.group(ADA, BEN)
    await stage.say_at_once(*(stage.said(group) for _ in range(3)))
    await stage.read(group, BEN, 3)
    await deliver(stage, group, BEN, 2)
    assert [stage.mark(group, BEN, 3)] == told(stage)


async def test_a_mark_brings_the_receipts_that_it_passed(stage: Stage) -> None:
    """Of those who asked, once for arriving and once for reading; nobody gets one from itself."""
    group = await stage.group(ADA, BEN, CY)
    first = await ask_receipt(stage, group)
    await stage.say(group)
    second = await ask_receipt(stage, group)
    own = await ask_receipt(stage, group, CY)
    stage.announced.clear()
    await deliver(stage, group, BEN, 2)
    await deliver(stage, group, BEN, 4)
    await stage.read(group, BEN, 3)
    await stage.read(group, BEN, 4)
    assert [
        (MessagesDelivered, ((first.id, ADA),)),
        (MessagesDelivered, ((second.id, ADA), (own.id, CY))),
        (MessagesRead, ((first.id, ADA), (second.id, ADA))),
        (MessagesRead, ((own.id, CY),)),
    ] == [(type(event), event.receipts) for event in told(stage)]
    stage.announced.clear()
    await deliver(stage, group, CY, 4)
    await stage.read(group, CY, 4)
    assert [] == told(stage)


async def test_in_one_batch_each_receipt_comes_once(stage: Stage) -> None:
    """With the mark that passed it first, whatever else moves in the batch."""
    group, plain = await stage.group(ADA, BEN), await stage.group(ADA, BEN)
    one, two = await ask_receipt(stage, group), await ask_receipt(stage, group)
    await stage.say(plain)
    marks = (
        arrived(stage, group, BEN, 1),
        stage.mark(group, BEN, 1),
        stage.mark(group, BEN, 1),
        arrived(stage, group, BEN, 2),
        stage.mark(group, BEN, 99),
    )
    await at_once(stage, group, *marks)
    receipts = [(type(event), event.receipts) for event in told(stage)]
    assert [
        (MessagesDelivered, ((one.id, ADA),)),
        (MessagesRead, ((one.id, ADA),)),
        (MessagesDelivered, ((two.id, ADA),)),
        (MessagesRead, ((two.id, ADA),)),
    ] == receipts


async def test_several_marks_of_several_readers(stage: Stage) -> None:
    """All that moved are announced, in their order, with nothing to receipt."""
    group = await stage.group(ADA, BEN, CY)
    await stage.say_at_once(*(stage.said(group) for _ in range(3)))
    marks = (
        arrived(stage, group, BEN, 2),
        arrived(stage, group, CY, 3),
        stage.mark(group, BEN, 3),
        stage.mark(group, CY, 1),
        arrived(stage, group, BEN, 3),
    )
    await at_once(stage, group, *marks)
    assert list(marks[:4]) == told(stage)


async def test_who_answers_has_read(stage: Stage) -> None:
    """Whose message asked for a receipt is told, and nobody else; without such a message nobody is."""
    group = await stage.group(ADA, BEN, CY)
    asked = await ask_receipt(stage, group)
    answer = await stage.say(group, BEN)
    read = MessagesRead(group.app_id, group.conv_id, BEN, 2, answer.created_at, (ADA,), None, ((asked.id, ADA),))
    assert [read] == told(stage)
    stage.announced.clear()
    await stage.say(group, BEN)
    await stage.read(group, BEN, 3)
    assert [] == told(stage)
    assert [0] == [row.unread for row in await stage.inbox(BEN)]


async def test_a_message_and_its_receipt_in_one_batch(stage: Stage) -> None:
    """A mark behind a message in the batch passes it."""
    group = await stage.group(ADA, BEN)
    event = stage.said(group)
    event.message.receipt = True
    sent = asyncio.Event()
    stage.store.appender.append(Append(event, lambda _message, _fault: sent.set()))
    await at_once(stage, group, stage.mark(group, BEN, 99))
    assert sent.is_set()
    assert [((event.message.id, ADA),)] == [mark.receipts for mark in told(stage)]


async def test_receipts_are_found_after_a_restart(stage: Stage) -> None:
    """What is remembered of a conversation is looked up again."""
    group = await stage.group(ADA, BEN)
    asked = await ask_receipt(stage, group)
    await stage.say(group)
    await stage.store.close()
    await stage.open()
    await deliver(stage, group, BEN, 1)
    assert [((asked.id, ADA),)] == [event.receipts for event in told(stage)]


async def test_who_is_only_written_to_marks_too(stage: Stage) -> None:
    """Where messages name their readers, whoever is named has a mark."""
    service = await stage.conversation(Kind.SERVICE)
    async with stage.store.begin() as tx:
        await tx.addressed.add(stage.said(service).message, [BEN], stage.clock.now())
    await deliver(stage, service, BEN, 1)
    await stage.read(service, BEN, 1)
    assert [MessagesDelivered, MessagesRead] == [type(event) for event in told(stage)]


async def test_nothing_arrives_in_what_is_gone(stage: Stage) -> None:
    """A deleted conversation has no marks."""
    group = await stage.group(ADA, BEN)
    await ask_receipt(stage, group)
    await stage.delete(group)
    with pytest.raises(Fault) as refused:
        await deliver(stage, group, BEN, 2)
    assert FaultCode.UNKNOWN_CONVERSATION == refused.value.code
