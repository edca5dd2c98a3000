"""Finding conversations by a word."""

from core.world import World, refusal
from parlance.core.model.conversation import Kind
from parlance.core.model.group import NewGroup
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId
from parlance.kernel.pages import PageAsked

PAGE = PageAsked(1, 10)


async def found(world: World, words: str, member: str | None = None) -> list[tuple[str, int]]:
    """Ids and sizes."""
    of = None if member is None else ClientId(member)
    page = await world.actions.find_conversations(world.backend, words, of, PAGE)
    assert page.total == len(page.rows)
    return [(each.conversation.conv_id, each.size) for each in page.rows]


async def test_by_what_is_known_of_them(world: World) -> None:
    """Number, name, id or a good part of it; and who is in."""
    new = NewGroup(ClientId("cy"), name="Chess club")
    chess = await world.actions.create_group(world.backend, new)
    club = (chess.conversation.conv_id, 1)
    assert [club] == await found(world, "CHESS")
    assert [club] == await found(world, club[0])
    assert [club] == await found(world, str(chess.conversation.group_id))
    assert [(world.group, 2)] == await found(world, "", "ben")
    assert [] == await found(world, "chess", "ben")
    assert {club, (world.group, 2)} == set(await found(world, ""))


async def test_rooms_have_who_is_there(world: World) -> None:
    """Nobody is kept of them."""
    room = await world.open(Kind.ROOM, "ada")
    assert 0 == (await world.actions.find_conversations.one(world.backend, room.conv_id)).size


async def test_who_may_not(world: World) -> None:
    """Only the backend looks; what is looked for is no book; another app's is not found."""
    find = world.actions.find_conversations
    assert FaultCode.NOT_PERMITTED == await refusal(find(world.ada, "", None, PAGE))
    assert FaultCode.NOT_PERMITTED == await refusal(find.one(world.ada, world.group))
    assert FaultCode.BAD_FORMAT == await refusal(find(world.backend, "x" * 101, None, PAGE))
    assert FaultCode.UNKNOWN_CONVERSATION == await refusal(find.one(world.backend, ConvId("nothing")))
