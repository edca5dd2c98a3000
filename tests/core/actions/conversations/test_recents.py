"""What a client talks in."""

from core.world import World, refusal, with_settings
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.user import Profile
from parlance.kernel.clock import DAY
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId

ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")


async def _places(world: World, client: ClientId = ADA) -> list[str]:
    return [recent.conversation.conv_id for recent in await world.actions.recent_conversations(world.backend, client)]


async def test_the_liveliest_first(world: World) -> None:
    """By the newest message, whoever sent it; what is silent counts by its beginning."""
    world.clock.advance(1)
    with_cy = (await world.open(Kind.DIRECT, "ada", "cy")).conv_id
    assert [with_cy, world.group] == await _places(world)
    world.clock.advance(1)
    await world.say("hello", "ben")
    assert [world.group, with_cy] == await _places(world)
    assert [with_cy] == await _places(world, CY)


async def test_what_is_said_of_each(world: World) -> None:
    """Who is in it, what was said last and by whom, and how much this client has not read."""
    await world.actions.create_user(world.backend, BEN, Profile(nickname="小本"))
    await world.say("one")
    last = await world.say("two", "ben")
    (recent,) = await world.actions.recent_conversations(world.ada, ADA)
    assert ((ADA, BEN), 1) == (recent.members, recent.unread)
    assert (last.id, "two", 2) == (
        recent.last_message and recent.last_message.id,
        recent.last_message and recent.last_message.text,
        recent.conversation.last_seq,
    )
    assert "小本" == (recent.last_sender and recent.last_sender.called)
    await world.actions.mark_read(world.ada, world.group, 2)
    assert [0] == [recent.unread for recent in await world.actions.recent_conversations(world.ada, ADA)]
    assert [0] == [recent.unread for recent in await world.actions.recent_conversations(world.ben, BEN)]


async def test_where_nothing_was_said(world: World) -> None:
    """There is no message, and nothing to read."""
    (recent,) = await world.actions.recent_conversations(world.ben, BEN)
    assert (0, None, None) == (recent.unread, recent.last_message, recent.last_sender)


async def test_rooms_and_what_is_over_are_not_in_it(world: World) -> None:
    """Nor what was left or deleted."""
    room = await world.open(Kind.ROOM, "ada", "ben")
    world.phone(world.ada)
    await world.actions.enter_room(world.ada, room.conv_id)
    await world.open(Kind.TEMPORARY, "ada", "ben")
    deleted = await world.open(Kind.GROUP, "ada", "ben")
    await world.actions.delete_conversation(world.ada, deleted.conv_id)
    await world.actions.remove_members(world.ben, world.group, (BEN,))
    world.clock.advance(DAY)
    assert [world.group] == await _places(world)
    assert [] == await _places(world, BEN)


async def test_a_stranger_becomes_known_by_it(world: World) -> None:
    """With an empty list; an app that makes no users refuses it."""
    assert [] == await _places(world, ClientId("eve"))
    assert "eve" == (await world.actions.find_user(world.ada, ClientId("eve"))).client_id
    closed = Caller(with_settings(world.hall, create_users=False))
    asked = world.actions.recent_conversations(closed, ClientId("finn"))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(asked)
    assert 1 == len(await world.actions.recent_conversations(closed, ADA))


async def test_whose_list_it_is(world: World) -> None:
    """A client sees its own, the backend everybody's, another app none of them; who is banned has none."""
    assert FaultCode.FOREIGN_CLIENT is await refusal(world.actions.recent_conversations(world.ben, ADA))
    assert [] == await world.actions.recent_conversations(Caller(world.annex), ADA)
    await world.actions.ban(world.backend, BEN)
    assert FaultCode.BANNED is await refusal(world.actions.recent_conversations(world.backend, BEN))


async def test_the_names_of_two_apps_do_not_meet(world: World) -> None:
    """Somebody of the same name elsewhere is somebody else."""
    await world.actions.create_user(Caller(world.annex), BEN, Profile(nickname="other"))
    await world.say("hello", "ben")
    (recent,) = await world.actions.recent_conversations(world.ada, ADA)
    assert ("", ConvId(world.group)) == (recent.last_sender and recent.last_sender.called, recent.conversation.conv_id)
