"""Whatever the line does: what is sent is sent once, and what is said is told once and in order."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from cast import PATIENCE
from parlance.client import (
    Banned,
    Client,
    Connected,
    Disconnected,
    Edited,
    Message,
    NotPermitted,
    Pace,
    RateLimited,
    Recalled,
    Replaced,
    Skipped,
    Start,
    Unreachable,
)
from parlance.testing import Sandbox

QUICK = Pace(backoff=0.01, longest_backoff=0.05)
"""As a line, but in a hurry to come back."""
HASTY = Pace(answer=0.1, backoff=0.01, longest_backoff=0.05)
"""And to ask again. On a slow machine it does so though nothing is lost: not for what may not be asked twice."""


async def texts(messages: AsyncIterator[Message], count: int) -> list[str | None]:
    """The next so many messages."""
    async with asyncio.timeout(PATIENCE):
        return [(await anext(messages)).text for _ in range(count)]


def numbered(count: int) -> list[str]:
    """What is said below."""
    return [f"{number}" for number in range(count)]


async def sleepless(seconds: float) -> None:
    """Ticks come quickly."""
    await asyncio.sleep(min(seconds, 0.02))


def client(place: Sandbox, name: str, device: str = "phone", start: Start = Start.NOW, pace: Pace = QUICK) -> Client:
    """A client in a hurry."""
    return place.client(name, device_id=device, pace=pace, sleep=sleepless, start=start, patience=PATIENCE)


@pytest.mark.parametrize("frame", ["msg.sent", "msg.send"])
@pytest.mark.parametrize("effect", ["drop", "cut", "tear"])
async def test_what_is_not_acknowledged_is_sent_again(
    place: Sandbox, ada: str, ben: str, frame: str, effect: str
) -> None:
    """Lost on the way there or on the way back: it is said once, and the sender hears that it was."""
    conv_id = place.group(ada, ben)
    async with client(place, ada, pace=HASTY) as sender, client(place, ben) as reader:
        heard = reader.messages()
        getattr(place.faults, effect)(frame, client=ada, times=1)
        async with asyncio.timeout(PATIENCE):
            first = await sender.send(conv_id, "0")
            second = await sender.send(conv_id, "1")
        assert (1, 2) == (first.seq, second.seq)
        assert ["0", "1"] == await texts(heard, 2)
        assert 2 == (await sender.standings())[0].last_seq


async def test_sends_keep_their_order_across_a_cut(place: Sandbox, ada: str, ben: str) -> None:
    """Many at once, the line breaks in the middle: all arrive, in the order in which they were sent."""
    conv_id = place.group(ada, ben)
    async with client(place, ada) as sender, client(place, ben) as reader:
        heard = reader.messages()
        place.faults.cut("msg.sent", client=ada, times=3)
        async with asyncio.timeout(PATIENCE):
            said = await asyncio.gather(*(sender.send(conv_id, text) for text in numbered(15)))
        assert list(range(1, 16)) == [message.seq for message in said]
        assert numbered(15) == await texts(heard, 15)


@pytest.mark.parametrize("effect", ["drop", "duplicate", "cut", "tear"])
async def test_each_message_is_told_once_and_in_order(place: Sandbox, ada: str, ben: str, effect: str) -> None:
    """However they are lost or doubled on the way to their reader."""
    conv_id = place.group(ada, ben)
    async with client(place, ada) as sender, client(place, ben) as reader:
        heard = reader.messages()
        fault = getattr(place.faults, effect)("msg.new", client=ben, times=5)
        for text in numbered(5):
            await sender.send(conv_id, text)
            await asyncio.sleep(0.01)
        fault.end()
        assert fault.hits
        await sender.send(conv_id, "the end")
        assert [*numbered(5), "the end"] == await texts(heard, 6)


async def test_a_slow_line_changes_nothing(place: Sandbox, ada: str, ben: str) -> None:
    """Frames that come late come in their order, and the time they take is taken by nobody for silence."""
    conv_id = place.group(ada, ben)
    async with client(place, ada) as sender, client(place, ben) as reader:
        heard = reader.messages()
        with place.faults.delay(0.03, client=ben):
            for text in numbered(4):
                await sender.send(conv_id, text)
            assert numbered(4) == await texts(heard, 4)


async def test_what_happened_meanwhile_is_told_on_return(place: Sandbox, ada: str, ben: str) -> None:
    """Messages, edits and recalls of the time without a line, each once; and that there was such a time."""
    conv_id = place.group(ada, ben)
    async with client(place, ada) as sender, client(place, ben) as reader:
        events = reader.events()
        kept = [await sender.send(conv_id, text) for text in numbered(3)]
        place.faults.refuse_connections()
        place.faults.disconnect(ben)
        await sender.ask_time()
        await sender.edit(kept[0], "other words")
        await sender.recall(kept[1])
        await sender.send(conv_id, "new")
        place.faults.refuse_connections(refusing=False)
        told = await until(events, lambda told: {Edited, Recalled} <= {type(event) for event in told})
        assert ["0", "1", "2", "new"] == [event.text for event in told if isinstance(event, Message)]
        assert ["other words"] == [event.message.text for event in told if isinstance(event, Edited)]
        assert [kept[1].msg_id] == [event.msg_id for event in told if isinstance(event, Recalled)]
        assert [False, True] == [event.again for event in told if isinstance(event, Connected)]
        assert any(isinstance(event, Disconnected) for event in told)


async def until(events: AsyncIterator[object], done: object) -> list[object]:
    """All events until enough have come."""
    told: list[object] = []
    async with asyncio.timeout(PATIENCE):
        async for event in events:
            told.append(event)
            if callable(done) and done(told):
                break
    return told


async def test_the_whole_conversation_on_two_devices(place: Sandbox, ada: str, ben: str) -> None:
    """With `own`, a device tells all that was said, in the one order, even what another device kept to itself."""
    conv_id = place.group(ada, ben)
    async with client(place, ada) as phone, client(place, ada, "laptop") as laptop, client(place, ben) as other:
        on_phone, on_laptop = phone.messages(own=True), laptop.messages(own=True)
        await asyncio.gather(
            *(phone.send(conv_id, f"p{n}", to_own_devices=n % 2 == 0) for n in range(6)),
            *(laptop.send(conv_id, f"l{n}", to_own_devices=n % 2 == 0) for n in range(6)),
            *(other.send(conv_id, f"o{n}") for n in range(6)),
        )
        # What another device kept to itself shows by the number that is missing before the next.
        await other.send(conv_id, "the end")
        truth = [message.text for message in (await other.history(conv_id, limit=100)).messages]
        assert truth == await texts(on_phone, 19)
        assert truth == await texts(on_laptop, 19)


async def test_refusals_are_told_by_their_kind(place: Sandbox, ada: str, ben: str) -> None:
    """With the server's code and words; the line stays."""
    conv_id = place.group(ada, ben)
    async with client(place, ada) as sender:
        with place.faults.refuse_sends(client=ada), pytest.raises(NotPermitted, match="refused by the test"):
            await sender.send(conv_id, "no")
        with place.faults.refuse_sends(4029, retry_after=7), pytest.raises(RateLimited) as refusal:
            await sender.send(conv_id, "no")
        assert (4029, 7.0) == (refusal.value.code, refusal.value.retry_after)
        assert 1 == (await sender.send(conv_id, "yes")).seq


async def test_a_store_that_is_away_is_waited_for(place: Sandbox, ada: str, ben: str) -> None:
    """Who is in sends when it is back; who comes meanwhile is let in when it is back."""
    conv_id = place.group(ada, ben)
    async with client(place, ada) as sender:
        place.faults.store_away()
        sending = asyncio.ensure_future(sender.send(conv_id, "patience"))
        coming = asyncio.ensure_future(client(place, ben).__aenter__())
        await asyncio.sleep(0.1)
        assert (False, False) == (sending.done(), coming.done())
        place.faults.store_away(away=False)
        async with asyncio.timeout(PATIENCE):
            assert 1 == (await sending).seq
            await (await coming).close()


async def test_nobody_takes_the_events(place: Sandbox, ada: str, ben: str) -> None:
    """What waits is bounded; messages that found no room are fetched when there is, and none is lost."""
    conv_id = place.group(ada, ben)
    async with (
        client(place, ada) as sender,
        place.client(ben, pace=QUICK, sleep=sleepless, most_events=8) as reader,
    ):
        for text in numbered(30):
            await sender.send(conv_id, text)
        for _ in range(10):
            await sender.typing(conv_id)
        assert numbered(30) == await texts(reader.messages(), 30)
        assert 8 >= len(reader._inbox._waiting)


async def test_too_many_events_are_counted(place: Sandbox, ada: str, ben: str) -> None:
    """Those that are no messages may be left out, and how many is told."""
    conv_id = place.group(ada, ben)
    async with client(place, ada) as sender, place.client(ben, sleep=sleepless, most_events=4) as reader:
        for _ in range(9):
            await sender.typing(conv_id)
        await sender.ask_time()
        await reader.ask_time()
        events = reader.events()
        for _ in range(4):
            await anext(events)
        await sender.send(conv_id, "now")
        told = await until(events, lambda told: isinstance(told[-1], Message))
        assert [Skipped] == [type(event) for event in told[:-1]]


async def test_another_login_on_the_device_ends_it(place: Sandbox, ada: str) -> None:
    """The two would take turns for ever: the older one gives up, and says why."""
    async with client(place, ada) as older:
        async with client(place, ada):
            async with asyncio.timeout(PATIENCE):
                with pytest.raises(Replaced):
                    await until(older.events(), lambda _: False)
        with pytest.raises(Replaced):
            await older.ask_time()


async def test_a_ban_ends_it(place: Sandbox, ada: str) -> None:
    """Who is banned is told so, at once and on every return."""
    token = place.token(ada)
    async with client(place, ada) as banned, place.backend() as backend:
        await backend.ban(ada)
        with pytest.raises(Banned) as refusal:
            await until(banned.events(), lambda _: False)
        assert 213 == refusal.value.code
    with pytest.raises(Banned):
        async with Client(place.url, place.app_id, token):
            pass


async def test_nobody_is_there(place: Sandbox, ada: str) -> None:
    """Who cannot come in at all is told why."""
    place.faults.refuse_connections()
    with pytest.raises(Unreachable):
        async with place.client(ada, pace=QUICK, patience=0.2):
            pass


async def test_one_of_two_servers_is_enough(place: Sandbox, ada: str) -> None:
    """Of several addresses the next is tried when one does not answer."""
    token = place.token(ada)
    async with Client(["http://127.0.0.1:9", place.url], place.app_id, token, pace=QUICK) as somebody:
        assert somebody.connected
