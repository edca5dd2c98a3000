"""Taking a message out for good."""

from core.world import World, refusal
from parlance.core.model.conversation import Kind
from parlance.core.model.message import Draft
from parlance.core.model.starting import Starting
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId, message_hex
from parlance.kernel.pages import PageAsked


async def test_it_is_gone(world: World) -> None:
    """From the history; its number stays empty, and nobody is told."""
    said = [await world.say(str(number)) for number in range(3)]
    world.told.events.clear()
    await world.actions.delete_message(world.backend, world.group, said[1].msg_id)
    page = await world.actions.list_messages(world.backend, world.group, PageAsked(1, 10))
    assert ([3, 1], []) == ([message.seq for message in page.rows], world.told.events)
    assert 4 == (await world.say("more")).seq


async def test_only_the_backend_deletes(world: World) -> None:
    """Whoever said it."""
    said = await world.say("mine")
    asked = world.actions.delete_message(world.ada, world.group, said.msg_id)
    assert FaultCode.NOT_PERMITTED is await refusal(asked)


async def test_what_is_not_there_cannot_go(world: World) -> None:
    """Twice, elsewhere, and what never was."""
    said = await world.say("x")
    talk = await world.open(Kind.DIRECT, "ada", "ben")
    await world.actions.delete_message(world.backend, world.group, said.msg_id)
    for conv_id, msg_id, code in (
        (world.group, said.msg_id, FaultCode.UNKNOWN_MESSAGE),
        (talk.conv_id, said.msg_id, FaultCode.UNKNOWN_MESSAGE),
        (world.group, message_hex(3), FaultCode.UNKNOWN_MESSAGE),
        (world.group, "x", FaultCode.UNKNOWN_MESSAGE),
        (ConvId("nothing"), said.msg_id, FaultCode.UNKNOWN_CONVERSATION),
    ):
        assert code is await refusal(world.actions.delete_message(world.backend, conv_id, msg_id))


async def test_one_reader_loses_it(world: World) -> None:
    """Where messages name their readers; the others keep it."""
    ada, ben = ClientId("ada"), ClientId("ben")
    service = (await world.actions.start_conversation(world.backend, Starting(Kind.SERVICE, ada))).roster.conversation
    said = await world.actions.say_to_clients(world.backend, service.conv_id, Draft(ada, -1, text="x"), (ada, ben))
    deleted = world.actions.delete_message
    await deleted(world.backend, service.conv_id, said.msg_id, ada)
    assert [ben] == await world.store.read.addressed.readers(service.id, said.seq or 0)
    assert FaultCode.UNKNOWN_MESSAGE is await refusal(deleted(world.backend, service.conv_id, said.msg_id, ada))
    assert FaultCode.UNKNOWN_MESSAGE is await refusal(deleted(world.backend, service.conv_id, message_hex(3), ben))
