"""Ending conversations."""

import pytest

from core.world import World, refusal
from parlance.core.actions.conversations import delete
from parlance.core.model.conversation import Kind
from parlance.core.model.events import ConversationDeleted
from parlance.core.model.search import Condition, Field, Op
from parlance.kernel.clock import DAY, SECOND
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId
from parlance.kernel.pages import PageAsked


async def test_the_creator_deletes(world: World) -> None:
    """What its creator deletes is unknown to everybody from then on."""
    await world.actions.delete_conversation(world.ada, world.group)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.members())
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.say("anybody?"))


async def test_the_backend_deletes(world: World) -> None:
    """The server key may delete whatever its app has."""
    await world.actions.delete_conversation(world.backend, world.group)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.members())


async def test_the_members_are_told(world: World) -> None:
    """Everybody who was in hears that it is gone, and who did it."""
    await world.actions.delete_conversation(world.ada, world.group)
    (told,) = world.told.of(ConversationDeleted)
    assert ("ada", ("ada", "ben")) == (told.by, told.audience)


async def test_a_pair_that_was_deleted_can_be_opened_anew(world: World) -> None:
    """A direct conversation that is gone gives its pair free for another one."""
    first = await world.open(Kind.DIRECT, "ada", "ben")
    await world.actions.delete_conversation(world.ada, first.conv_id)
    second = await world.open(Kind.DIRECT, "ben", "ada")
    assert first.conv_id != second.conv_id


async def test_a_member_may_not(world: World) -> None:
    """A member who did not make it cannot end it."""
    asked = world.actions.delete_conversation(world.ben, world.group)
    assert FaultCode.NOT_PERMITTED is await refusal(asked)
    assert ["ada", "ben"] == await world.members()


async def test_a_stranger_may_not(world: World) -> None:
    """Who is not in cannot end it."""
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.delete_conversation(world.cy, world.group))


async def test_another_app_does_not_know_it(world: World) -> None:
    """For another app it is as unknown as what never was."""
    asked = world.actions.delete_conversation(world.dora, world.group)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(asked)
    nothing = world.actions.delete_conversation(world.ada, ConvId("nothing"))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(nothing)


async def test_a_room_is_emptied(world: World) -> None:
    """Who is in a room that is deleted is in no room any more."""
    phone = world.phone(world.ben)
    room = await world.open(Kind.ROOM, "ada")
    await world.actions.enter_room(world.ben, room.conv_id)
    await world.actions.delete_conversation(world.backend, room.conv_id)
    assert ["brought in ben", "deleted"] == phone.heard()
    world.told.events.clear()
    phone.hang_up()
    assert ["PresenceChanged"] == [type(event).__name__ for event in world.told.events]


async def test_a_temporary_one_ends_by_itself(world: World) -> None:
    """A temporary conversation is unknown at the moment its time is over, before anybody has cleaned up."""
    brief = await world.open(Kind.TEMPORARY, "ada", "ben", ttl_seconds=60)
    await world.say("hello", conv_id=brief.conv_id)
    world.clock.advance(60 * SECOND - 1)
    await world.say("still here", conv_id=brief.conv_id)
    world.clock.advance(1)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.say("too late", conv_id=brief.conv_id))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.members(brief.conv_id))
    conditions = [Condition(Field.CONV_ID, Op.EQUAL, (brief.conv_id,))]
    found = await world.actions.search_conversations(world.ada, conditions, PageAsked(1, 10))
    assert 0 == found.total


async def test_the_end_of_a_temporary_one_is_announced(world: World) -> None:
    """When what is over is ended, its members are told, by nobody."""
    await world.open(Kind.TEMPORARY, "ada", "ben", ttl_seconds=60)
    world.clock.advance(61 * SECOND)
    assert not await world.actions.end_expired()
    (told,) = world.told.of(ConversationDeleted)
    assert (None, ("ada", "ben")) == (told.by, told.audience)
    assert not await world.actions.end_expired()
    assert [] == world.told.of(ConversationDeleted)


async def test_what_is_not_over_stays(world: World) -> None:
    """Ending what is over leaves everything else alone."""
    await world.open(Kind.TEMPORARY, "ada", "ben", ttl_seconds=60)
    world.clock.advance(59 * SECOND)
    await world.actions.end_expired()
    assert [] == world.told.of(ConversationDeleted)


async def test_a_step_takes_only_so_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other writers wait during a step, so it is short, and says that there is more to do."""
    monkeypatch.setattr(delete, "_AT_ONCE", 2)
    for _ in range(3):
        await world.open(Kind.TEMPORARY, "ada", ttl_seconds=1)
    world.clock.advance(SECOND)
    assert await world.actions.end_expired()
    assert 2 == len(world.told.of(ConversationDeleted))
    assert not await world.actions.end_expired()
    assert 1 == len(world.told.of(ConversationDeleted))


async def test_what_was_deleted_goes_for_good(world: World) -> None:
    """A day after its end nothing of a conversation is left, its messages included."""
    said = await world.say("secret")
    await world.actions.delete_conversation(world.ada, world.group)
    world.clock.advance(DAY - 1)
    await world.actions.end_expired()
    assert said.id == (await _kept(world, said.conversation))[0]
    world.clock.advance(2)
    while await world.actions.end_expired():
        pass
    assert [] == await _kept(world, said.conversation)


async def _kept(world: World, conversation: int) -> list[int]:
    return [message.id for message in await world.store.read.messages.after(conversation, 0, 10)]


async def test_who_has_left_may_still_end_what_it_made(world: World) -> None:
    """The creator stays the creator."""
    await world.actions.remove_members(world.ada, world.group, (ClientId("ada"),))
    await world.actions.delete_conversation(world.ada, world.group)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(world.members())
