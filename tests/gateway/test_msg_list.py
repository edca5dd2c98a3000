"""`msg.list`: reading back a stretch of a conversation (wire: platform#msg-list)."""

from typing import Any

import pytest

from cast import Socket, Town
from gateway.watch import refusal, refused


async def seqs(socket: Socket, town: Town, **data: Any) -> tuple[list[int], bool]:
    """The numbers of the rows that are answered, and whether there are more."""
    answer = await socket.request("msg.list", {"conv_id": town.group, **data})
    assert ("msg.list", "success", town.group) == (answer["type"], answer["msg"], answer["data"]["conv_id"])
    return [row["seq"] for row in answer["data"]["messages"]], answer["data"]["more"]


@pytest.fixture
async def ada(town: Town) -> Socket:
    """Ada, in a group with thirty messages."""
    for number in range(30):
        await town.say(f"message {number + 1}", sender="ben")
    return await town.log_in(town.ada)


@pytest.mark.parametrize(
    ("place", "expected", "more"),
    [
        ({}, range(11, 31), True),
        ({"limit": 30}, range(1, 31), False),
        ({"limit": 100}, range(1, 31), False),
        ({"after_seq": 0}, range(1, 21), True),
        ({"after_seq": 10}, range(11, 31), False),
        ({"after_seq": 9, "limit": 3}, range(10, 13), True),
        ({"after_seq": 30}, (), False),
        ({"after_seq": 2**53 - 1}, (), False),
        ({"before_seq": 31}, range(11, 31), True),
        ({"before_seq": 21}, range(1, 21), False),
        ({"before_seq": 5, "limit": 2}, range(3, 5), True),
        ({"before_seq": 1}, (), False),
        ({"before_seq": 2**53 - 1, "limit": 1}, (30,), True),
        ({"limit": 0}, (30,), True),
        ({"limit": -5}, (30,), True),
        ({"limit": 10**15}, range(1, 31), False),
    ],
)
async def test_stretches(ada: Socket, town: Town, place: dict[str, int], expected: Any, more: bool) -> None:
    """Rows ascend; `more` speaks of the direction that was asked for; `limit` is clamped, never refused."""
    assert (list(expected), more) == await seqs(ada, town, **place)


async def test_before_the_beginning_there_is_nothing(ada: Socket, town: Town) -> None:
    """`before_seq` 0 asks for what was before everything."""
    assert ([], False) == await seqs(ada, town, before_seq=0)


async def test_a_row_is_what_arrived(town: Town) -> None:
    """The rows of a list are the data of `msg.new`, word for word."""
    ada = await town.log_in(town.ada)
    await town.say("hello", sender="ben")
    new = await ada.next("msg.new")
    answer = await ada.request("msg.list", {"conv_id": town.group})
    assert [new["data"]] == answer["data"]["messages"]


async def test_an_empty_conversation_has_an_empty_list(town: Town) -> None:
    """Nothing said, nothing listed."""
    assert ([], False) == await seqs(await town.log_in(town.ada), town)


async def test_more_than_the_limit_is_clamped(town: Town) -> None:
    """At most a hundred rows come at once."""
    ada = await town.log_in(town.ada)
    for number in range(101):
        await town.say(str(number), sender="ben")
    rows, more = await seqs(ada, town, after_seq=0, limit=1000)
    assert (100, True) == (len(rows), more)


async def test_both_places_are_refused(town: Town) -> None:
    """`after_seq` and `before_seq` exclude each other."""
    ada = await town.log_in(town.ada)
    answer = await ada.request("msg.list", {"conv_id": town.group, "after_seq": 1, "before_seq": 5})
    assert refused(4406) == refusal(answer)


async def test_places_that_are_none_are_refused(town: Town) -> None:
    """Negative, broken and enormous places are a wrong format."""
    ada = await town.log_in(town.ada)
    for wrong in (-1, 1.5, "3", 2**53, 10**400, [1]):
        for place in ("after_seq", "before_seq"):
            answer = await ada.request("msg.list", {"conv_id": town.group, place: wrong})
            assert refused(4406) == refusal(answer)
        await ada.request("ping")


async def test_who_is_not_in_sees_nothing(town: Town) -> None:
    """A stranger is told so; for another app the conversation is unknown; what never was is unknown."""
    cy, dora = await town.log_in(town.cy), await town.log_in(town.dora)
    assert refused(4013) == refusal(await cy.request("msg.list", {"conv_id": town.group}))
    for unknown in (town.group, "0" * 32, "", "x" * 100_000, "a\x00b", "'; --"):
        assert refused(4011) == refusal(await dora.request("msg.list", {"conv_id": unknown}))


async def test_who_was_removed_sees_nothing(town: Town) -> None:
    """A removed member is a stranger, also to what was said while it was in."""
    ben = await town.log_in(town.ben)
    await town.say("while Ben was in")
    await town.backend.delete(f"/im/conversations/{town.group}/members", {"client_ids": ["ben"]})
    assert refused(4013) == refusal(await ben.request("msg.list", {"conv_id": town.group}))


async def test_long_messages_come_in_shorter_stretches(town: Town) -> None:
    """An answer has about a megabyte at most: fewer rows than were asked for, and `more`; asking on brings all."""
    for number in range(40):
        await town.say(f"{number} " + "x" * 60_000, sender="ben")
    ada = await town.log_in(town.ada)
    seen: list[int] = []
    more = True
    while more:
        rows, more = await seqs(ada, town, after_seq=len(seen), limit=100)
        assert 1 <= len(rows) <= 18
        seen += rows
    assert list(range(1, 41)) == seen
    rows, more = await seqs(ada, town, before_seq=31, limit=100)
    assert (30, True) == (rows[-1], more)
    assert list(range(rows[0], 31)) == rows
