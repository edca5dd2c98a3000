"""Reading pages, and being marked as having read."""

from core.world import World, refusal, with_settings
from parlance.core.actions.messages.read_page import Reading
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.events import MessagesRead
from parlance.core.model.user import Profile
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId
from parlance.kernel.pages import PageAsked

ADA, BEN, CY = ClientId("ada"), ClientId("ben"), ClientId("cy")
FIRST = PageAsked(1, 10)


async def _unread(world: World, client: ClientId) -> list[int]:
    return [recent.unread for recent in await world.actions.recent_conversations(world.backend, client)]


def _texts(reading: Reading) -> list[str | None]:
    return [message.text for message in reading.page.rows]


async def test_the_newest_page_comes_first(world: World) -> None:
    """And in it the newest message."""
    for number in range(5):
        await world.say(f"m{number}")
    pages = [await world.actions.read_page(world.ada, world.group, PageAsked(number, 2)) for number in (1, 2, 3, 4)]
    assert [["m4", "m3"], ["m2", "m1"], ["m0"], []] == [_texts(page) for page in pages]
    assert {5} == {page.page.total for page in pages}


async def test_who_wrote_it_comes_along(world: World) -> None:
    """Those who have something on the page, as they are known now."""
    await world.say("hello", "ben")
    await world.actions.create_user(world.backend, BEN, Profile(nickname="小本"))
    reading = await world.actions.read_page(world.ada, world.group, FIRST)
    assert {BEN: "小本"} == {client: user.called for client, user in reading.people.items()}


async def test_who_is_shown_the_first_page_has_read(world: World) -> None:
    """Up to the newest message on it, and the members hear of it."""
    for text in ("one", "two"):
        await world.say(text)
    assert [2] == await _unread(world, BEN)
    await world.actions.read_page(world.ben, world.group, PageAsked(1, 1))
    assert [0] == await _unread(world, BEN)
    (told,) = world.told.of(MessagesRead)
    assert (BEN, 2, {ADA, BEN}) == (told.client_id, told.seq, {*told.audience})


async def test_an_older_page_marks_nothing(world: World) -> None:
    """Whoever leafs back has not seen what is new."""
    for text in ("one", "two"):
        await world.say(text)
    await world.actions.read_page(world.ben, world.group, PageAsked(2, 1))
    assert [2] == await _unread(world, BEN)


async def test_a_backend_reads_for_a_client_or_for_nobody(world: World) -> None:
    """Only on somebody's behalf anything is marked."""
    await world.say("hello")
    assert ["hello"] == _texts(await world.actions.read_page(world.backend, world.group, FIRST))
    assert [1] == await _unread(world, BEN)
    assert ["hello"] == _texts(await world.actions.read_page(world.backend, world.group, FIRST, BEN))
    assert [0] == await _unread(world, BEN)


async def test_where_nothing_was_said(world: World) -> None:
    """There is nothing to mark."""
    assert [] == _texts(await world.actions.read_page(world.ben, world.group, FIRST))
    assert [] == world.told.of(MessagesRead)


async def test_a_room_has_pages_and_no_marks(world: World) -> None:
    """Who is in a chat room is who is present, and nothing is unread there."""
    room = (await world.open(Kind.ROOM, "ada")).conv_id
    world.phone(world.ada)
    await world.actions.enter_room(world.ada, room)
    await world.say("hello", conv_id=room)
    assert ["hello"] == _texts(await world.actions.read_page(world.ada, room, FIRST))
    assert [] == world.told.of(MessagesRead)


async def test_who_may_read(world: World) -> None:
    """Members, for themselves; another app's conversation is unknown."""
    read = world.actions.read_page
    assert FaultCode.NOT_A_MEMBER is await refusal(read(world.cy, world.group, FIRST))
    assert FaultCode.NOT_A_MEMBER is await refusal(read(world.backend, world.group, FIRST, CY))
    assert FaultCode.FOREIGN_CLIENT is await refusal(read(world.ada, world.group, FIRST, BEN))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(read(world.dora, world.group, FIRST))
    assert FaultCode.UNKNOWN_CONVERSATION is await refusal(read(world.ada, ConvId("nothing"), FIRST))
    await world.actions.ban(world.backend, BEN)
    assert FaultCode.BANNED is await refusal(read(world.backend, world.group, FIRST, BEN))


async def test_a_page_of_two_people(world: World) -> None:
    """The same whoever asks, and only who asks has read it."""
    with_ben = (await world.open(Kind.DIRECT, "ada", "ben")).conv_id
    await world.say("hello", conv_id=with_ben)
    await world.say("elsewhere")
    assert ["hello"] == _texts(await world.actions.read_direct_page(world.ada, ADA, BEN, FIRST))
    assert [1, 1] == await _unread(world, BEN)
    assert ["hello"] == _texts(await world.actions.read_direct_page(world.backend, BEN, ADA, FIRST))
    assert [0, 1] == sorted(await _unread(world, BEN))


async def test_two_who_have_not_met(world: World) -> None:
    """Nothing, and no conversation is made by asking; but who asks is known from now on."""
    reading = await world.actions.read_direct_page(world.backend, ClientId("eve"), ClientId("finn"), FIRST)
    assert ([], 0) == (reading.page.rows, reading.page.total)
    assert [] == await world.actions.recent_conversations(world.backend, ClientId("eve"))
    assert "eve" == (await world.actions.find_user(world.backend, ClientId("eve"))).client_id
    assert FaultCode.UNKNOWN_CLIENT is await refusal(world.actions.find_user(world.backend, ClientId("finn")))


async def test_who_may_read_a_page_of_two(world: World) -> None:
    """One of the two, for itself; nobody has one with oneself; neither who is banned nor who may not be made."""
    read = world.actions.read_direct_page
    assert FaultCode.FOREIGN_CLIENT is await refusal(read(world.cy, ADA, BEN, FIRST))
    assert FaultCode.WRONG_KIND is await refusal(read(world.ada, ADA, ADA, FIRST))
    closed = Caller(with_settings(world.hall, create_users=False))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(read(closed, ClientId("gus"), ADA, FIRST))
    await world.actions.ban(world.backend, ADA)
    assert FaultCode.BANNED is await refusal(read(world.backend, ADA, BEN, FIRST))
