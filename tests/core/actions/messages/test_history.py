"""Reading what was said."""

import pytest

from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ConvId
from parlance.kernel.pages import PageAsked


async def _say(world: World, count: int) -> None:
    for number in range(1, count + 1):
        await world.say(f"m{number}")


async def _seqs(world: World, **asked: int) -> tuple[list[int | None], bool]:
    stretch = await world.actions.read_history(world.ben, world.group, **asked)
    assert world.group == stretch.conv_id
    return [message.seq for message in stretch.messages], stretch.more


async def test_a_page_is_newest_first(world: World) -> None:
    """Page 1 begins with the newest message; the last page has what is left."""
    await _say(world, 5)
    page = await world.actions.list_messages(world.ben, world.group, PageAsked(1, 2))
    assert ([5, 4], 5, 3) == ([message.seq for message in page.rows], page.total, page.last_number)
    last = await world.actions.list_messages(world.ben, world.group, PageAsked(3, 2))
    assert [1] == [message.seq for message in last.rows]


async def test_a_page_past_the_end_is_empty(world: World) -> None:
    """It is no error, and so is a page of a conversation in which nothing was said."""
    assert ([], 0) == await _page(world, 1)
    await _say(world, 1)
    assert ([], 1) == await _page(world, 2)


async def _page(world: World, number: int) -> tuple[list[int | None], int]:
    page = await world.actions.list_messages(world.ben, world.group, PageAsked(number, 10))
    return [message.seq for message in page.rows], page.total


@pytest.mark.parametrize(
    ("asked", "seqs", "more"),
    [
        ({}, [1, 2, 3, 4, 5], False),
        ({"most": 2}, [4, 5], True),
        ({"most": 5}, [1, 2, 3, 4, 5], False),
        ({"after": 0}, [1, 2, 3, 4, 5], False),
        ({"after": 2, "most": 2}, [3, 4], True),
        ({"after": 3, "most": 2}, [4, 5], False),
        ({"after": 5}, [], False),
        ({"after": 1 << 70}, [], False),
        ({"before": 3}, [1, 2], False),
        ({"before": 5, "most": 2}, [3, 4], True),
        ({"before": 3, "most": 2}, [1, 2], False),
        ({"before": 1}, [], False),
        ({"before": 1 << 70, "most": 1}, [5], True),
        ({"most": 0}, [5], True),
        ({"most": -3}, [5], True),
    ],
)
async def test_a_stretch_is_ascending(world: World, asked: dict[str, int], seqs: list[int], more: bool) -> None:
    """After a place, before one, or the newest; and whether more lie beyond in that direction."""
    await _say(world, 5)
    assert (seqs, more) == await _seqs(world, **asked)


async def test_a_stretch_has_at_most_a_hundred(world: World) -> None:
    """However many are asked for."""
    await _say(world, 101)
    seqs, more = await _seqs(world, most=1_000)
    assert (100, True) == (len(seqs), more)


async def test_before_the_first_there_is_nothing(world: World) -> None:
    """Before place 0 lies nothing: it is a place like any other."""
    await _say(world, 1)
    assert ([], False) == await _seqs(world, before=0)


async def test_both_places_exclude_each_other(world: World) -> None:
    """After one place and before another is refused, and so is a negative place."""
    for asked in ({"after": 1, "before": 2}, {"after": -1}, {"before": -1}):
        assert FaultCode.BAD_FORMAT is await refusal(world.actions.read_history(world.ben, world.group, **asked))


async def test_strangers_read_nothing(world: World) -> None:
    """Members and the backend read; others are refused, and another app knows of nothing."""
    await _say(world, 1)
    history, listing = world.actions.read_history, world.actions.list_messages
    asked = PageAsked(1, 1)
    assert 1 == len((await history(world.backend, world.group)).messages)
    for attempt in (history(world.cy, world.group), listing(world.cy, world.group, asked)):
        assert FaultCode.NOT_A_MEMBER is await refusal(attempt)
    for caller, conv_id in ((world.dora, world.group), (Caller(world.annex), world.group), (world.ada, ConvId("no"))):
        for attempt in (history(caller, conv_id), listing(caller, conv_id, asked)):
            assert FaultCode.UNKNOWN_CONVERSATION is await refusal(attempt)
