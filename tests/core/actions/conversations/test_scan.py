"""Going through all of an app's conversations."""

from core.world import World, refusal
from parlance.core.model.conversation import Kind
from parlance.kernel.faults import FaultCode


async def test_each_once_by_its_id(world: World) -> None:
    """With those who are in, and who is told nothing; of rooms nobody is said to be in."""
    groups = [await world.open(Kind.GROUP, "ada", "ben") for _ in range(3)]
    room = await world.open(Kind.ROOM, "ada")
    await world.open(Kind.TEMPORARY, "ada", "ben")
    await world.actions.mute(world.ben, groups[0].conv_id, muted=True)
    scan, found, after = world.actions.scan_conversations, [], ""
    while some := await scan(world.backend, after, 2):
        found += some
        after = some[-1].conversation.conv_id
    ids = [each.conversation.conv_id for each in found]
    assert sorted({*(each.conv_id for each in groups), room.conv_id, world.group}) == ids
    by_id = {each.conversation.conv_id: each for each in found}
    first = by_id[groups[0].conv_id]
    assert ({"ada", "ben"}, ("ben",)) == (set(first.members or ()), first.muted)
    assert None is by_id[room.conv_id].members


async def test_a_client_is_not_told(world: World) -> None:
    """It is for who answers for the whole app; another app has its own."""
    assert FaultCode.NOT_PERMITTED is await refusal(world.actions.scan_conversations(world.ada, "", 10))
