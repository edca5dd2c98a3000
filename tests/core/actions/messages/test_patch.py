"""What edits and recalls share."""

from core.world import World, refusal, refused, with_settings
from parlance.core.actions.doors import Doors
from parlance.core.actions.messages.patch import found, must_be_its_sender
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ConvId, message_hex


async def test_a_message_is_found_where_it_stands(world: World) -> None:
    """By the id that the world knows it by, with everybody who is in its conversation."""
    said = await world.say("hello")
    doors = Doors(world.application.rosters)
    async with world.store.begin() as tx:
        roster, message = await found(tx, doors, world.ben, world.group, said.msg_id)
    assert (said.id, "hello", ["ada", "ben"]) == (message.id, message.text, list(roster.members))


async def test_elsewhere_it_is_unknown(world: World) -> None:
    """A message of another conversation, one that never was, and what is no id are all unknown."""
    other = await world.open(Kind.DIRECT, "ada", "ben")
    elsewhere = await world.say("hello", conv_id=other.conv_id)
    doors = Doors(world.application.rosters)
    for msg_id in (elsewhere.msg_id, message_hex(1), "not an id", ""):
        async with world.store.begin() as tx:
            asked = found(tx, doors, world.ada, world.group, msg_id)
            assert FaultCode.UNKNOWN_MESSAGE is await refusal(asked)


async def test_strangers_find_nothing(world: World) -> None:
    """A stranger is told that it is one before it learns whether there is such a message."""
    said = await world.say("hello")
    doors = Doors(world.application.rosters)
    for msg_id in (said.msg_id, "nothing"):
        async with world.store.begin() as tx:
            assert FaultCode.NOT_A_MEMBER is await refusal(found(tx, doors, world.cy, world.group, msg_id))
            asked = found(tx, doors, world.dora, world.group, msg_id)
            assert FaultCode.UNKNOWN_CONVERSATION is await refusal(asked)
            asked = found(tx, doors, world.ada, ConvId("nothing"), msg_id)
            assert FaultCode.UNKNOWN_CONVERSATION is await refusal(asked)


async def test_the_window_is_the_apps(world: World) -> None:
    """Always if the app sets none, else up to its last millisecond; others never."""
    said = await world.say("hello")
    must_be_its_sender(world.ada, said, said.created_at + 10**12)
    windowed = Caller(with_settings(world.hall, recall_window=120_000), world.ada.client_id)
    must_be_its_sender(windowed, said, said.created_at + 120_000)
    late = said.created_at + 120_001
    assert FaultCode.NOT_PERMITTED is refused(lambda: must_be_its_sender(windowed, said, late))
    assert FaultCode.NOT_THE_SENDER is refused(lambda: must_be_its_sender(world.ben, said, said.created_at))
