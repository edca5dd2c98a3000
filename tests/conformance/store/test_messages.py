"""The repository of messages, once they are stored."""

import msgspec

from conformance.store.stage import ADA, BEN, Stage
from parlance.core.model.message import Message, MessageStatus, NewContent
from parlance.kernel.pages import PageAsked


async def test_a_message_comes_back_as_it_was_sent(stage: Stage) -> None:
    """Every part of it."""
    group = await stage.group(ADA, BEN)
    event = stage.said(group, BEN, "你好 \\ \" ' 🙂", "r1")
    event.message = msgspec.structs.replace(
        event.message, attr='{"a":[1]}', url="http://x/y", mention_all=True, mentions=(ADA, BEN), sync=True, type=-6
    )
    stored = await stage.store.appender.stored(event)
    assert 1 == stored.seq
    found = await stage.store.read.messages.find(group.id, stored.id)
    assert stored == found
    assert (True, True, (ADA, BEN)) == (stored.mention_all, stored.sync, stored.mentions)


async def test_a_message_is_found_in_its_conversation_alone(stage: Stage) -> None:
    """Under another conversation, or another number, there is none."""
    group, other = await stage.group(ADA), await stage.group(ADA)
    message = await stage.say(group)
    assert await stage.store.read.messages.find(other.id, message.id) is None
    assert await stage.store.read.messages.find(group.id, message.id + 1) is None


async def test_pages_are_newest_first(stage: Stage) -> None:
    """With the total; one past the end is empty; a conversation without messages has none."""
    group, empty = await stage.group(ADA), await stage.group(ADA)
    await stage.say_at_once(*(stage.said(group) for _ in range(5)))

    async def page(number: int, size: int) -> tuple[list[int | None], int]:
        page = await stage.store.read.messages.page(group.id, PageAsked(number, size))
        return [message.seq for message in page.rows], page.total

    assert ([5, 4], 5) == await page(1, 2)
    assert ([1], 5) == await page(3, 2)
    assert ([], 5) == await page(4, 2)
    assert ([], 5) == await page(10**12, 100)
    nothing = await stage.store.read.messages.page(empty.id, PageAsked(1, 10))
    assert ([], 0) == (nothing.rows, nothing.total)


async def test_after_and_before_a_place(stage: Stage) -> None:
    """Both ascending; `before` gives the ones nearest to the place."""
    group = await stage.group(ADA)
    await stage.say_at_once(*(stage.said(group) for _ in range(6)))

    def seqs(messages: list[Message]) -> list[int | None]:
        return [message.seq for message in messages]

    read = stage.store.read.messages
    assert [3, 4] == seqs(await read.after(group.id, 2, 2))
    assert [] == seqs(await read.after(group.id, 6, 2))
    assert [3, 4] == seqs(await read.before(group.id, 5, 2))
    assert [1] == seqs(await read.before(group.id, 2, 5))
    assert [] == seqs(await read.before(group.id, 1, 5))
    assert [5, 6] == seqs(await read.before(group.id, 1 << 62, 2))


async def test_the_newest_of_each(stage: Stage) -> None:
    """A conversation without messages is left out."""
    one, two, empty = await stage.group(ADA), await stage.group(ADA), await stage.group(ADA)
    await stage.say(one)
    last = [await stage.say(one), await stage.say(two)]
    expected = {message.conversation: message for message in last}
    assert expected == await stage.store.read.messages.latest([one.id, two.id, empty.id])
    assert {} == await stage.store.read.messages.latest([])


async def test_a_recall_empties_the_message_and_keeps_its_place(stage: Stage) -> None:
    """Content and mentions go, seq and sender stay; a second time changes nothing."""
    group = await stage.group(ADA)
    event = stage.said(group, ref="r")
    said = {"attr": "{}", "url": "u", "mention_all": True, "mentions": (BEN,), "raw": "eA==", "is_binary": True}
    event.message = msgspec.structs.replace(event.message, receipt=True, **said)
    message = await stage.store.appender.stored(event)
    at = stage.clock.now() + 7
    async with stage.store.begin() as tx:
        recalled = await tx.messages.recall(message.id, at)
        again = await tx.messages.recall(message.id, at + 1)
    expected = msgspec.structs.replace(
        message,
        text=None,
        attr=None,
        url=None,
        mention_all=False,
        mentions=(),
        status=MessageStatus.RECALLED,
        patched_at=at,
        raw=None,
        is_binary=False,
    )
    assert expected == recalled == again
    assert [1] == await stage.seqs(group)


async def test_an_edit_changes_words_and_attributes(stage: Stage) -> None:
    """And notes when."""
    group = await stage.group(ADA)
    message = await stage.say(group)
    async with stage.store.begin() as tx:
        edited = await tx.messages.edit(message.id, NewContent("other", '{"n":1}'), stage.clock.now() + 9)
    at = stage.clock.now() + 9
    assert msgspec.structs.replace(message, text="other", attr='{"n":1}', patched_at=at) == edited
    assert edited == await stage.store.read.messages.find(group.id, message.id)


async def test_what_was_recalled_stays_empty(stage: Stage) -> None:
    """An edit that comes too late changes nothing."""
    group = await stage.group(ADA)
    message = await stage.say(group)
    async with stage.store.begin() as tx:
        recalled = await tx.messages.recall(message.id, 7)
        assert recalled == await tx.messages.edit(message.id, NewContent("back", None), 9)


async def test_an_unknown_message_is_none(stage: Stage) -> None:
    """Neither recalled nor edited."""
    async with stage.store.begin() as tx:
        assert await tx.messages.recall(5, 1) is None
        assert await tx.messages.edit(5, NewContent("x", None), 1) is None


async def test_what_is_empty_is_not_what_is_missing(stage: Stage) -> None:
    """An empty text stays one, among messages without any."""
    group = await stage.group(ADA)
    events = [stage.said(group) for _ in range(3)]
    for event, text in zip(events, (None, "", None), strict=True):
        event.message.text = event.message.url = event.message.raw = text
    await stage.say_at_once(*events)
    found = await stage.store.read.messages.after(group.id, 0, 9)
    assert [(None,) * 3, ("",) * 3, (None,) * 3] == [(row.text, row.url, row.raw) for row in found]
    alone = stage.said(group)
    alone.message.url = ""
    await stage.say_at_once(alone)
    assert [""] == [row.url for row in await stage.store.read.messages.after(group.id, 3, 9)]
