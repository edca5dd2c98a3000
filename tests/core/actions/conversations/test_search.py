"""Finding conversations."""

from core.world import World
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.search import Condition, Field, Op
from parlance.kernel.pages import PageAsked

ALL = [Condition(Field.CONV_TYPE, Op.GREATER, (0,))]


async def _found(world: World, caller: Caller, *conditions: Condition) -> list[tuple[str, int]]:
    page = await world.actions.search_conversations(caller, conditions or ALL, PageAsked(1, 20))
    assert page.total == len(page.rows)
    return [(listed.conversation.conv_id, listed.size) for listed in page.rows]


async def test_it_finds_the_newest_first(world: World) -> None:
    """The backend finds all of its app's, the newest first, each with the number of its members."""
    world.clock.advance(1)
    newer = await world.open(Kind.DIRECT, "ada", "cy")
    world.clock.advance(1)
    newest = await world.open(Kind.GROUP, "cy")
    assert [(newest.conv_id, 1), (newer.conv_id, 2), (world.group, 2)] == await _found(world, world.backend)


async def test_a_page_is_a_part(world: World) -> None:
    """A page has its rows and the number of all; one past the end has none."""
    await world.open(Kind.GROUP, "cy")
    page = await world.actions.search_conversations(world.backend, ALL, PageAsked(2, 1))
    assert ([world.group], 2) == ([listed.conversation.conv_id for listed in page.rows], page.total)
    beyond = await world.actions.search_conversations(world.backend, ALL, PageAsked(3, 1))
    assert ([], 2) == (beyond.rows, beyond.total)


async def test_all_conditions_must_hold(world: World) -> None:
    """Two conditions find what both find."""
    await world.open(Kind.DIRECT, "ada", "cy")
    direct = Condition(Field.CONV_TYPE, Op.EQUAL, (1,))
    of_ben = Condition(Field.MEMBER, Op.EQUAL, ("ben",))
    assert 1 == len(await _found(world, world.backend, direct))
    assert [(world.group, 2)] == await _found(world, world.backend, of_ben)
    assert [] == await _found(world, world.backend, direct, of_ben)


async def test_a_room_has_who_is_present(world: World) -> None:
    """The size of a room is how many are in it now."""
    world.phone(world.ben)
    room = await world.open(Kind.ROOM, "ada", "ben")
    await world.open(Kind.ROOM, "ada")
    rooms = Condition(Field.CONV_TYPE, Op.EQUAL, (4,))
    assert {1, 0} == {size for _, size in await _found(world, world.backend, rooms)}
    assert [(room.conv_id, 1)] == await _found(
        world, world.backend, Condition(Field.CONV_ID, Op.EQUAL, (room.conv_id,))
    )


async def test_a_client_finds_its_own_only(world: World) -> None:
    """A client does not see what it is not in, whatever it asks for."""
    assert [(world.group, 2)] == await _found(world, world.ben)
    assert [] == await _found(world, world.cy)
    assert [] == await _found(world, world.cy, Condition(Field.CONV_ID, Op.EQUAL, (world.group,)))
    assert [] == await _found(world, world.cy, Condition(Field.MEMBER, Op.EQUAL, ("ada",)))


async def test_another_app_finds_nothing(world: World) -> None:
    """No question reaches over to another app, the backend's neither."""
    for caller in (world.dora, Caller(world.annex)):
        assert [] == await _found(world, caller)
        assert [] == await _found(world, caller, Condition(Field.CONV_ID, Op.EQUAL, (world.group,)))
