"""The repository of what apps' own servers are told."""

import asyncio

import msgspec
import pytest

from conformance.store.stage import ADA, ANNEX, BEN, HALL, PATIENCE, Stage
from parlance.core.model.delivery import Cursor, Delivery, DeliveryState, cursor_of, first_id
from parlance.core.model.events import MessageSent, MessagesRead
from parlance.core.model.hook import Hook
from parlance.core.model.message import Message
from parlance.core.ports.appender import Append, Mark
from parlance.core.ports.deliveries import Backlog
from parlance.kernel.clock import HOUR, SECOND
from parlance.kernel.faults import Fault
from parlance.kernel.ids import AppId

ALL = frozenset(DeliveryState)


def delivery(stage: Stage, lane: str = "lane", app_id: AppId = HALL, body: str = "{}") -> Delivery:
    """Something to be told."""
    return Delivery(stage.ids.message(), app_id, Hook.MESSAGE_SENT, lane, body, stage.clock.now())


async def added(stage: Stage, *lanes: str, app_id: AppId = HALL) -> list[int]:
    """Add one to each of these lanes; their ids."""
    deliveries = [delivery(stage, lane, app_id) for lane in lanes]
    async with stage.store.begin() as tx:
        await tx.deliveries.add(deliveries, stage.clock.now())
    return [each.id for each in deliveries]


async def claimed(stage: Stage, most: int = 100, app_id: AppId = HALL, span: int = 30 * SECOND) -> list[int]:
    """Claim what is due; their ids."""
    now = stage.clock.now()
    async with stage.store.begin() as tx:
        return [each.id for each in await tx.deliveries.claim(app_id, now, now + span, most, 2)]


async def fail(stage: Stage, number: int, pause: int) -> None:
    """It was not taken."""
    (found,) = [each for each in await stage.store.read.deliveries.listed(HALL, ALL, None, 100) if each.id == number]
    async with stage.store.begin() as tx:
        await tx.deliveries.failed(found, stage.clock.now() + pause, "HTTP 500")


async def state_of(stage: Stage) -> dict[int, DeliveryState]:
    """What has become of each."""
    return {each.id: each.state for each in await stage.store.read.deliveries.listed(HALL, ALL, None, 100)}


async def test_what_is_forgotten_never_was(stage: Stage) -> None:
    """Whatever has become of it; the others stay."""
    one, two, three = await added(stage, "a", "a", "b")
    async with stage.store.begin() as tx:
        await tx.deliveries.bury([one], "gave up")
        await tx.deliveries.forget([one, two])
    assert {three: DeliveryState.WAITING} == await state_of(stage)


async def test_what_is_added_is_found(stage: Stage) -> None:
    """As it was, with its commit's stamp; in the order of commits, app by app."""
    one, two = delivery(stage, body='{"a":"\U0001f600"}'), delivery(stage, app_id=ANNEX)
    async with stage.store.begin() as tx:
        await tx.deliveries.add([one, two], stage.clock.now())
        await tx.deliveries.add([], stage.clock.now())
    (found,) = await stage.store.read.deliveries.after(HALL, Cursor(), stage.clock.now(), 10)
    assert msgspec.structs.replace(one, stamp=stage.clock.now()) == found
    assert {HALL, ANNEX} == set(await stage.store.read.deliveries.apps_due(stage.clock.now()))


async def test_pages_by_cursor(stage: Stage) -> None:
    """What was committed later comes later; what bears a later stamp than is complete does not come yet."""
    ids = []
    for _ in range(3):
        ids += await added(stage, "a", "b")
        stage.clock.advance(10)
    found: list[Delivery] = []
    while page := await stage.store.read.deliveries.after(
        HALL, cursor_of(found[-1]) if found else Cursor(), stage.clock.now(), 4
    ):
        found += page
    assert ids == [each.id for each in found]
    before = await stage.store.read.deliveries.after(HALL, Cursor(), found[-1].stamp - 1, 10)
    assert ids[:4] == [each.id for each in before]


async def test_claims(stage: Stage) -> None:
    """Each is claimed once, the oldest first, until the claim ends or is given back."""
    ids = await added(stage, "a", "b", "c")
    assert ids[:2] == await claimed(stage, 2)
    assert ids[2:] == await claimed(stage)
    assert [] == await claimed(stage)
    assert [] == await stage.store.read.deliveries.apps_due(stage.clock.now())
    async with stage.store.begin() as tx:
        await tx.deliveries.release(ids[:1], stage.clock.now())
    assert ids[:1] == await claimed(stage)
    async with stage.store.begin() as tx:
        await tx.deliveries.release_all(stage.clock.now())
    assert ids == await claimed(stage, span=SECOND)
    stage.clock.advance(SECOND)
    assert ids == await claimed(stage)


async def test_a_lane_keeps_its_order(stage: Stage) -> None:
    """Behind one that is claimed or put off nothing is claimed; other lanes, and other apps' of that name, go on."""
    first, second = await added(stage, "a", "a")
    assert [first, second] == await claimed(stage)
    third, other = await added(stage, "a", "b")
    elsewhere = await added(stage, "a", app_id=ANNEX)
    assert ([other], elsewhere) == (await claimed(stage), await claimed(stage, app_id=ANNEX))
    await fail(stage, first, HOUR)
    assert [] == await claimed(stage)
    stage.clock.advance(HOUR)
    assert [first, second, third, other] == await claimed(stage)


async def test_a_lane_goes_past_what_fails_again_and_again(stage: Stage) -> None:
    """So often as the claimer says."""
    (first,) = await added(stage, "a")
    for _ in range(2):
        await claimed(stage)
        await fail(stage, first, HOUR)
    (second,) = await added(stage, "a")
    assert [second] == await claimed(stage)


async def test_what_is_done_is_done(stage: Stage) -> None:
    """What was taken, or is dead, is not claimed again, and what is said of it later changes nothing."""
    one, two, three = await added(stage, "a", "b", "c")
    await claimed(stage)
    async with stage.store.begin() as tx:
        await tx.deliveries.delivered([one])
        await tx.deliveries.bury([two], "HTTP 500")
        await tx.deliveries.delivered([two])
        await tx.deliveries.release([one, two], stage.clock.now())
    stage.clock.advance(HOUR)
    assert [three] == await claimed(stage)
    states = await state_of(stage)
    assert (DeliveryState.DELIVERED, DeliveryState.DEAD) == (states[one], states[two])
    assert Backlog(waiting=1, dead=1) == await stage.store.read.deliveries.backlog()
    (dead,) = await stage.store.read.deliveries.listed(HALL, {DeliveryState.DEAD}, None, 10)
    assert ("HTTP 500", 1) == (dead.reason, dead.attempts)


async def test_burying_many(stage: Stage) -> None:
    """What is too old, or all of an app."""
    (old,) = await added(stage, "a")
    stage.clock.advance(HOUR)
    (young,) = await added(stage, "a")
    elsewhere = await added(stage, "a", app_id=ANNEX)
    async with stage.store.begin() as tx:
        assert 1 == await tx.deliveries.bury_old(stage.clock.now(), "too old")
    assert {old: DeliveryState.DEAD, young: DeliveryState.WAITING} == await state_of(stage)
    async with stage.store.begin() as tx:
        assert 1 == await tx.deliveries.bury_all(HALL, "no address")
    assert elsewhere == await claimed(stage, app_id=ANNEX)


async def test_replaying_and_listing(stage: Stage) -> None:
    """By span, app and state, some at a time; what is listed is the newest."""
    ids = await added(stage, "a", "a", "b")
    await added(stage, "a", app_id=ANNEX)
    await claimed(stage)
    span = (first_id(stage.clock.now()), first_id(stage.clock.now() + 1))
    done = {DeliveryState.DELIVERED, DeliveryState.DEAD}
    async with stage.store.begin() as tx:
        await tx.deliveries.delivered(ids[:2])
        assert ids[:1] == await tx.deliveries.replay(HALL, done, span, stage.clock.now(), 1)
        assert [] == await tx.deliveries.replay(HALL, done, (span[1], span[1] + 1), stage.clock.now(), 9)
        assert ids[1:2] == await tx.deliveries.replay(HALL, done, span, stage.clock.now(), 9)
    assert ids[:2] == await claimed(stage)
    listed = stage.store.read.deliveries.listed
    assert ids[:0:-1] == [each.id for each in await listed(HALL, ALL, None, 2)]
    assert ids[:1] == [each.id for each in await listed(HALL, ALL, ids[1], 2)]


async def test_purging(stage: Stage) -> None:
    """What waits stays; what is done goes first, what is dead later; some at a time."""
    told, dead, waiting = await added(stage, "a", "b", "c")
    async with stage.store.begin() as tx:
        await tx.deliveries.delivered([told])
        await tx.deliveries.bury([dead], "HTTP 500")
    now = stage.clock.now()
    async with stage.store.begin() as tx:
        assert 0 == await tx.deliveries.purge(now, now, 10)
        assert 1 == await tx.deliveries.purge(now + 1, now, 10)
        assert 1 == await tx.deliveries.purge(now + 1, now + 1, 1)
        assert 0 == await tx.deliveries.purge(now + 1, now + 1, 1)
    assert {waiting: DeliveryState.WAITING} == await state_of(stage)


def telling(stage: Stage, event: MessageSent) -> Append:
    """A message of which an app is told: its place, and when it was made."""
    number = stage.ids.message()

    def told(seq: int, created_at: int) -> list[Delivery]:
        return [Delivery(number, HALL, Hook.MESSAGE_SENT, event.message.conv_id, f'{{"seq":{seq}}}', created_at)]

    return Append(event, lambda message, fault: None, told)


async def test_a_message_brings_along_what_is_told_of_it(stage: Stage) -> None:
    """Its place and its time are the message's own; messages beside it that nobody is told of bring nothing."""
    group = await stage.group(ADA, BEN)
    await stage.say(group)
    first, second = stage.said(group), stage.said(group)
    stage.store.appender.append(telling(stage, first))
    stage.store.appender.append(Append(stage.said(group), lambda message, fault: None))
    stage.store.appender.append(telling(stage, second))
    await stage.say(group)
    found = await stage.store.read.deliveries.after(HALL, Cursor(), stage.clock.now(), 10)
    assert [('{"seq":2}', first.message.created_at), ('{"seq":4}', second.message.created_at)] == [
        (each.body, each.made_at) for each in found
    ]


async def test_a_message_that_is_there_already_tells_nothing(stage: Stage) -> None:
    """Whether its ref was there before, or comes twice in one batch; nor does one that nobody can store."""
    group, gone = await stage.group(ADA, BEN), await stage.group(ADA, BEN)
    async with stage.store.begin() as tx:
        await tx.conversations.delete(gone.id, stage.clock.now())
    await stage.store.appender.stored(stage.said(group, ref="before"))
    settled: list[Message | Fault] = []
    done = asyncio.Event()

    def settle(message: Message, fault: Fault | None) -> None:
        settled.append(fault or message)
        if len(settled) == 4:
            done.set()

    for where, ref in ((group, "before"), (group, "twice"), (group, "twice"), (gone, "none")):
        entry = telling(stage, stage.said(where, ref=ref))
        stage.store.appender.append(msgspec.structs.replace(entry, settle=settle))
    async with asyncio.timeout(PATIENCE):
        await done.wait()
    assert ['{"seq":2}'] == [
        each.body for each in await stage.store.read.deliveries.after(HALL, Cursor(), stage.clock.now(), 10)
    ]


@pytest.mark.parametrize("receipt", [False, True])
async def test_messages_marks_and_what_is_told_in_one_batch(stage: Stage, receipt: bool) -> None:
    """All of it is there afterwards, and marks move as ever."""
    group = await stage.group(ADA, BEN)
    event = stage.said(group)
    event.message.receipt = receipt
    read = MessagesRead(HALL, group.conv_id, BEN, 1, stage.clock.now(), (BEN,))
    stage.store.appender.append(telling(stage, event))
    stage.store.appender.mark(Mark(group.id, read, lambda fault: None))
    await stage.say(group, BEN)
    assert 1 == len(await stage.store.read.deliveries.after(HALL, Cursor(), stage.clock.now(), 10))
    members = await stage.store.read.members.of(group.id)
    assert {ADA, BEN} == set(members)
    assert [1, 2] == await stage.seqs(group)
    assert [] == await stage.verify()
