"""The way in for messages: batches, sequence, answers, announcements."""

import asyncio

import msgspec
import pytest

from conformance.store.stage import ADA, BEN, HALL, PATIENCE, Stage
from parlance.core.model.events import AppChanged, Event, MessageSent
from parlance.core.model.message import Message, MessageType
from parlance.core.ports.appender import Append
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId


async def test_a_message_gets_the_next_number(stage: Stage) -> None:
    """The answer is the very message that was sent, with its place; and it is announced."""
    group = await stage.group(ADA)
    event = stage.said(group)
    stored = await stage.store.appender.stored(event)
    assert stored is event.message
    assert 1 == stored.seq
    assert [event] == stage.announced
    assert 2 == (await stage.say(group)).seq


async def test_numbers_are_each_conversation_s_own(stage: Stage) -> None:
    """One batch over several conversations numbers each from where it stood."""
    one, two = await stage.group(ADA), await stage.group(ADA)
    await stage.say(one)
    answers = await stage.say_at_once(*(stage.said(group) for group in (one, two, one, two)))
    assert [2, 1, 3, 2] == [answer.seq for answer in answers if isinstance(answer, Message)]


async def test_a_conversation_knows_its_newest(stage: Stage) -> None:
    """Its height and the time of the newest message move with it; each message has a later one than the one before."""
    group = await stage.group(ADA)
    stage.clock.advance(3)
    await stage.say_at_once(stage.said(group), stage.said(group))
    found = await stage.store.read.conversations.find(HALL, group.conv_id, stage.clock.now())
    assert msgspec.structs.replace(group, last_seq=2, last_message_at=stage.clock.now() + 1) == found


async def test_two_senders_at_once_leave_no_gap(stage: Stage) -> None:
    """However many send, the sequence is gap-free and everybody sees the same one."""
    group = await stage.group(ADA, BEN)

    async def talk(sender: ClientId) -> list[int | None]:
        return [(await stage.say(group, sender)).seq for _ in range(50)]

    hers, his = await asyncio.gather(talk(ADA), talk(BEN))
    assert list(range(1, 101)) == sorted(seq for seq in hers + his if seq is not None)
    assert list(range(1, 101)) == await stage.seqs(group)
    announced = [event.message.seq for event in stage.announced if isinstance(event, MessageSent)]
    assert list(range(1, 101)) == announced


@pytest.mark.parametrize(
    "texts",
    [
        ["one", "two", "three"],
        [""],
        ["", ""],
        ["", "between", ""],
        [None, None],
        ["said", None, ""],
        ["\x1f", "a\x1fb", "c"],
        ["\x1f\x1f"],
        ["1\n2\t3", '{"a": ["b"]}', "{1,2}", "it's \\ \U0001f600"],
    ],
)
async def test_texts_of_a_batch_come_as_they_are(stage: Stage, texts: list[str | None]) -> None:
    """Each is its own message's, and a missing one is another thing than an empty one; names and refs likewise."""
    group = await stage.group(ADA)
    events = [
        stage.said(group, ClientId(f"a{text}"), ref=None if text is None else f"{number}{text}")
        for number, text in enumerate(texts)
    ]
    for text, event in zip(texts, events, strict=True):
        event.message.text = text
    await stage.say_at_once(*events)
    found = await stage.store.read.messages.after(group.id, 0, 100)
    assert texts == [message.text for message in found]
    assert [event.message.sender for event in events] == [message.sender for message in found]
    assert [event.message.ref for event in events] == [message.ref for message in found]


async def test_types_by_name_are_numbers(stage: Stage) -> None:
    """A dialect may name them."""
    group = await stage.group(ADA)
    event = stage.said(group)
    event.message.type = MessageType.IMAGE
    await stage.say_at_once(event, stage.said(group))
    assert [-2, -1] == [message.type for message in await stage.store.read.messages.after(group.id, 0, 100)]


async def test_what_arrives_together_is_one_batch(stage: Stage) -> None:
    """One transaction for everything that gathered in a turn of the loop."""
    group = await stage.group(ADA)
    await stage.say_at_once(*(stage.said(group) for _ in range(30)))
    stats = stage.tally
    assert (1, 30, 30, 0, 0) == (stats.batches, stats.messages, stats.largest_batch, stats.duplicates, stats.refused)


async def test_answers_come_before_the_one_announcement(stage: Stage) -> None:
    """Every settle of a batch, in the order of arrival, then everything new at once."""
    group = await stage.group(ADA)
    order: list[str] = []
    stage.store._appender._announce = lambda events: order.append(f"announced {len(events)}")

    def noted(name: str) -> Append:
        return Append(stage.said(group), lambda _message, _fault: order.append(name))

    for name in ("first", "second"):
        stage.store.appender.append(noted(name))
    await stage.say(group)
    assert ["first", "second", "announced 3"] == order


async def test_an_unknown_conversation_takes_nothing(stage: Stage) -> None:
    """Deleted meanwhile or never there: a fault, and no gap for those who come to others."""
    living, dead = await stage.group(ADA), await stage.group(ADA)
    await stage.say(dead)
    await stage.delete(dead)
    never = msgspec.structs.replace(living, id=999)
    answers = await stage.say_at_once(stage.said(living), stage.said(dead), stage.said(never), stage.said(living))
    outcome = [answer.code if isinstance(answer, Fault) else answer.seq for answer in answers]
    assert [1, FaultCode.UNKNOWN_CONVERSATION, FaultCode.UNKNOWN_CONVERSATION, 2] == outcome
    assert [1, 2] == await stage.seqs(living)
    assert 3 == len(stage.announced)
    assert 2 == stage.tally.refused


async def test_the_fault_is_raised_to_who_waits(stage: Stage) -> None:
    """`stored` raises what `settle` would have been told."""
    dead = await stage.group(ADA)
    await stage.delete(dead)
    event = stage.said(dead)
    with pytest.raises(Fault) as refused:
        await stage.store.appender.stored(event)
    assert FaultCode.UNKNOWN_CONVERSATION == refused.value.code
    assert 0 == event.message.seq


async def test_one_that_cannot_be_stored_keeps_out_only_itself(stage: Stage) -> None:
    """Its neighbours are stored, without a gap."""
    group = await stage.group(ADA)
    poison = stage.said(group, text="half a pair \ud800")
    answers = await stage.say_at_once(stage.said(group), poison, stage.said(group, ref="r"), stage.said(group, ref="r"))
    outcome = [answer.code if isinstance(answer, Fault) else answer.seq for answer in answers]
    assert [1, FaultCode.INTERNAL, 2, 2] == outcome
    assert [1, 2] == await stage.seqs(group)
    assert 0 == poison.message.seq
    assert 3 == (await stage.say(group)).seq


async def test_a_number_given_twice_keeps_out_the_second(stage: Stage) -> None:
    """Two messages of one number cannot both be stored; the first one stands."""
    group = await stage.group(ADA)
    first, second = stage.said(group), stage.said(group)
    second.message = msgspec.structs.replace(second.message, id=first.message.id)
    answers = await stage.say_at_once(first, second)
    assert [1, FaultCode.INTERNAL] == [answer.code if isinstance(answer, Fault) else answer.seq for answer in answers]
    assert [1] == await stage.seqs(group)


async def test_a_settle_that_fails_silences_nobody(stage: Stage) -> None:
    """The error is reported, the next one is answered all the same."""
    group = await stage.group(ADA)
    reported: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: reported.append(context["message"]))

    def failing(_message: Message, _fault: Fault | None) -> None:
        raise ValueError("a broken sender")

    stage.store.appender.append(Append(stage.said(group), failing))
    assert 2 == (await stage.say(group)).seq
    assert ["a sender could not be answered"] == reported
    assert 2 == len(stage.announced)


async def test_an_announcement_that_fails_does_not_undo(stage: Stage) -> None:
    """What is stored is stored, and the sender is told so."""
    group = await stage.group(ADA)
    reported: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: reported.append(context["message"]))

    def failing(_events: object) -> None:
        raise ValueError("a broken bus")

    stage.store._appender._announce = failing
    await stage.say(group)
    assert [1] == await stage.seqs(group)
    assert ["an announcement failed"] == reported


async def test_too_much_waiting_is_refused(stage: Stage) -> None:
    """Over the bound a send is refused at once, and those that wait are stored."""
    await stage.store.close()
    stage.waiting = 3
    await stage.open()
    group = await stage.group(ADA)
    settled = asyncio.Event()

    def settle(message: Message, fault: Fault | None) -> None:
        assert fault is None
        if message.seq == 3:
            settled.set()

    for _ in range(3):
        stage.store.appender.append(Append(stage.said(group), settle))
    assert 3 == stage.store.appender.waiting
    with pytest.raises(Fault) as refused:
        stage.store.appender.append(Append(stage.said(group), settle))
    assert FaultCode.UNAVAILABLE == refused.value.code
    await asyncio.wait_for(settled.wait(), PATIENCE)
    assert 4 == (await stage.say(group)).seq


async def test_who_stops_waiting_has_still_sent(stage: Stage) -> None:
    """Cancelling the wait does not take the message back."""
    group = await stage.group(ADA)
    waiting = asyncio.ensure_future(stage.store.appender.stored(stage.said(group)))
    await asyncio.sleep(0)
    waiting.cancel()
    assert 2 == (await stage.say(group)).seq
    assert waiting.cancelled()
    assert 2 == len(stage.announced)


async def test_closing_stores_what_waits(stage: Stage) -> None:
    """Everything taken in is stored and answered; afterwards nothing is taken in."""
    group = await stage.group(ADA)
    answers: list[int | None] = []
    for _ in range(5):
        stage.store.appender.append(Append(stage.said(group), lambda message, _fault: answers.append(message.seq)))
    await stage.store.close()
    assert [1, 2, 3, 4, 5] == answers
    with pytest.raises(Fault) as refused:
        await stage.say(group)
    assert FaultCode.UNAVAILABLE == refused.value.code
    await stage.open()
    assert [1, 2, 3, 4, 5] == await stage.seqs(group)


async def test_sequences_go_on_after_a_restart(stage: Stage) -> None:
    """The next number is read from the store."""
    group = await stage.group(ADA)
    await stage.say(group)
    await stage.store.close()
    await stage.open()
    assert 2 == (await stage.say(group)).seq


async def test_another_process_may_write_too(stage: Stage) -> None:
    """What this process remembers of a conversation is never believed over the store."""
    await stage.app()
    async with stage.store.begin() as tx:
        await tx.users.add_missing(HALL, [ADA], stage.clock.now())
    group = await stage.group(ADA)
    await stage.say(group)
    other = Stage(stage.place)
    other.ids = stage.ids
    await other.open()
    assert 2 == (await other.say(group)).seq
    assert 3 == (await stage.say(group)).seq
    assert 4 == (await other.say(group)).seq
    await other.read(group, ADA, 4)
    assert [] == await stage.verify()
    await other.delete(group)
    with pytest.raises(Fault):
        await stage.say(group)
    await other.store.close()


async def test_events_leave_in_the_order_of_commits(stage: Stage) -> None:
    """Those of batches and those of transactions are one row."""
    group = await stage.group(ADA)
    before, after = stage.said(group), stage.said(group)
    between: Event = AppChanged(HALL)
    first = asyncio.ensure_future(stage.store.appender.stored(before))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    async with stage.store.begin() as tx:
        second = asyncio.ensure_future(stage.store.appender.stored(after))
        await tx.users.add_missing(HALL, [ADA], stage.clock.now())
        tx.announce(between)
    assert [before, between] == stage.announced[:2]
    await asyncio.gather(first, second)
    assert [before, between, after] == stage.announced
