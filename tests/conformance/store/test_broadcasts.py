"""What an app says to all of its clients."""

import pytest

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.broadcast import Broadcast
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.message import Message
from parlance.kernel.ids import ClientId
from parlance.stores.sql.engine import NotInTransactionError


async def _news(stage: Stage) -> Conversation:
    await stage.app()
    return await stage.conversation(Kind.SERVICE, conv_id="news")


async def _broadcast(stage: Stage, news: Conversation, text: str, till: int, now: int = 1) -> Message:
    message = stage.said(news, ClientId("desk"), text).message
    async with stage.store.begin() as tx:
        await tx.addressed.add(message, (ADA,), now)
        await tx.broadcasts.add(Broadcast(message, till), now)
    return message


async def _missed(stage: Stage, client: ClientId, now: int) -> list[str | None]:
    found = await stage.store.read.broadcasts.missed(HALL, client, now)
    return [message.text for message in found]


async def test_who_has_not_had_them_misses_them(stage: Stage) -> None:
    """In their order, as long as they are valid; each app has its own."""
    news = await _news(stage)
    await _broadcast(stage, news, "one", 100)
    await _broadcast(stage, news, "two", 200)
    assert (["one", "two"], ["two"], []) == (
        await _missed(stage, BEN, 99),
        await _missed(stage, BEN, 100),
        await _missed(stage, BEN, 200),
    )
    assert [] == await _missed(stage, ADA, 99)
    assert [] == await stage.store.read.broadcasts.missed(ANNEX, BEN, 99)


async def test_who_has_them_later_has_them_to_read(stage: Stage) -> None:
    """In its place in the sequence, and once."""
    news = await _news(stage)
    message = await _broadcast(stage, news, "one", 100)
    for _ in range(2):
        async with stage.store.begin() as tx:
            await tx.addressed.add_readers(message, (BEN, CY), 2)
    assert [] == await _missed(stage, BEN, 99)
    assert [ADA, BEN, CY] == await stage.store.read.addressed.readers(news.id, 1)
    (found,) = await stage.store.read.members.unread(HALL, BEN, 0, 3, 10)
    assert (news.id, 1) == (found.conversation.id, found.count)


async def test_what_is_valid_is_listed(stage: Stage) -> None:
    """The newest first, of one conversation, page by page."""
    news, other = await _news(stage), await stage.conversation(Kind.SERVICE, conv_id="other")
    for text, till in (("one", 100), ("two", 50), ("three", 200)):
        await _broadcast(stage, news, text, till)
    await _broadcast(stage, other, "four", 200)
    valid = stage.store.read.broadcasts.valid
    assert [("three", 200), ("one", 100)] == [
        (each.message.text, each.valid_till) for each in await valid(HALL, news.id, 50, 10, 0)
    ]
    assert ["one"] == [each.message.text for each in await valid(HALL, news.id, 50, 1, 1)]
    assert [] == await valid(ANNEX, news.id, 50, 10, 0)


async def test_one_is_withdrawn(stage: Stage) -> None:
    """Once, by its own app; who has had it keeps it."""
    message = await _broadcast(stage, await _news(stage), "one", 100)
    async with stage.store.begin() as tx:
        assert not await tx.broadcasts.withdraw(ANNEX, message.id)
        assert await tx.broadcasts.withdraw(HALL, message.id)
        assert not await tx.broadcasts.withdraw(HALL, message.id)
    assert [] == await _missed(stage, BEN, 50)
    assert [ADA] == await stage.store.read.addressed.readers(message.conversation, 1)


async def test_nobody_misses_what_was_recalled_or_deleted(stage: Stage) -> None:
    """A message, or the whole conversation."""
    news = await _news(stage)
    recalled = await _broadcast(stage, news, "one", 100)
    deleted = await _broadcast(stage, news, "two", 100)
    await _broadcast(stage, news, "three", 100)
    async with stage.store.begin() as tx:
        await tx.messages.recall(recalled.id, 5)
        await tx.messages.delete(news.id, deleted.id)
    assert ["three"] == await _missed(stage, BEN, 50)
    await stage.delete(news)
    assert [] == await _missed(stage, BEN, 50)


async def test_those_that_are_over_are_forgotten(stage: Stage) -> None:
    """When the next one is made."""
    news = await _news(stage)
    old = await _broadcast(stage, news, "one", 100)
    await _broadcast(stage, news, "two", 300, now=200)
    async with stage.store.begin() as tx:
        assert not await tx.broadcasts.withdraw(HALL, old.id)


async def test_a_reader_changes_nothing(stage: Stage) -> None:
    """It takes a transaction."""
    message = await _broadcast(stage, await _news(stage), "one", 100)
    with pytest.raises(NotInTransactionError):
        await stage.store.read.broadcasts.withdraw(HALL, message.id)
    with pytest.raises(NotInTransactionError):
        await stage.store.read.broadcasts.add(Broadcast(message, 5), 1)
