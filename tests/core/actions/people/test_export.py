"""Handing out all that is kept of a user."""

from core.world import World, refusal
from parlance.core.model.conversation import Kind
from parlance.core.model.stored_file import StoredFile
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId

BEN = ClientId("ben")


async def test_all_of_it(world: World) -> None:
    """What it said and nobody else, where it is and was in, what it uploaded, what it may not."""
    alone = await world.open(Kind.DIRECT, "ben", "cy")
    await world.say("in the group", "ben")
    await world.say("not his", "ada")
    await world.say("to cy", "ben", alone.conv_id)
    await world.actions.remove_members(world.backend, world.group, (BEN,))
    await world.actions.block(world.backend, world.group, (BEN,))
    async with world.store.begin() as tx:
        await tx.files.add(StoredFile(world.hall.app_id, "k", "f", "text/plain", 1, world.clock.now(), BEN))
    export = await world.actions.export_user(world.backend, BEN)
    said = [message.text async for some in export.messages for message in some]
    assert ["in the group", "to cy"] == said
    assert {world.group: False, alone.conv_id: True} == {
        stay.conv_id: stay.left_at is None for stay in export.conversations
    }
    assert [("f", BEN)] == [(file.name, file.uploader) for file in export.files]
    assert [(world.group, True)] == [(each.conv_id, each.blocked) for each in export.restrictions]


async def test_what_it_said_in_rooms(world: World) -> None:
    """Where nobody is a member."""
    room = await world.open(Kind.ROOM, "ada")
    world.phone(world.ben)
    await world.actions.enter_room(world.ben, room.conv_id)
    await world.say("in the room", "ben", room.conv_id)
    export = await world.actions.export_user(world.backend, BEN)
    assert ["in the room"] == [message.text async for some in export.messages for message in some]
    assert room.conv_id in [stay.conv_id for stay in export.conversations]


async def test_who_may_not(world: World) -> None:
    """Only the backend, and only somebody of the app."""
    assert FaultCode.NOT_PERMITTED == await refusal(world.actions.export_user(world.ada, BEN))
    assert FaultCode.UNKNOWN_CLIENT == await refusal(world.actions.export_user(world.backend, ClientId("dora")))
