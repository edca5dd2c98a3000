"""Taking over what was said."""

import json

import pytest

from core.actions.moving_in.bringing import LONG_AGO, TOM, conversation, history, said
from core.world import World, refusal
from parlance.core.model.conversation import Kind
from parlance.core.model.message import Message, MessageStatus
from parlance.core.model.places import Place, Range
from parlance.core.model.typed_message import written
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ConvId

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


async def test_a_second_time_adds_what_is_new(world: World, tea: ConvId) -> None:
    """What is here is not touched, also if it was deleted here or says something else there now."""
    await world.actions.take_over_messages(world.backend, [history(TEA, said("a", 1), said("b", 2))])
    await world.actions.delete_message(world.backend, tea, "a")
    again = history(TEA, said("a", 1), said("b", 2, "edited"), said("c", 3), said("c", 3))
    [taken] = await world.actions.take_over_messages(world.backend, [again])
    assert (1, 3, []) == (taken.added, taken.known, taken.refused)
    found = await world.actions.read_range(world.client("Tom"), tea, Range(oldest_first=True, most=100))
    assert [("b", "this is b"), ("c", "this is c")] == [(each.message.msg_id, each.message.text) for each in found]


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
