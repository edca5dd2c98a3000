"""`ref`: the sender's own name for a message makes repeating it harmless."""

import asyncio
from collections.abc import Sequence

from conformance.store.stage import ADA, BEN, Stage
from parlance.core.model.message import Message
from parlance.kernel.faults import Fault


def places(answers: Sequence[Message | Fault]) -> list[int | None]:
    """Where the messages stand."""
    return [answer.seq for answer in answers if isinstance(answer, Message)]


async def test_sent_again_it_is_the_same_message(stage: Stage) -> None:
    """The answer is what was stored the first time, whatever it says now; nothing is announced again."""
    group = await stage.group(ADA)
    first = await stage.say(group, text="one", ref="r")
    again = await stage.say(group, text="two", ref="r")
    assert first == again
    assert [1] == await stage.seqs(group)
    assert 1 == len(stage.announced)
    assert (1, 1) == (stage.tally.messages, stage.tally.duplicates)


async def test_twice_in_one_batch_it_is_one_message(stage: Stage) -> None:
    """The neighbours keep a gap-free sequence."""
    group = await stage.group(ADA)
    events = [stage.said(group, ref=ref) for ref in ("a", "b", "a", None, "b", "a")]
    answers = await stage.say_at_once(*events, stage.said(group))
    assert [1, 2, 1, 3, 2, 1, 4] == places(answers)
    assert [1, 2, 3, 4] == await stage.seqs(group)
    assert 4 == len(stage.announced)


async def test_in_batches_with_news_it_is_still_the_same(stage: Stage) -> None:
    """A repetition among new messages is answered, they are stored."""
    one, two = await stage.group(ADA), await stage.group(ADA)
    await stage.say(one, ref="r")
    answers = await stage.say_at_once(stage.said(two), stage.said(one, ref="r"), stage.said(one), stage.said(two))
    assert [1, 1, 2, 2] == places(answers)


async def test_after_a_restart_it_is_the_same(stage: Stage) -> None:
    """For good."""
    group = await stage.group(ADA)
    first = await stage.say(group, ref="r")
    await stage.store.close()
    await stage.open()
    assert first == await stage.say(group, ref="r")


async def test_a_ref_is_its_sender_s_in_one_conversation(stage: Stage) -> None:
    """Somebody else's, or in another conversation, it is another message; without one all are."""
    one, two = await stage.group(ADA, BEN), await stage.group(ADA)
    answers = await stage.say_at_once(
        stage.said(one, ADA, ref="r"),
        stage.said(one, BEN, ref="r"),
        stage.said(two, ADA, ref="r"),
        stage.said(one, ADA),
        stage.said(one, ADA),
    )
    assert [1, 2, 1, 3, 4] == places(answers)


async def test_a_recalled_message_keeps_its_ref(stage: Stage) -> None:
    """Sent again after the recall it does not come back to life."""
    group = await stage.group(ADA)
    message = await stage.say(group, ref="r")
    async with stage.store.begin() as tx:
        recalled = await tx.messages.recall(message.id, 5)
    assert recalled == await stage.say(group, ref="r")


async def test_many_clients_repeat_everything(stage: Stage) -> None:
    """Whatever is sent thrice at once, each is stored once, and all answers agree."""
    group = await stage.group(ADA, BEN)
    sends = [stage.say(group, sender, ref=f"r{number}") for number in range(40) for sender in (ADA, BEN) for _ in "abc"]
    answers = await asyncio.gather(*sends)
    assert list(range(1, 81)) == await stage.seqs(group)
    assert 80 == len({(answer.sender, answer.ref, answer.id, answer.seq) for answer in answers})
    assert 80 == len(stage.announced)
