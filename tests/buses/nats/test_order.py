"""A conversation's messages are told in the order of its sequence, though they come in another."""

import asyncio
from collections.abc import Collection, Coroutine, Sequence
from typing import Any

import pytest

from cast import PATIENCE
from gateway.watch import comes_true
from parlance.buses.nats import order
from parlance.buses.nats.doorway import Arrival
from parlance.buses.nats.order import Order
from parlance.core.model.conversation import Kind
from parlance.core.model.events import Event, MessageEdited, MessageSent, Typing
from parlance.core.model.message import Message
from parlance.kernel.ids import AppId, ClientId, ConvId

HALL, GROUP, ADA, BEN, CY = AppId("hall"), ConvId("c1"), ClientId("ada"), ClientId("ben"), ClientId("cy")
LONG_AGO = 100_000


def message(seq: int | None, created_at: int | None = None, conversation: int = 1) -> Message:
    """A message, made a millisecond after the one before it."""
    at = 1_000_000 + (seq or 0) if created_at is None else created_at
    number = (seq or 0) * 100 + conversation
    return Message(number, HALL, conversation, GROUP, seq, ADA, -1, "", None, None, False, (), False, None, at)


def sent(seq: int | None, kind: Kind = Kind.GROUP, **more: int) -> MessageSent:
    """It is sent."""
    return MessageSent(message(seq, **more), (ADA,), kind=kind)


class Desk:
    """An order over a store that is a list; what is told is written down."""

    def __init__(self) -> None:
        self.stored: list[Message] = []
        self.reads = 0
        self.started = 0
        self.looked = asyncio.Event()
        self.told: list[int | None] = []
        self.broken = False
        self._tasks: set[asyncio.Future[None]] = set()
        self.here = {ADA: 0}
        self.turns = {ADA: 1}
        self.since = {ADA: 0}
        self.readers: dict[int | None, list[ClientId]] = {}
        self.order = Order(self.tell, self, self)
        self.order.start = self.start

    @property
    def turn(self) -> int:
        """How many have come."""
        return len(self.turns)

    def come(self, client: ClientId, at: int) -> None:
        """Somebody comes, who has been a member all the time."""
        self.here[client], self.since[client] = at, 0
        self.turns[client] = self.turn + 1

    def arrivals(self, app_id: AppId, audience: Collection[ClientId]) -> list[Arrival]:
        """Who is here."""
        assert HALL == app_id
        return [Arrival(client, at, self.turns[client]) for client, at in self.here.items() if client in audience]

    def start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run it beside."""
        self.started += 1
        self._tasks.add(asyncio.ensure_future(coroutine))

    def tell(self, events: Sequence[Event]) -> None:
        """Write down the numbers, those of edits negative."""
        for event in events:
            if isinstance(event, MessageSent):
                self.told.append(event.message.seq)
                self.readers.setdefault(event.message.seq, []).extend(event.audience)
            elif isinstance(event, MessageEdited):
                self.told.append(-(event.message.seq or 0))

    def hear(self, *events: Event) -> None:
        """Some events come."""
        self.tell(self.order.passed(events))

    async def joined(self, conversation: int, clients: Collection[ClientId]) -> dict[ClientId, int]:
        """Who is in, and since when."""
        return {client: self.since[client] for client in clients if client in self.since}

    async def between(self, conversation: int, after: int, before: int, most: int) -> list[Message]:
        """What is stored."""
        self.reads += 1
        self.looked.set()
        await asyncio.sleep(0)
        if self.broken:
            raise OSError
        between = [one for one in self.stored if after < (one.seq or 0) < before and one.conversation == conversation]
        return between[-most:]

    async def settled(self) -> list[int | None]:
        """Wait until nothing waits any more; what was told."""
        async with asyncio.timeout(PATIENCE):
            while waiting := [task for task in self._tasks if not task.done()]:
                await asyncio.gather(*waiting)
        return self.told


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """One that is not very patient."""
    monkeypatch.setattr(order, "PATIENCE", 0.03)
    return Desk()


async def test_what_is_in_order_is_told_at_once(desk: Desk) -> None:
    """From the first message on, without a look into the store."""
    desk.hear(sent(1), sent(2))
    desk.hear(sent(3))
    assert ([1, 2, 3], 0) == (desk.told, desk.reads)


async def test_an_early_message_waits_for_those_before_it(desk: Desk) -> None:
    """And is told right after them."""
    desk.hear(sent(1), sent(4), sent(3))
    assert [1] == desk.told
    desk.hear(sent(2))
    assert [1, 2, 3, 4] == desk.told
    assert ([1, 2, 3, 4], 0) == (await desk.settled(), desk.reads)


async def test_what_does_not_come_is_read(desk: Desk) -> None:
    """After a moment; should it come after that, it is not told again."""
    desk.stored = [message(seq) for seq in range(1, 6)]
    desk.hear(sent(1), sent(4))
    assert [1, 2, 3, 4] == await desk.settled()
    desk.hear(sent(3), sent(2), sent(5))
    assert [1, 2, 3, 4, 5] == desk.told


async def test_many_that_wait_cost_one_task(desk: Desk) -> None:
    """What comes in time costs none of its own."""
    for conversation in range(1, 51):
        desk.hear(sent(1, conversation=conversation), sent(3, conversation=conversation))
    for conversation in range(1, 51):
        desk.hear(sent(2, conversation=conversation))
    await desk.settled()
    assert ([1] * 50 + [2, 3] * 50, 0, 1) == (desk.told, desk.reads, desk.started)


async def test_who_asks_in_vain_waits_longer(desk: Desk) -> None:
    """What came while the store was asked was not missing but late: servers are busy, and the store is, too."""
    before = desk.order._patience
    desk.hear(sent(1), sent(3))
    await desk.looked.wait()
    desk.hear(sent(2))
    assert ([1, 2, 3], 1) == (await desk.settled(), desk.reads)
    longer = desk.order._patience
    assert longer > before
    desk.hear(sent(5))
    desk.hear(sent(4))
    assert longer > desk.order._patience >= before


async def test_conversations_do_not_wait_for_each_other(desk: Desk) -> None:
    """Only the one with a gap waits."""
    desk.hear(sent(1), sent(3), sent(1, conversation=2), sent(2, conversation=2))
    assert [1, 1, 2] == desk.told
    await desk.settled()


async def test_what_was_said_long_before_is_not_told(desk: Desk) -> None:
    """A conversation that nobody here was in for a while goes on where it is."""
    desk.stored = [message(seq, LONG_AGO) for seq in range(1, 9)]
    desk.hear(sent(1), sent(9))
    assert [1, 9] == await desk.settled()
    desk.hear(sent(10))
    assert [1, 9, 10] == desk.told


async def test_the_first_that_is_heard_is_told_soon(desk: Desk) -> None:
    """If those before it are not fresh, it waits for nobody."""
    desk.stored = [message(seq, LONG_AGO) for seq in range(1, 9)]
    desk.hear(sent(9))
    assert [9] == await desk.settled()


async def test_the_first_that_is_heard_waits_for_what_may_be_on_its_way(desk: Desk) -> None:
    """What was stored a moment before may come a moment later."""
    desk.stored = [*(message(seq, LONG_AGO) for seq in range(1, 7)), message(7), message(8)]
    desk.hear(sent(9))
    await desk.looked.wait()
    desk.hear(sent(7))
    desk.hear(sent(8))
    assert ([7, 8, 9], 1) == (await desk.settled(), desk.reads)


async def test_what_is_on_its_way_and_does_not_come_is_told_from_the_store(desk: Desk) -> None:
    """Those before the first that is heard, too."""
    desk.stored = [*(message(seq, LONG_AGO) for seq in range(1, 7)), message(7), message(8)]
    desk.hear(sent(9))
    assert [7, 8, 9] == await desk.settled()


async def test_who_came_since_is_not_told_of_it(desk: Desk) -> None:
    """Who has just come has found it by asking."""
    desk.stored = [message(seq) for seq in range(1, 9)]
    desk.here[ADA] = message(7).created_at + order.SKEW
    desk.hear(sent(9))
    assert [7, 8, 9] == await desk.settled()


async def test_who_joined_since_is_not_told_of_it(desk: Desk) -> None:
    """What was said before somebody was brought in is not pushed to them, however long they are online."""
    desk.stored = [message(seq) for seq in range(1, 9)]
    desk.since[ADA] = 6
    desk.hear(sent(1), sent(9))
    assert [1, 7, 8, 9] == await desk.settled()


async def test_much_is_filled_in_its_order(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many pages of the store it takes; no further back than anybody was here."""
    monkeypatch.setattr(order, "PAGE", 3)
    desk.stored = [message(seq, 900_000 + seq * 1_000) for seq in range(1, 100)]
    desk.here[ADA] = message(80, 980_000).created_at
    desk.hear(sent(1), sent(100, created_at=1_000_001))
    assert [1, *range(79, 101)] == await desk.settled()
    assert 5 < desk.reads < 25


async def test_what_a_server_stored_and_died_before_it_said_so_is_told(desk: Desk) -> None:
    """However late the next message comes: who was here all the time was told everything else."""
    at = message(1).created_at
    desk.stored = [message(1), message(2)]
    desk.hear(sent(1), sent(3, created_at=at + 20_000))
    assert [1, 2, 3] == await desk.settled()


async def test_while_something_may_be_missing_clocks_are_not_trusted(desk: Desk) -> None:
    """Who came in the last seconds, by this server's clock, is rather told twice than not at all."""
    desk.stored = [message(seq) for seq in range(1, 9)]
    desk.here[ADA] = message(8).created_at + 4_000
    desk.order.missed_since = 0
    desk.hear(sent(9))
    assert list(range(1, 10)) == await desk.settled()


async def test_who_came_before_it_was_stored_is_told_in_the_end(desk: Desk) -> None:
    """A message bears the time at which it was sent in: who may not have found it is told when it turns up."""
    desk.stored = [message(seq) for seq in range(1, 9)]
    desk.come(BEN, message(8).created_at + 10_000)
    early = MessageSent(message(9, 1_020_000), (ADA, BEN), kind=Kind.GROUP)
    desk.hear(sent(7), early)
    assert list(range(1, 10)) == await desk.settled()
    desk.order.missed_since = 0
    for expected in ([(8, (BEN,))], []):
        found = await desk.order.late([MessageSent(message(8), (ADA, BEN), kind=Kind.GROUP)])
        assert expected == [(each.message.seq, each.audience) for each in found if isinstance(each, MessageSent)]


async def test_who_came_when_a_later_one_was_heard_of_has_found_it(desk: Desk) -> None:
    """Whatever clocks say: what has a lower number was stored by then."""
    desk.order.missed_since = 0
    desk.stored = [message(7, LONG_AGO), message(8)]
    desk.hear(MessageSent(message(9), (ADA, BEN), kind=Kind.GROUP))
    await desk.looked.wait()
    desk.come(BEN, message(9).created_at)
    await desk.settled()
    desk.tell(await desk.order.late([MessageSent(each, (ADA, BEN), kind=Kind.GROUP) for each in desk.stored]))
    assert {8: [ADA], 9: [ADA, BEN]} == {seq: readers for seq, readers in desk.readers.items() if seq != 7}


async def test_what_came_from_who_did_not_know_everybody_is_told_to_the_rest(desk: Desk) -> None:
    """To those who were here when it was heard, once."""
    desk.come(BEN, message(1).created_at)
    desk.tell(desk.order.passed([sent(1), sent(2)], sure=False))
    desk.come(CY, message(1).created_at)
    desk.order.missed_since = 0
    found = [MessageSent(message(seq), (ADA, BEN, CY), kind=Kind.GROUP) for seq in (1, 2)]
    for _ in range(2):
        desk.tell(await desk.order.late(found))
    assert {1: [ADA, BEN], 2: [ADA, BEN]} == desk.readers


async def test_what_waits_is_told_to_the_rest_in_its_turn(desk: Desk) -> None:
    """Not before those that stand before it."""
    desk.come(BEN, message(1).created_at)
    desk.hear(sent(1))
    desk.tell(desk.order.passed([sent(3)], sure=False))
    desk.tell(await desk.order.late([MessageSent(message(3), (ADA, BEN), kind=Kind.GROUP)]))
    desk.hear(sent(2))
    assert ([1, 2, 3], [ADA, BEN]) == (await desk.settled(), desk.readers[3])


async def test_where_something_is_wrong_who_came_is_rather_told_twice(desk: Desk) -> None:
    """Storing takes long when it goes wrong."""
    desk.stored = [message(seq) for seq in range(1, 9)]
    desk.here[ADA] = message(8).created_at + 10_000
    desk.order.troubled = lambda: True
    desk.hear(sent(9))
    assert list(range(1, 10)) == await desk.settled()


async def test_who_is_alone_waits_for_nobody(desk: Desk) -> None:
    """Without other servers nothing is on its way; should one come, it is known what was told."""
    desk.tell(desk.order.passed([sent(4), sent(5)], alone=True))
    desk.hear(sent(5), sent(6))
    assert ([4, 5, 6], 0) == (desk.told, desk.reads)


async def test_who_is_alone_now_was_not_always(desk: Desk) -> None:
    """What is missing after what was told was stored by somebody who is gone."""
    desk.stored = [message(seq) for seq in range(1, 4)]
    desk.hear(sent(1))
    desk.tell(desk.order.passed([sent(3)], alone=True))
    assert [1, 2, 3] == await desk.settled()


async def test_what_comes_very_late_is_told_late(desk: Desk) -> None:
    """Rather than never: nobody knew that it was still on its way."""
    desk.stored = [message(seq, LONG_AGO) for seq in range(1, 9)]
    desk.hear(sent(9))
    await desk.settled()
    desk.hear(sent(8))
    assert [9, 8] == desk.told


async def test_without_the_store_not_everything_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When there is much, what is there is told, in its order; what is missing is looked for later."""
    monkeypatch.setattr(order, "MOST_HELD", 2)
    given_up: list[int] = []
    desk.order.gave_up = given_up.append
    desk.broken = True
    desk.hear(sent(1), sent(5), sent(4))
    assert [1, 4, 5] == await desk.settled()
    assert [message(4).created_at] == given_up


async def test_a_store_that_fails_is_asked_again(desk: Desk) -> None:
    """What is missing is told when it answers."""
    desk.broken = True
    desk.stored = [message(seq) for seq in range(1, 5)]
    desk.hear(sent(1), sent(4))
    await comes_true(lambda: desk.reads > 1, "it has failed")
    desk.broken = False
    assert [1, 2, 3, 4] == await desk.settled()


async def test_where_messages_name_their_readers_nothing_waits(desk: Desk) -> None:
    """What others are told looks like a gap, and is none."""
    desk.hear(sent(5, Kind.SERVICE), sent(9, Kind.SYSTEM), sent(None))
    assert ([5, 9, None], 0) == (desk.told, desk.reads)


async def test_a_message_that_names_its_readers_is_not_told_again(desk: Desk) -> None:
    """When it is found in the store by who looks for what was missed."""
    desk.hear(sent(5, Kind.SERVICE))
    desk.tell(await desk.order.late([sent(5, Kind.SERVICE), sent(6, Kind.SERVICE)]))
    assert [5, 6] == desk.told


async def test_an_edit_waits_for_its_message(desk: Desk) -> None:
    """Nobody is told of a change to what it has not been told."""
    desk.stored = [message(2)]
    desk.hear(sent(1), MessageEdited(HALL, message(3), ADA, (ADA,)), MessageEdited(HALL, message(1), ADA, (ADA,)))
    assert [1, -1] == desk.told
    desk.hear(sent(3))
    desk.hear(sent(2))
    assert [1, -1, 2, 3, -3] == await desk.settled()


async def test_what_may_have_been_missed_is_looked_for_further_back(desk: Desk) -> None:
    """After a time in which nothing was heard, what was said in it is told before what is said now."""
    desk.stored = [message(seq, LONG_AGO + seq) for seq in range(1, 9)]
    desk.hear(sent(1))
    desk.order.missed_since = LONG_AGO + 3
    desk.hear(sent(9))
    assert [1, 4, 5, 6, 7, 8, 9] == await desk.settled()


async def test_anything_else_passes(desk: Desk) -> None:
    """Only messages have an order of their own."""
    event = Typing(HALL, GROUP, ADA, (ADA,))
    assert [event] == desk.order.passed([event])


async def test_what_comes_while_the_store_is_asked_is_waited_for_in_its_turn(desk: Desk) -> None:
    """A gap that opens meanwhile is filled as well."""
    desk.stored = [message(seq) for seq in range(1, 9)]
    desk.hear(sent(1), sent(3))
    await desk.looked.wait()
    desk.hear(sent(8))
    assert list(range(1, 9)) == await desk.settled()


async def test_the_very_first_may_come_second(desk: Desk) -> None:
    """While it is found out where to begin; nothing is told twice."""
    desk.hear(sent(4), sent(3))
    await desk.looked.wait()
    desk.hear(sent(1), sent(2))
    assert [1, 2, 3, 4] == desk.told
    desk.hear(sent(5), sent(7), sent(6))
    assert [1, 2, 3, 4, 5, 6, 7] == await desk.settled()
