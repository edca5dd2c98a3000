"""Which conversations to look at for a question, and in what order."""

import pytest

from conformance.store.stage import ADA, ANNEX, BEN, CY, HALL, Stage
from parlance.core.model.conversation import Conversation, Kind, NewConversation
from parlance.core.model.member import PLAIN
from parlance.core.model.where.narrowing import Narrowing
from parlance.core.model.where.ordering import Ordering, read_sort
from parlance.kernel.ids import AppId, ClientId, ConvId

FROM_THE_BEGINNING = -(1 << 62)
TO_THE_END = 1 << 62


@pytest.fixture
async def five(stage: Stage) -> list[Conversation]:
    """Five conversations a millisecond apart, one of each kind that can be found."""
    made = []
    for kind, members, conv_id in (
        (Kind.DIRECT, (ADA, BEN), "pair"),
        (Kind.GROUP, (BEN, ADA, CY), "group"),
        (Kind.ROOM, (), "room"),
        (Kind.SERVICE, (CY,), "service"),
        (Kind.TEMPORARY, (CY, BEN), "temporary"),
    ):
        expires_at = stage.clock.now() + 1_000 if kind is Kind.TEMPORARY else None
        made.append(await stage.conversation(kind, *members, conv_id=conv_id, expires_at=expires_at))
        stage.clock.advance(1)
    await stage.group(ADA, BEN, app_id=ANNEX)
    await stage.conversation(Kind.SYSTEM)
    return made


async def looked_at(
    stage: Stage, narrowing: Narrowing, sort: str = "", most: int = 100, skip: int = 0, app_id: AppId = HALL
) -> list[str]:
    """Public ids of what is to be looked at, in order."""
    queries = stage.store.read.conversation_queries
    ordering: Ordering | None = read_sort(sort)[0] if sort else None
    numbers = await queries.candidates(app_id, narrowing, ordering, stage.clock.now(), most, skip)
    return [each.conv_id for each in await queries.several(numbers)]


ALL = ["pair", "group", "room", "service"]


async def test_everything_is_looked_at_unless_narrowed_down(stage: Stage, five: list[Conversation]) -> None:
    """All of the app's by their age: none of another's, nothing temporary, not where the app itself speaks."""
    assert ALL == await looked_at(stage, Narrowing())
    assert 1 == len(await looked_at(stage, Narrowing(), app_id=ANNEX))
    assert [] == await looked_at(stage, Narrowing(), app_id=AppId("nowhere"))


@pytest.mark.parametrize(
    ("narrowing", "expected"),
    [
        (Narrowing(conv_ids=("group",)), ["group"]),
        (Narrowing(conv_ids=("room", "pair", "none")), ["pair", "room"]),
        (Narrowing(conv_ids=()), []),
        (Narrowing(conv_ids=("temporary",)), []),
        (Narrowing(members=((ADA,),)), ["pair", "group"]),
        (Narrowing(members=((CY, ADA),)), ["pair", "group"]),
        (Narrowing(members=((ADA,), (CY,))), ["group"]),
        (Narrowing(members=((ADA,), ("nobody",))), []),
        (Narrowing(members=((ADA,),), conv_ids=("pair", "room")), ["pair"]),
        (Narrowing(creators=(BEN,)), ["group"]),
        (Narrowing(creators=(BEN, CY)), ["group", "service"]),
        (Narrowing(rooms=True), ["room"]),
        (Narrowing(rooms=False), ["pair", "group", "service"]),
        (Narrowing(services=True), ["service"]),
        (Narrowing(services=False, rooms=False), ["pair", "group"]),
        (Narrowing(rooms=True, services=True), []),
        (Narrowing(temporary=True), ["temporary"]),
        (Narrowing(temporary=True, members=((BEN,),), conv_ids=("temporary", "pair")), ["temporary"]),
        (Narrowing(temporary=True, members=((ADA,),)), []),
        (Narrowing(last_message=(FROM_THE_BEGINNING, TO_THE_END)), []),
    ],
)
async def test_what_is_narrowed_down(
    stage: Stage, five: list[Conversation], narrowing: Narrowing, expected: list[str]
) -> None:
    """Ids, members, creators and kinds; all that is said has to hold."""
    assert expected == await looked_at(stage, narrowing)


async def test_names_and_unique_ids(stage: Stage) -> None:
    """As they are written, and no other way."""
    for conv_id, name, unique_id in (("a", "Name", "u1"), ("b", "name", None)):
        new = NewConversation(
            HALL, ConvId(conv_id), Kind.GROUP, ADA, stage.clock.now(), 100, name=name, unique_id=unique_id
        )
        async with stage.store.begin() as tx:
            assert await tx.conversations.add(new)
    assert ["a"] == await looked_at(stage, Narrowing(names=("Name", "x")))
    assert ["b"] == await looked_at(stage, Narrowing(names=("name",)))
    assert ["a"] == await looked_at(stage, Narrowing(unique_ids=("u1",)))


async def test_times(stage: Stage, five: list[Conversation]) -> None:
    """Both ends are included."""
    first = five[0].created_at
    assert ["pair", "group"] == await looked_at(stage, Narrowing(created=(first, first + 1)))
    assert ALL[1:] == await looked_at(stage, Narrowing(created=(first + 1, TO_THE_END)))
    assert [] == await looked_at(stage, Narrowing(created=(first + 1, first)))
    said = await stage.say(five[0])
    assert ["pair"] == await looked_at(stage, Narrowing(last_message=(said.created_at, said.created_at)))
    assert [] == await looked_at(stage, Narrowing(last_message=(said.created_at + 1, TO_THE_END)))


async def test_orders(stage: Stage, five: list[Conversation]) -> None:
    """By times, what has none before all others, what is alike by its age; and the other way round."""
    await stage.say(five[1])
    stage.clock.advance(1)
    await stage.say(five[0])
    for sort, expected in (
        ("createdAt", ALL),
        ("updatedAt", ALL),
        ("lm", ["room", "service", "group", "pair"]),
    ):
        assert expected == await looked_at(stage, Narrowing(), sort)
        assert expected[::-1] == await looked_at(stage, Narrowing(), f"-{sort}")
        assert expected[1:3] == await looked_at(stage, Narrowing(), sort, most=2, skip=1)


async def test_what_is_gone_is_not_looked_at(stage: Stage, five: list[Conversation]) -> None:
    """What was deleted, what is over, and what a member has left."""
    await stage.delete(five[1])
    assert ["pair", "room", "service"] == await looked_at(stage, Narrowing())
    assert ["pair"] == [
        each.conv_id for each in await stage.store.read.conversation_queries.several([five[0].id, five[1].id])
    ]
    async with stage.store.begin() as tx:
        await tx.members.leave(five[0].id, [BEN], stage.clock.now())
    assert [] == await looked_at(stage, Narrowing(members=((BEN,),)))
    stage.clock.advance(2_000)
    assert [] == await looked_at(stage, Narrowing(temporary=True))


async def test_several_come_in_the_order_in_which_they_were_asked_for(stage: Stage, five: list[Conversation]) -> None:
    """As they are, with their newest messages."""
    said = await stage.say(five[1])
    pair, group = await stage.store.read.conversation_queries.several([five[0].id, five[1].id])
    assert (five[0], five[1].conv_id, 1, said.created_at) == (
        pair,
        group.conv_id,
        group.last_seq,
        group.last_message_at,
    )
    room, first = await stage.store.read.conversation_queries.several([five[2].id, 999, five[0].id])
    assert ("room", "pair") == (room.conv_id, first.conv_id)
    assert [] == await stage.store.read.conversation_queries.several([])


async def test_since_when_a_client_is_in(stage: Stage, five: list[Conversation]) -> None:
    """Of those asked about, those in which it is now."""
    stage.clock.advance(5)
    async with stage.store.begin() as tx:
        await tx.members.join(five[3].id, {BEN: PLAIN}, stage.clock.now())
        await tx.members.leave(five[1].id, [BEN], stage.clock.now())
    numbers = [each.id for each in five[1:4]]
    assert {five[3].id: stage.clock.now()} == await stage.store.read.conversation_queries.joined(numbers, BEN)
    assert {} == await stage.store.read.conversation_queries.joined(numbers, ClientId("nobody"))
