"""Taking over what was said."""

import json

import pytest

from core.actions.moving_in.bringing import LONG_AGO, TOM, conversation, history, said
from core.world import World, refusal
from parlance.core.model.conversation import Kind
from parlance.core.model.message import Message, MessageStatus, NewContent
from parlance.core.model.places import Place, Range
from parlance.core.model.typed_message import written
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId

TEA = "5eccba570000000000000001"
FIRST = "NGpHmPXWRh2QdaBbuMPOMg"


@pytest.fixture
async def tea(world: World) -> ConvId:
    """A conversation that has been taken over, in which nothing was said."""
    await world.actions.take_over_conversations(world.backend, [conversation(world, TEA)])
    return ConvId(TEA)


async def read_all(world: World, where: ConvId) -> list[Message]:
    """What one of its members reads there, and the sequence is whole."""
    found = await world.actions.read_range(world.client("Tom"), where, Range(oldest_first=True, most=100))
    messages = [each.message for each in found]
    assert list(range(1, len(messages) + 1)) == [message.seq for message in messages]
    return messages


async def test_history_is_as_it_was(world: World, tea: ConvId) -> None:
    """Ids, times, senders, texts, bytes, types of the app's own, and what was recalled; nobody hears of it."""
    image = json.dumps({"_lctype": -2, "_lcfile": {"url": "http://x/1.png", "metaData": {"width": 3}}})
    odd = json.dumps({"_lctype": 7, "mine": [1, 2]})
    taken = await world.actions.take_over_messages(
        world.backend,
        [
            history(
                TEA,
                said(FIRST, 1),
                said("b", 1, image),
                said("c", 3, bytes(range(256))),
                said("d", 4, odd),
                said("e", 5, '{"_lctype":-127}', recalled=True),
            )
        ],
    )
    assert [(5, 0, [])] == [(each.added, each.known, each.refused) for each in taken]
    messages = await read_all(world, tea)
    assert [FIRST, "b", "c", "d", "e"] == [message.msg_id for message in messages]
    assert [1, 2, 3, 4, 5] == [message.created_at - LONG_AGO for message in messages]
    assert {"Tom"} == {message.sender for message in messages}
    assert "this is " + FIRST == messages[0].text
    assert "http://x/1.png" == messages[1].url
    assert [bytes(range(256)), odd] == [written(messages[2]), written(messages[3])]
    assert (MessageStatus.RECALLED, None) == (messages[4].status, messages[4].text)
    assert [] == world.told.events


async def texts(world: World, where: ConvId) -> list[tuple[str, str | None]]:
    """Ids and texts, as one of its members reads them."""
    found = await world.actions.read_range(world.client("Tom"), where, Range(oldest_first=True, most=100))
    return [(each.message.msg_id, each.message.text) for each in found]


async def test_a_second_time_adds_what_is_new(world: World, tea: ConvId) -> None:
    """What was deleted here does not come back."""
    await world.actions.take_over_messages(world.backend, [history(TEA, said("a", 1), said("b", 2))])
    await world.actions.delete_message(world.backend, tea, "a")
    again = history(TEA, said("a", 1), said("b", 2), said("c", 3), said("c", 3))
    [taken] = await world.actions.take_over_messages(world.backend, [again])
    assert (1, 0, 3, []) == (taken.added, taken.changed, taken.known, taken.refused)
    assert [("b", "this is b"), ("c", "this is c")] == await texts(world, tea)


async def test_edits_and_recalls_there_are_done_here(world: World, tea: ConvId) -> None:
    """As often as there are some; clients that come back are told of them."""
    before = history(TEA, *(said(name, at) for at, name in enumerate("abc", 1)))
    await world.actions.take_over_messages(world.backend, [before])
    once = history(TEA, said("a", 1, "edited"), said("b", 2, '{"_lctype":-127}', recalled=True), said("c", 3))
    [taken] = await world.actions.take_over_messages(world.backend, [once])
    assert (0, 2, 1) == (taken.added, taken.changed, taken.known)
    assert [("a", "edited"), ("b", None), ("c", "this is c")] == await texts(world, tea)
    told = [each.msg_id for each in await world.actions.patched_since(world.client("ada"), 1)]
    assert ["a", "b"] == sorted(told)
    world.clock.advance(1_000)
    twice = history(TEA, said("a", 1, "edited again"), said("b", 2))
    [taken] = await world.actions.take_over_messages(world.backend, [twice])
    assert (0, 1, 1) == (taken.added, taken.changed, taken.known)
    assert [("a", "edited again"), ("b", None), ("c", "this is c")] == await texts(world, tea)
    [taken] = await world.actions.take_over_messages(world.backend, [twice])
    assert (0, 0, 2) == (taken.added, taken.changed, taken.known)


async def test_edits_and_recalls_here_stay(world: World, tea: ConvId) -> None:
    """Whatever was made of it there since, and whether an import had changed it before."""
    await world.actions.take_over_messages(world.backend, [history(TEA, said("a", 1), said("b", 2), said("c", 3))])
    await world.actions.take_over_messages(world.backend, [history(TEA, said("c", 3, "edited"))])
    world.clock.advance(1_000)
    await world.actions.edit(world.backend, tea, "a", NewContent("ours", None))
    await world.actions.recall(world.backend, tea, "b")
    await world.actions.edit(world.backend, tea, "c", NewContent("ours", None))
    theirs = history(TEA, *(said(name, at, "theirs") for at, name in enumerate("abc", 1)))
    [taken] = await world.actions.take_over_messages(world.backend, [theirs])
    assert (0, 0, 3, []) == (taken.added, taken.changed, taken.known, taken.refused)
    assert [("a", "ours"), ("b", None), ("c", "ours")] == await texts(world, tea)


async def test_what_comes_late_may_stand_at_the_end(world: World, tea: ConvId) -> None:
    """If that is asked for: behind what was said here, in its order, and unread."""
    await world.actions.take_over_messages(world.backend, [history(TEA, said("a", 1))])
    await world.say("here", "Tom", tea)
    late = history(TEA, said("a", 1), said("late", 2), said("later", 3))
    [refused] = await world.actions.take_over_messages(world.backend, [late])
    [taken] = await world.actions.take_over_messages(world.backend, [late], late=True)
    assert (0, 2) == (refused.added, len(refused.refused))
    assert (2, 1, []) == (taken.added, taken.known, taken.refused)
    assert ["this is a", "here", "this is late", "this is later"] == [text for _, text in await texts(world, tea)]
    assert [3] == [each.unread for each in await world.actions.unread_inbox(world.client("ada"), 0)]
    assert [] == [each.unread for each in await world.actions.unread_inbox(world.client("Tom"), 0)]


async def test_service_conversations_keep_who_was_meant(world: World) -> None:
    """What the app said to some is for them, what somebody said to the app for itself, subscribers or not."""
    where = ConvId("news")
    await world.actions.take_over_conversations(world.backend, [conversation(world, where, Kind.SERVICE)])
    ada, tom, cy = (ClientId(name) for name in ("ada", "Tom", "cy"))
    told = history(where, said("all", 1, readers=(ada, tom, cy)), said("one", 2, readers=(cy,)), said("up", 3))
    [taken] = await world.actions.take_over_messages(world.backend, [told])
    assert (3, []) == (taken.added, taken.refused)
    heard = {}
    for name in ("ada", "Tom", "cy"):
        asked = Range(oldest_first=True, most=100)
        found = await world.actions.read_range(world.client(name), where, asked)
        heard[name] = [each.message.msg_id for each in found]
        assert [] == await world.actions.unread_inbox(world.client(name), 0)
    assert {"ada": ["all"], "Tom": ["all", "up"], "cy": ["all", "one"]} == heard
    [taken] = await world.actions.take_over_messages(world.backend, [told])
    assert (0, 3) == (taken.added, taken.known)


async def test_their_ids_are_good_for_everything(world: World, tea: ConvId) -> None:
    """Reading from there, marking, editing and recalling, and asking for the whole app's."""
    await world.actions.take_over_messages(world.backend, [history(TEA, *(said(f"m{n}", n) for n in range(5)))])
    place = Range(start=Place(msg_id="m3"), most=2)
    found = await world.actions.read_range(world.client("Tom"), tea, place)
    assert ["m1", "m2"] == [each.message.msg_id for each in found]
    await world.actions.recall(world.backend, tea, "m2")
    [*_, third, _, _] = await read_all(world, tea)
    assert MessageStatus.RECALLED is third.status
    everywhere = await world.actions.said_by(world.backend, TOM, Range(start=Place(msg_id="m2"), most=10))
    assert ["m0", "m1"] == [message.msg_id for message in everywhere]
    assert FaultCode.UNKNOWN_MESSAGE is await refusal(world.actions.recall(world.backend, tea, "no such"))


async def test_talk_goes_on_behind_it(world: World, tea: ConvId) -> None:
    """New messages come after; nobody has unread messages but those; then nothing older goes in."""
    await world.actions.take_over_messages(world.backend, [history(TEA, said("a", 1), said("b", 2))])
    now = await world.say("here", "Tom", tea)
    assert (3, now.seq) == (len(await read_all(world, tea)), now.seq)
    [inbox] = [
        each for each in (await world.actions.unread_inbox(world.client("ada"), 0)) if each.conversation.conv_id == tea
    ]
    assert 1 == inbox.unread
    [taken] = await world.actions.take_over_messages(world.backend, [history(TEA, said("a", 1), said("late", 3))])
    assert (0, 1, [0]) == (taken.added, taken.known, [each.index - 1 for each in taken.refused])
    assert "it is older than what has been said here since" == taken.refused[0].reason


async def test_what_no_conversation_would_take_keeps_out_only_itself(world: World, tea: ConvId) -> None:
    """Too large, or for a conversation that is not here."""
    [some, none] = await world.actions.take_over_messages(
        world.backend, [history(TEA, said("a", 1, "x" * 70_000), said("b", 2)), history("nowhere", said("c", 1))]
    )
    assert (1, [0]) == (some.added, [each.index for each in some.refused])
    assert (0, ["there is no conversation nowhere"]) == (none.added, [each.reason for each in none.refused])
    assert ["b"] == [message.msg_id for message in await read_all(world, tea)]


async def test_rooms_have_history_too(world: World) -> None:
    """Nobody is in it, and the backend reads it."""
    await world.actions.take_over_conversations(world.backend, [conversation(world, "room", Kind.ROOM)])
    [taken] = await world.actions.take_over_messages(world.backend, [history("room", said("a", 1))])
    assert 1 == taken.added


async def test_clients_bring_none(world: World) -> None:
    """It is the backend's business."""
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.take_over_messages(world.ada, []))
