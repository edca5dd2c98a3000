"""Finding what has arrived of what was elsewhere."""

import json

import pytest

from core.actions.moving_in.bringing import ADA, LONG_AGO, TOM, conversation, history, said
from core.world import World, refusal
from parlance.core.model.member import OWNER, PLAIN
from parlance.core.model.message import Draft
from parlance.core.model.moving import Brought
from parlance.core.model.restriction import FREE
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId

TEA, MILK, NOWHERE = ConvId("5eccba570000000000000001"), ConvId("5eccba570000000000000002"), ConvId("nowhere")


@pytest.fixture(autouse=True)
async def brought(world: World) -> None:
    """Two conversations, one with four messages, of which one was deleted; and one that was sent here."""
    await world.actions.take_over_conversations(world.backend, [conversation(world, each) for each in (TEA, MILK)])
    await world.actions.take_over_messages(
        world.backend, [history(TEA, *(said(each, n) for n, each in enumerate("abcd", 1)))]
    )
    await world.actions.delete_message(world.backend, TEA, "d")
    await world.actions.send(world.client("Tom"), Draft(TOM, -1, TEA, text="said here"))
    await world.actions.block(world.backend, TEA, [ClientId("eve")])


async def test_conversations_with_their_people_and_their_height(world: World) -> None:
    """Those that are here: who is in them, in what role, who is muted or kept out, and where what was said was said."""
    found = await world.actions.find_arrived(world.backend, [TEA, NOWHERE, MILK])
    assert [TEA, MILK] == list(found)
    tea = found[TEA]
    assert ({TOM: OWNER, ADA: PLAIN}, [ADA]) == (dict(tea.members), list(tea.muted))
    assert ({"eve"}, True) == (set(tea.restrictions), tea.restrictions.get(ClientId("eve"), FREE).blocked)
    assert Brought(there=3, deleted=1, here=1, first_seq=1, last_seq=3, last_at=LONG_AGO + 3) == tea.messages
    assert Brought(0, 0, 0) == found[MILK].messages


async def test_messages_by_what_they_were_called(world: World) -> None:
    """Those that are there, whole; those that were deleted here, by name."""
    arrived = await world.actions.find_arrived_messages(world.backend, TEA, ["c", "d", "a", "x", "\x00"])
    assert [("a", 1), ("c", 3)] == [(name, each.created_at - LONG_AGO) for name, each in arrived.found.items()]
    assert {"d"} == arrived.deleted
    for elsewhere in (MILK, NOWHERE):
        nothing = await world.actions.find_arrived_messages(world.backend, elsewhere, ["a"])
        assert ({}, frozenset()) == (nothing.found, nothing.deleted)


async def test_what_was_changed_here_is_told_apart(world: World) -> None:
    """From what an import has changed, since it had changed there."""
    text = json.dumps({"_lctype": -1, "_lctext": "edited there"})
    await world.actions.take_over_messages(world.backend, [history(TEA, said("a", 1, text))])
    await world.actions.recall(world.client("Tom"), TEA, "b")
    arrived = await world.actions.find_arrived_messages(world.backend, TEA, ["a", "b", "c"])
    assert ("edited there", frozenset({"b"})) == (arrived.found["a"].text, arrived.changed)


async def test_a_conversation_that_was_deleted_here(world: World) -> None:
    """Is known to have come."""
    await world.actions.delete_conversation(world.backend, MILK)
    assert {MILK} == await world.actions.find_arrived.gone(world.backend, [TEA, MILK, NOWHERE])
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.find_arrived.gone(world.ada, [TEA]))


async def test_a_client_is_not_told(world: World) -> None:
    """It is for who answers for the whole app."""
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.find_arrived(world.ada, [TEA]))
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.find_arrived_messages(world.ada, TEA, ["a"]))
