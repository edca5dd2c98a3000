"""What was said anywhere."""

from typing import Any

import pytest

from core.world import World, refusal
from parlance.core.model.conversation import Kind
from parlance.core.model.message import Message
from parlance.core.model.places import Place, Range
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId

BEN = ClientId("ben")


async def _said(world: World) -> list[Message]:
    """1 and 3 in the group, 2 elsewhere; ten milliseconds from each other."""
    talk = await world.open(Kind.DIRECT, "ada", "ben")
    said = []
    for number, sender in ((1, "ada"), (2, "ben"), (3, "ben")):
        said.append(await world.say(str(number), sender, talk.conv_id if number == 2 else None))
        world.clock.advance(10)
    return said


async def _list(world: World, client: ClientId | None = None, **wanted: Any) -> list[str | None]:
    return [message.text for message in await world.actions.said_by(world.backend, client, Range(**wanted))]


async def test_all_that_was_said(world: World) -> None:
    """In all conversations, or by one client; ascending, from either end."""
    await _said(world)
    assert ["1", "2", "3"] == await _list(world)
    assert ["2", "3"] == await _list(world, BEN)
    assert [["3"], ["1"]] == [await _list(world, most=1), await _list(world, most=1, oldest_first=True)]
    assert [] == await _list(world, most=0)


@pytest.mark.parametrize("named", ["message", "time", "both"])
async def test_between_places(world: World, named: str) -> None:
    """Ends are open unless they are closed."""
    said = await _said(world)
    first, _, last = (
        Place(None if named == "message" else each.created_at, None if named == "time" else each.msg_id)
        for each in said
    )
    assert ["2"] == await _list(world, start=last, end=first)
    assert ["2", "3"] == await _list(world, start=last, end=first, start_included=True)
    assert ["1", "2"] == await _list(world, start=last, end=first, end_included=True)
    assert ["2"] == await _list(world, start=first, end=last, oldest_first=True)
    assert ["1", "2"] == await _list(world, start=first, end=last, oldest_first=True, start_included=True)
    assert [] == await _list(world, start=first, end=last)


async def test_times_of_any_age(world: World) -> None:
    """Before everything, after everything."""
    await _said(world)
    for time in (-(1 << 62), 0, (1 << 63) - 1):
        early = time <= 0
        assert (["1", "2", "3"] if early else []) == await _list(world, start=Place(time), oldest_first=True)
        assert ([] if early else ["1", "2", "3"]) == await _list(world, start=Place(time))


async def test_only_the_backend_asks(world: World) -> None:
    """And names messages of ours."""
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.said_by(world.ada, None, Range()))
    assert FaultCode.UNKNOWN_MESSAGE is await refusal(_list(world, start=Place(msg_id="x")))
