"""Reading from one place towards another."""

from typing import Any

import pytest

from core.world import World, refusal
from parlance.core.actions.messages.read_range import LARGEST_RANGE, marked
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.member import MemberMark
from parlance.core.model.message import Draft, Message
from parlance.core.model.places import LoggedMessage, Place, Range
from parlance.core.model.starting import Starting
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId
from realtime.parts import message

ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")


async def _said(world: World, count: int = 3, apart: int = 10) -> list[Message]:
    said = []
    for number in range(count):
        said.append(await world.say(str(number + 1)))
        world.clock.advance(apart)
    return said


async def _read(world: World, caller: Caller | None = None, conv_id: str = "", **wanted: Any) -> list[str | None]:
    where = ConvId(conv_id or world.group)
    found = await world.actions.read_range(caller or world.ben, where, Range(**wanted))
    return [each.message.text for each in found]


# wire: LeanCloud's REST document has these examples, of three messages 1, 2 and 3, as it pages (§7): ours ascend.
PAGING = [
    (3, 1, False, False, False, ["2"]),
    (3, 1, False, True, False, ["2", "3"]),
    (3, 1, False, False, True, ["1", "2"]),
    (3, 1, False, True, True, ["1", "2", "3"]),
    (1, 3, True, False, False, ["2"]),
    (1, 3, True, True, False, ["1", "2"]),
    (1, 3, True, False, True, ["2", "3"]),
    (1, 3, True, True, True, ["1", "2", "3"]),
]


@pytest.mark.parametrize(("start", "end", "oldest_first", "with_start", "with_end", "expected"), PAGING)
@pytest.mark.parametrize("named", ["message", "time", "both"])
async def test_the_documents_examples(
    world: World,
    start: int,
    end: int,
    oldest_first: bool,
    with_start: bool,
    with_end: bool,
    expected: list[str],
    named: str,
) -> None:
    """By messages, by times, or by both; ends are open unless they are closed; no two messages have one time."""
    said = await _said(world, apart=0)

    def place(number: int) -> Place:
        found = said[number - 1]
        return Place(None if named == "message" else found.created_at, None if named == "time" else found.msg_id)

    wanted: dict[str, Any] = {"start_included": with_start, "end_included": with_end, "oldest_first": oldest_first}
    assert expected == await _read(world, start=place(start), end=place(end), **wanted)


async def test_without_places_it_is_all(world: World) -> None:
    """The newest of it, or the oldest; ascending either way."""
    await _said(world, 5)
    assert ["1", "2", "3", "4", "5"] == await _read(world)
    assert ["4", "5"] == await _read(world, most=2)
    assert ["1", "2"] == await _read(world, most=2, oldest_first=True)


@pytest.mark.parametrize("oldest_first", [True, False])
async def test_page_after_page(world: World, oldest_first: bool) -> None:
    """The next page begins, open, where this one ended: all of it, each once."""
    await _said(world, 10, apart=0)
    pages: list[list[str | None]] = []
    start: Place | None = None
    while True:
        wanted = Range(start, most=3, oldest_first=oldest_first)
        found = await world.actions.read_range(world.ben, world.group, wanted)
        if not found:
            break
        pages.append([each.message.text for each in found])
        edge = found[-1 if oldest_first else 0].message
        start = Place(edge.created_at, edge.msg_id)
    if not oldest_first:
        pages.reverse()
    assert [3, 3, 3, 1] == sorted(map(len, pages), reverse=True)
    assert [str(number + 1) for number in range(10)] == [text for page in pages for text in page]


@pytest.mark.parametrize("most", [0, -1])
async def test_none_is_none(world: World, most: int) -> None:
    """Who asks for none gets none; who asks for too many gets as many as there may be."""
    await _said(world)
    assert [] == await _read(world, most=most)
    assert 3 == len(await _read(world, most=LARGEST_RANGE + 1))


async def test_ends_the_wrong_way_round(world: World) -> None:
    """Between them lies nothing."""
    said = await _said(world)
    first, last = Place(msg_id=said[0].msg_id), Place(msg_id=said[2].msg_id)
    assert [] == await _read(world, start=first, end=last)
    assert [] == await _read(world, start=last, end=first, oldest_first=True)
    assert [] == await _read(world, start=Place(0))


async def test_only_one_type(world: World) -> None:
    """As many of it as were asked for, whatever lies between."""
    await _said(world)
    for number in (1, 2):
        await world.actions.send(world.backend, Draft(ADA, -2, world.group, text=f"image {number}"))
        await world.say("between")
    assert ["image 1", "image 2"] == await _read(world, type=-2)
    assert ["image 2"] == await _read(world, type=-2, most=1)
    assert [] == await _read(world, type=7)


async def test_what_was_recalled_stands_there(world: World) -> None:
    """Empty, in its place; what was deleted does not."""
    said = await _said(world)
    await world.actions.recall(world.backend, world.group, said[0].msg_id)
    await world.actions.delete_message(world.backend, world.group, said[1].msg_id)
    assert [None, "3"] == await _read(world)


async def test_who_may_read(world: World) -> None:
    """Members and the backend; strangers only where everybody may."""
    await _said(world, 1)
    for caller in (world.ada, world.backend):
        assert ["1"] == await _read(world, caller)
    assert FaultCode.NOT_A_MEMBER is await refusal(_read(world, world.cy))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(_read(world, world.dora))
    asked = _read(world, start=Place(msg_id="x"))
    assert FaultCode.UNKNOWN_MESSAGE is await refusal(asked)
    world.phone(world.ada)
    room = await world.open(Kind.ROOM, "ada")
    await world.say("in the room", conv_id=room.conv_id)
    assert ["in the room"] == await _read(world, world.cy, room.conv_id)


async def test_everybody_reads_its_own_of_a_service_conversation(world: World) -> None:
    """What it said itself, and what was said to it; the backend reads all of it."""
    started = await world.actions.start_conversation(world.backend, Starting(Kind.SERVICE, ADA))
    where = started.roster.conversation.conv_id
    for number in range(1, 7):
        draft = Draft(ADA, -1 - number % 2, text=str(number))
        await world.actions.say_to_clients(world.backend, where, draft, (BEN,) if number < 5 else (CY,))
    assert ["1", "2", "3", "4"] == await _read(world, world.ben, where)
    assert ["3", "4"] == await _read(world, world.ben, where, most=2)
    assert ["1", "2"] == await _read(world, world.ben, where, most=2, oldest_first=True)
    assert ["1", "3"] == await _read(world, world.ben, where, most=2, oldest_first=True, type=-2)
    assert ["2"] == await _read(world, world.ben, where, most=1, oldest_first=True, type=-1)
    assert ["3"] == await _read(world, world.ben, where, most=1, type=-2)
    assert [str(number) for number in range(1, 7)] == await _read(world, world.backend, where)
    assert [] == await _read(world, world.ada, where)


async def test_when_the_others_had_it(world: World) -> None:
    """The first of the others: when it arrived there, and when it was read."""
    await _said(world, 2)
    await world.actions.mark_delivered(world.ben, world.group, Place())
    delivered = world.clock.now()
    world.clock.advance(10)
    await world.actions.mark_read_at(world.ben, world.group, Place(1_800_000_000_000))
    read = world.clock.now()
    found = await world.actions.read_range(world.ada, world.group, Range())
    assert [(delivered, read), (delivered, None)] == [(each.delivered_at, each.read_at) for each in found]


def test_the_earliest_of_the_others_counts() -> None:
    """Of marks that reach a message; its sender's own do not."""

    def mark(client: ClientId, read: int, at: int | None) -> MemberMark:
        return MemberMark(client, read, at, read, at)

    said = [message("ada", "a", 1), message("ben", "b", 2), message("cy", "c", 3)]
    marks = [mark(ADA, 3, 30), mark(BEN, 2, 10), mark(CY, 3, 20)]
    expected = [LoggedMessage(said[0], 10, 10), LoggedMessage(said[1], 20, 20), LoggedMessage(said[2], 30, 30)]
    assert expected == marked(said, marks)
    assert [LoggedMessage(each) for each in said] == marked(said, [mark(BEN, 9, None)])
    assert [] == marked([], marks)
