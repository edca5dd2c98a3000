"""Messages that are for those they name."""

import contextlib

import pytest

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.member import PLAIN, Inbox
from parlance.core.model.message import Message
from parlance.core.model.search import Condition, Field, Op
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId
from parlance.kernel.pages import PageAsked

FIRST = PageAsked(1, 20)


async def system(stage: Stage) -> Conversation:
    """The conversation in which the app speaks."""
    return await stage.conversation(Kind.SYSTEM, conv_id="system")


async def tell(stage: Stage, conversation: Conversation, text: str, *clients: ClientId) -> Message:
    """Say something to these."""
    message = stage.said(conversation, ClientId("system"), text).message
    async with stage.store.begin() as tx:
        await tx.addressed.add(message, clients, stage.clock.now())
    return message


async def texts(stage: Stage, conversation: Conversation, client: ClientId) -> list[str | None]:
    """What a client finds, newest first."""
    return [found.text for found in (await stage.store.read.addressed.page(conversation.id, client, FIRST)).rows]


async def inbox(stage: Stage, client: ClientId, since: int = 0) -> Inbox | None:
    """How a client finds it on coming back."""
    rows = await stage.inbox(client, since)
    return rows[0] if rows else None


async def test_it_is_found_by_its_app(stage: Stage) -> None:
    """There is at most one."""
    find = stage.store.read.conversations.find_system
    assert await find(HALL) is None
    made = await system(stage)
    assert made == await find(HALL)
    assert await find(ANNEX) is None


async def test_each_sees_its_own(stage: Stage) -> None:
    """They stand in one sequence, and nobody sees another's."""
    conversation = await system(stage)
    told = [
        await tell(stage, conversation, "to both", ADA, BEN),
        await tell(stage, conversation, "to ben", BEN, BEN),
        await tell(stage, conversation, "to ada", ADA),
    ]
    assert [1, 2, 3] == [message.seq for message in told]
    assert ["to ada", "to both"] == await texts(stage, conversation, ADA)
    assert ["to ben", "to both"] == await texts(stage, conversation, BEN)
    assert [] == await texts(stage, conversation, CY)
    assert ["to both", "to ben", "to ada"] == [
        message.text for message in await stage.store.read.messages.after(conversation.id, 0, 9)
    ]


async def test_pages_and_stretches(stage: Stage) -> None:
    """Newest first in pages, ascending in stretches, with the total of one's own."""
    conversation = await system(stage)
    for number in range(1, 7):
        await tell(stage, conversation, str(number), ADA if number % 2 else BEN)
    addressed = stage.store.read.addressed
    page = await addressed.page(conversation.id, ADA, PageAsked(2, 2))
    assert (["1"], 3) == ([message.text for message in page.rows], page.total)
    assert [3, 5] == [message.seq for message in await addressed.after(conversation.id, ADA, 1, 9)]
    assert [3] == [message.seq for message in await addressed.after(conversation.id, ADA, 1, 1)]
    assert [1, 3] == [message.seq for message in await addressed.before(conversation.id, ADA, 5, 9)]
    assert [3] == [message.seq for message in await addressed.before(conversation.id, ADA, 5, 1)]


async def test_it_is_kept_whole(stage: Stage) -> None:
    """Everything that a message has."""
    conversation = await system(stage)
    message = stage.said(conversation, ClientId("system")).message
    message.attr, message.url, message.sync, message.mentions = '{"a":1}', "u", True, (ADA,)
    async with stage.store.begin() as tx:
        await tx.addressed.add(message, [ADA], stage.clock.now())
    (found,) = await stage.store.read.addressed.after(conversation.id, ADA, 0, 1)
    assert message == found


async def test_who_was_away_finds_it(stage: Stage) -> None:
    """With what is unread of its own, and its own newest number; who was told nothing finds nothing."""
    conversation = await system(stage)
    await tell(stage, conversation, "one", ADA, BEN)
    stage.clock.advance(1)
    await tell(stage, conversation, "two", BEN)
    await tell(stage, conversation, "three", BEN)
    ada, ben = await inbox(stage, ADA), await inbox(stage, BEN)
    assert ada is not None
    assert ben is not None
    assert [(1, 1), (3, 3)] == [(row.conversation.last_seq, row.unread) for row in (ada, ben)]
    assert stage.clock.now() - 1 == ada.changed_at
    assert await inbox(stage, ADA, ada.changed_at) is None
    assert await inbox(stage, CY) is None


async def test_reading_it(stage: Stage) -> None:
    """A mark in the one sequence leaves unread what of one's own comes after it."""
    conversation = await system(stage)
    for clients in ((ADA,), (BEN,), (ADA,), (ADA, BEN)):
        await tell(stage, conversation, "word", *clients)
    await stage.read(conversation, ADA, 2)
    row = await inbox(stage, ADA)
    assert row is not None
    assert (2, 2, 4) == (row.read_seq, row.unread, row.conversation.last_seq)
    await stage.read(conversation, ADA, 99)
    row = await inbox(stage, ADA)
    assert row is not None
    assert (4, 0) == (row.read_seq, row.unread)


async def test_no_list_shows_it(stage: Stage) -> None:
    """No search, not what is to be changed, not what somebody talks in."""
    conversation = await system(stage)
    await tell(stage, conversation, "word", ADA)
    repository, now = stage.store.read.conversations, stage.clock.now()
    conditions = [Condition(Field.CONV_ID, Op.EQUAL, ("system",))]
    assert 0 == (await repository.search(HALL, [], now, FIRST, None)).total
    assert 0 == (await repository.search(HALL, [], now, FIRST, ADA)).total
    assert [] == await repository.matching(HALL, conditions, now, None)
    assert [] == await repository.recent(HALL, ADA, now)
    assert [] == await repository.groups_of(HALL, ADA)
    assert 0 == (await repository.groups(HALL, None, FIRST)).total


async def test_all_of_it_or_nothing(stage: Stage) -> None:
    """What is rolled back was never said."""
    conversation = await system(stage)
    message = stage.said(conversation, ClientId("system")).message
    with contextlib.suppress(InterruptedError):
        async with stage.store.begin() as tx:
            await tx.addressed.add(message, [ADA], stage.clock.now())
            raise InterruptedError
    assert [] == await texts(stage, conversation, ADA)
    assert 1 == (await tell(stage, conversation, "again", ADA)).seq


async def test_what_is_for_everybody_is_for_who_is_in_now(stage: Stage) -> None:
    """Not for who has left, who comes later, or who was only written to before."""
    service = await stage.conversation(Kind.SERVICE, ADA, BEN)
    one, two = stage.said(service).message, stage.said(service).message
    async with stage.store.begin() as tx:
        await tx.members.leave(service.id, [BEN], stage.clock.now())
        await tx.addressed.add(one, [CY], stage.clock.now())
        await tx.addressed.add_for_everybody(two, stage.clock.now())
        await tx.members.join(service.id, {BEN: PLAIN}, stage.clock.now())
    readers = stage.store.read.addressed.readers
    assert ([CY], [ADA]) == (await readers(service.id, 1), await readers(service.id, 2))
    assert [2] == [message.seq for message in await stage.store.read.addressed.after(service.id, ADA, 0, 10)]
    assert [(two.created_at, 1)] == [(row.conversation.last_message_at, row.unread) for row in await stage.inbox(ADA)]
    assert one.created_at < two.created_at
    assert [] == await stage.verify()


async def test_who_is_written_to_is_not_in(stage: Stage) -> None:
    """It finds what it was sent, and may still come in, or have left before."""
    service = await stage.conversation(Kind.SERVICE, BEN)
    async with stage.store.begin() as tx:
        await tx.members.leave(service.id, [BEN], stage.clock.now())
        await tx.addressed.add(stage.said(service).message, [ADA, BEN], stage.clock.now())
    assert {} == await stage.store.read.members.of(service.id)
    assert [(1, False), (1, False)] == [
        (row.unread, row.left) for client in (ADA, BEN) for row in await stage.inbox(client)
    ]
    async with stage.store.begin() as tx:
        assert [ADA] == await tx.members.join(service.id, {ADA: PLAIN}, stage.clock.now())
    assert {ADA: PLAIN} == await stage.store.read.members.of(service.id)
    assert [0, 1] == [row.unread for client in (ADA, BEN) for row in await stage.inbox(client)]


async def test_nobody_writes_into_what_is_gone(stage: Stage) -> None:
    """A deleted conversation takes no message, and nothing of it stays."""
    service = await stage.conversation(Kind.SERVICE, BEN)
    await stage.delete(service)
    message = stage.said(service).message
    async with stage.store.begin() as tx:
        with pytest.raises(Fault) as refused:
            await tx.addressed.add(message, [ADA], stage.clock.now())
        assert FaultCode.UNKNOWN_CONVERSATION is refused.value.code
        with pytest.raises(Fault) as refused:
            await tx.addressed.add_for_everybody(message, stage.clock.now())
        assert FaultCode.UNKNOWN_CONVERSATION is refused.value.code
    assert [] == await stage.verify()
