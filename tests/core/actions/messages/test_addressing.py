"""Storing a message for those it names."""

from core.world import World
from parlance.core.actions.messages.addressing import Addressing
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import MessageSent
from parlance.core.model.message import Draft, message_of
from parlance.core.model.starting import Starting
from parlance.kernel.ids import ClientId

ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")


async def _event(world: World, ref: str | None = None) -> MessageSent:
    started = await world.actions.start_conversation(world.backend, Starting(Kind.SERVICE, ADA))
    draft = Draft(ADA, -1, text="hello", ref=ref)
    number = world.application.ids.message()
    return MessageSent(message_of(draft, started.roster.conversation, number, world.clock.now()), (BEN,))


async def test_those_it_names_have_it(world: World) -> None:
    """And they alone; it is announced when it is stored, with its place."""
    event = await _event(world)
    stored = await Addressing(world.store)(event, (BEN, CY))
    assert (1, [event]) == (stored.seq, world.told.of(MessageSent))
    readers = await world.store.read.addressed.readers(stored.conversation, 1)
    assert [BEN, CY] == readers


async def test_all_who_are_in_have_it(world: World) -> None:
    """Those who are in when it is stored."""
    event = await _event(world)
    await world.actions.bring_in(world.ben, event.message.conv_id, (BEN,))
    stored = await Addressing(world.store)(event, None)
    assert [BEN] == await world.store.read.addressed.readers(stored.conversation, stored.seq or 0)


async def test_a_ref_is_for_good(world: World) -> None:
    """The same message is stored once, and told once."""
    event = await _event(world, "r1")
    first = await Addressing(world.store)(event, (BEN,))
    again = message_of(Draft(ADA, -1, text="again", ref="r1"), await _conversation(world, event), 7, 1)
    second = await Addressing(world.store)(MessageSent(again, (CY,)), (CY,))
    assert (first.msg_id, 1) == (second.msg_id, len(world.told.of(MessageSent)))
    assert [] == await world.store.read.addressed.after(first.conversation, CY, 0, 10)


async def _conversation(world: World, event: MessageSent) -> Conversation:
    found = await world.store.read.conversations.find(world.hall.app_id, event.message.conv_id, world.clock.now())
    assert found is not None
    return found
