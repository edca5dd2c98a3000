"""Taking people out."""

from core.world import World, refusal
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.events import MembersLeft
from parlance.core.model.member import Role, Standing
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId
from realtime.parts import clients

BEN = clients(["ben"])


async def _promote(world: World, client: str) -> int:
    """Make somebody an admin, for which there is no action; answers the group's number in the store."""
    conversation = (await world.say("promotion")).conversation
    async with world.store.begin() as tx:
        await tx.members.set_standing(conversation, ClientId(client), Standing(Role.ADMIN), world.clock.now())
    return conversation


async def test_the_owner_takes_somebody_out(world: World) -> None:
    """Who was taken out is told, and so is who stays."""
    ben, ada = world.phone(world.ben), world.phone(world.ada)
    world.told.events.clear()
    await world.actions.remove_members(world.ada, world.group, BEN)
    assert ["ada"] == await world.members()
    (told,) = world.told.of(MembersLeft)
    assert ("ada", BEN, ("ada", "ben")) == (told.by, told.client_ids, told.audience)
    assert (["taken out ben"], ["left ben"]) == (ben.heard(), ada.heard())


async def test_who_is_out_is_out_at_once(world: World) -> None:
    """A removed member neither speaks nor hears from then on."""
    ben = world.phone(world.ben)
    await world.say("before")
    await world.actions.remove_members(world.ada, world.group, BEN)
    await world.say("after")
    assert ["message ada before", "taken out ben"] == ben.heard()
    assert FaultCode.NOT_A_MEMBER is await refusal(world.say("let me in", sender="ben"))
    assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.read_history(world.ben, world.group))


async def test_one_takes_oneself_out(world: World) -> None:
    """Any member may leave."""
    await world.actions.remove_members(world.ben, world.group, BEN)
    assert ["ada"] == await world.members()


async def test_the_backend_takes_anybody_out(world: World) -> None:
    """The owner included."""
    await world.actions.remove_members(world.backend, world.group, clients(["ada"]))
    assert ["ben"] == await world.members()


async def test_who_is_not_in_is_passed_over(world: World) -> None:
    """Taking out who is not in is no error and is not announced."""
    await world.actions.remove_members(world.ada, world.group, clients(["cy", "dora"]))
    assert [] == world.told.of(MembersLeft)
    assert ["ada", "ben"] == await world.members()


async def test_an_admin_takes_out_members(world: World) -> None:
    """An admin may what the owner may, to those below."""
    await world.actions.invite(world.ada, world.group, clients(["cy"]))
    group = await _promote(world, "ben")
    await world.actions.remove_members(world.ben, world.group, clients(["cy"]))
    assert ["ada", "ben"] == list(await world.store.read.members.of(group))


async def test_an_admin_does_not_take_out_its_like(world: World) -> None:
    """Neither another admin nor the owner."""
    await world.actions.invite(world.ada, world.group, clients(["cy"]))
    for client in ("ben", "cy"):
        await _promote(world, client)
    for client in ("cy", "ada"):
        asked = world.actions.remove_members(world.ben, world.group, clients([client]))
        assert FaultCode.NOT_PERMITTED is await refusal(asked)
    assert ["ada", "ben", "cy"] == await world.members()


async def test_the_owner_of_a_room_takes_somebody_out(world: World) -> None:
    """Who is taken out of a room is told, and may come in again."""
    world.phone(world.ada)
    ben = world.phone(world.ben)
    room = await world.open(Kind.ROOM, "ada", "ben")
    await world.actions.remove_members(world.ada, room.conv_id, BEN)
    assert ["ada"] == await world.members(room.conv_id)
    await world.actions.enter_room(world.ben, room.conv_id)
    assert ["brought in ada ben", "taken out ben", "brought in ben"] == ben.heard()


async def test_a_visitor_takes_nobody_out_of_a_room(world: World) -> None:
    """Visitors of a room stand alike."""
    for caller in (world.ada, world.ben, world.cy):
        world.phone(caller)
    room = await world.open(Kind.ROOM, "ada", "ben", "cy")
    for client in ("cy", "ada"):
        asked = world.actions.remove_members(world.ben, room.conv_id, clients([client]))
        assert FaultCode.NOT_PERMITTED is await refusal(asked)


async def test_a_member_takes_out_nobody_else(world: World) -> None:
    """All or none: with one it may not take out, oneself stays in too."""
    asked = world.actions.remove_members(world.ben, world.group, clients(["ben", "ada"]))
    assert FaultCode.NOT_PERMITTED is await refusal(asked)
    assert ["ada", "ben"] == await world.members()


async def test_a_direct_conversation_keeps_its_two(world: World) -> None:
    """Nobody leaves it, nor is taken out of it."""
    direct = await world.open(Kind.DIRECT, "ada", "ben")
    for caller in (world.ada, world.ben, world.backend):
        assert FaultCode.WRONG_KIND is await refusal(world.actions.remove_members(caller, direct.conv_id, BEN))


async def test_a_stranger_may_not(world: World) -> None:
    """Who is not in takes out nobody, itself neither."""
    for client in ("ben", "cy"):
        asked = world.actions.remove_members(world.cy, world.group, clients([client]))
        assert FaultCode.NOT_A_MEMBER is await refusal(asked)


async def test_another_app_does_not_know_it(world: World) -> None:
    """For another app there is no such conversation."""
    for caller in (world.dora, Caller(world.annex)):
        asked = world.actions.remove_members(caller, world.group, BEN)
        assert FaultCode.UNKNOWN_CONVERSATION is await refusal(asked)
    nothing = world.actions.remove_members(world.ada, ConvId("nothing"), BEN)
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(nothing)
