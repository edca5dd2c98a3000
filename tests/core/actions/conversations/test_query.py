"""Finding conversations by LeanCloud's columns."""

import asyncio
from typing import Any

import msgspec
import pytest

from core.world import World, refusal
from parlance.core.actions.conversations import query as verb
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind, NewConversation
from parlance.core.model.conversation_query import ConversationQuery, FoundConversation
from parlance.core.model.conversation_row import conversation_row
from parlance.core.model.member import PLAIN
from parlance.core.model.where.budget import Budget
from parlance.core.model.where.reading import read_where
from parlance.core.model.where.values import iso
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId

FOR_EVER = {"attr.note": {"$regex": "^(a|aa)+$"}}
Where = dict[str, Any]


async def _keep(
    world: World, conv_id: str, *members: str, kind: Kind = Kind.GROUP, said: int | None = None, **more: Any
) -> Conversation:
    """A conversation as the store has it, a millisecond younger than the one before."""
    world.clock.advance(1)
    new = NewConversation(
        world.hall.app_id,
        ConvId(conv_id),
        kind,
        ClientId(members[0] if members else ""),
        world.clock.now(),
        500,
        **more,
    )
    async with world.store.begin() as tx:
        made = await tx.conversations.add(new)
        assert made is not None
        await tx.members.join(made.id, dict.fromkeys(map(ClientId, members), PLAIN), world.clock.now())
    return made


async def _found(world: World, caller: Caller, where: Where | None = None, **more: Any) -> list[FoundConversation]:
    return await world.actions.query_conversations(caller, ConversationQuery(where, **more))


async def _ids(world: World, caller: Caller, where: Where | None = None, **more: Any) -> list[str]:
    return [each.conversation.conv_id for each in await _found(world, caller, where, **more)]


@pytest.fixture
async def town(world: World) -> World:
    """One conversation of each kind, beside the group: with names, attributes and columns."""
    await _keep(world, "pair", "ada", "cy", kind=Kind.DIRECT, direct=(ClientId("ada"), ClientId("cy")), unique_id="u1")
    await _keep(world, "club", "cy", "ben", name="Club", ext='{"type":"sport","tags":["a","b"]}')
    await _keep(world, "news", "cy", kind=Kind.SERVICE, columns='{"topic":"weather","rank":2}')
    await _keep(world, "hall", "cy", kind=Kind.ROOM, keep_history=False, name="Hall", ext="[1]")
    end = world.clock.now() + 60_000
    await _keep(world, "_tmp:1", "ada", "ben", kind=Kind.TEMPORARY, expires_at=end)
    return world


async def test_without_a_condition_it_finds_ones_own(town: World) -> None:
    """A client finds what it is a member of: no chat room, nothing temporary, nothing it subscribes to."""
    assert ["pair", town.group] == await _ids(town, town.ada)
    assert ["news"] == await _ids(town, town.cy, {"sys": True})
    assert ["club", "pair"] == await _ids(town, town.cy, {})


async def test_without_a_condition_a_backend_finds_everything(town: World) -> None:
    """All that the app has, save what is temporary and the app's own voice."""
    async with town.store.begin() as tx:
        new = NewConversation(town.hall.app_id, ConvId("own"), Kind.SYSTEM, ClientId("system"), town.clock.now(), 1)
        assert await tx.conversations.add(new)
    assert ["hall", "news", "club", "pair", town.group] == await _ids(town, town.backend)
    assert [] == await _ids(town, town.backend, {"objectId": {"$in": ["own", "_tmp:1"]}})


async def test_a_condition_looks_among_all(town: World) -> None:
    """Who asks for something finds it, a member or not; another app's there is not."""
    assert [town.group] == await _ids(town, town.cy, {"objectId": town.group})
    assert [] == await _ids(town, town.dora, {"objectId": town.group})
    assert [] == await _ids(town, Caller(town.annex))
    assert [] == await _ids(town, town.cy, {"objectId": "nowhere"})


ASKED: list[tuple[Where, set[str]]] = [
    ({"m": "ben"}, {"group", "club"}),
    ({"m": {"$all": ["ada", "ben"]}}, {"group"}),
    ({"m": {"$in": ["ada", "nobody"]}}, {"group", "pair"}),
    ({"m": {"$size": 2}}, {"group", "pair", "club"}),
    ({"m": {"$size": 2, "$ne": "ada"}}, {"club"}),
    ({"m": ["ada", "ben"]}, {"group"}),
    ({"m": {"$exists": False}}, {"news", "hall"}),
    ({"m": "cy", "c": "cy"}, {"club"}),
    ({"c": "ada"}, {"group", "pair"}),
    ({"name": "Club"}, {"club"}),
    ({"name": {"$in": ["Club", "Hall", "none"]}}, {"club", "hall"}),
    ({"name": {"$exists": True}}, {"club", "hall"}),
    ({"name": {"$regex": r"^\QCl\E"}}, {"club"}),
    ({"name": {"$regex": "L", "$options": "i"}, "tr": False}, {"club"}),
    ({"name": None, "sys": False}, {"group", "pair"}),
    ({"attr.type": "sport"}, {"club"}),
    ({"attr.tags": {"$all": ["b"]}}, {"club"}),
    ({"attr": {"$exists": True}}, {"club"}),
    ({"topic": "weather", "rank": {"$gt": 1}}, {"news"}),
    ({"tr": True}, {"hall"}),
    ({"tr": {"$ne": True}, "sys": {"$ne": True}}, {"group", "pair", "club"}),
    ({"sys": True}, {"news"}),
    ({"sys": True, "tr": True}, set()),
    ({"unique": True}, {"pair"}),
    ({"uniqueId": "u1"}, {"pair"}),
    ({"$or": [{"name": "Hall"}, {"m": "cy"}]}, {"hall", "pair", "club"}),
    ({"objectId": {"$in": ["pair", "club", "none"]}, "m": "ben"}, {"club"}),
    ({"lm": {"$exists": True}}, set()),
    ({"lm": {"$gt": {"__type": "Date", "iso": "1970-01-01T00:00:00.000Z"}}}, set()),
]


@pytest.mark.parametrize(
    ("where", "expected"), ASKED, ids=lambda value: str(sorted(value) if isinstance(value, set) else value)
)
async def test_what_is_asked_is_found(town: World, where: Where, expected: set[str]) -> None:
    """Every column can be asked about; what the store narrows down is what looking at all rows finds."""
    found = await _ids(town, town.backend, where)
    assert expected == {"group" if conv_id == town.group else conv_id for conv_id in found}
    assert len(expected) == len(found)
    budget = Budget(town.clock.monotonic, 60)
    everything = [conversation_row(each) for each in await _found(town, town.backend, limit=1000)]
    condition = read_where(where).condition
    assert [row["objectId"] for row in everything if condition.holds(row, budget)] == found


async def test_times_are_asked_for(town: World) -> None:
    """When it was made and when something was said last, from and to."""
    (pair,) = await _found(town, town.backend, {"objectId": "pair"})
    at = {"__type": "Date", "iso": iso(pair.conversation.created_at)}
    assert ["pair", town.group] == await _ids(town, town.backend, {"createdAt": {"$lte": at}})
    assert [town.group] == await _ids(town, town.backend, {"createdAt": {"$lt": at}})
    assert ["pair"] == await _ids(town, town.backend, {"createdAt": at})
    assert ["pair"] == await _ids(town, town.backend, {"createdAt": at["iso"], "updatedAt": at["iso"]})
    await town.say("hello", conv_id="pair")
    now = {"__type": "Date", "iso": iso(town.clock.now())}
    assert ["pair"] == await _ids(town, town.backend, {"lm": {"$gte": now}})
    assert [] == await _ids(town, town.backend, {"lm": {"$gt": now}})


async def test_the_liveliest_comes_first(town: World) -> None:
    """By the newest message; where nothing was said, what is younger, and behind the rest."""
    town.clock.advance(1)
    await town.say("hello", conv_id="pair")
    assert ["pair", town.group] == await _ids(town, town.ada)
    town.clock.advance(1)
    await town.say("hello")
    assert [town.group, "pair"] == await _ids(town, town.ada)
    assert [town.group, "pair", "hall", "news", "club"] == await _ids(town, town.backend)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("createdAt", ["group", "pair", "club", "news", "hall"]),
        ("-createdAt", ["hall", "news", "club", "pair", "group"]),
        ("-updatedAt", ["hall", "news", "club", "pair", "group"]),
        ("lm", ["group", "pair", "club", "news", "hall"]),
        ("name,createdAt", ["group", "pair", "news", "club", "hall"]),
        ("-name,createdAt", ["hall", "club", "group", "pair", "news"]),
        ("c,-createdAt", ["pair", "group", "hall", "news", "club"]),
        ("-rank,m,-createdAt", ["news", "hall", "pair", "group", "club"]),
    ],
)
async def test_it_is_put_in_order(town: World, sort: str, expected: list[str]) -> None:
    """By any columns, in either direction, and the same on every page."""
    expected = [town.group if conv_id == "group" else conv_id for conv_id in expected]
    assert expected == await _ids(town, town.backend, sort=sort)
    assert expected[1:3] == await _ids(town, town.backend, sort=sort, skip=1, limit=2)
    both = {"$or": [{"rank": 2}, {"rank": None}]}
    assert expected[1:3] == await _ids(town, town.backend, both, sort=sort, skip=1, limit=2)


async def test_the_nearest_comes_first(town: World) -> None:
    """What is asked for by its place stands by its distance, unless another order is asked for."""
    for east in (30, 10, 20):
        point = {"__type": "GeoPoint", "latitude": 0, "longitude": east}
        await _keep(town, f"at{east}", "cy", columns=msgspec.json.encode({"at": point}).decode())
    near = {"at": {"$nearSphere": {"__type": "GeoPoint", "latitude": 0, "longitude": 0}}}
    assert ["at10", "at20", "at30"] == await _ids(town, town.ada, near)
    assert ["at20", "at10", "at30"] == await _ids(town, town.ada, near, sort="-createdAt")


async def test_pages(town: World) -> None:
    """A limit of nothing finds nothing, what is skipped is not seen, and what is less than nothing is nothing."""
    assert [] == await _ids(town, town.ada, limit=0)
    assert [] == await _ids(town, town.ada, limit=-1)
    assert [town.group] == await _ids(town, town.ada, skip=1)
    assert ["pair", town.group] == await _ids(town, town.ada, skip=-1)
    assert [] == await _ids(town, town.ada, skip=1 << 70)


async def test_what_is_shown(town: World) -> None:
    """Who is in it and whom it does not disturb; of a service conversation, since when one subscribes."""
    async with town.store.begin() as tx:
        (found,) = await _found(town, town.ben, {"objectId": "club"})
        assert await tx.members.set_muted(found.conversation.id, ClientId("ben"), muted=True)
    (club,) = await _found(town, town.ben, {"objectId": "club"})
    assert (("ben", "cy"), ("ben",), None) == (club.members, club.muted, club.last_message)
    (news,) = await _found(town, town.cy, {"sys": True})
    assert (None, (), news.conversation.created_at) == (news.members, news.muted, news.joined_at)
    (unread,) = await _found(town, town.ben, {"sys": True})
    assert unread.joined_at is None


async def test_who_is_not_disturbed_can_be_asked_for(town: World) -> None:
    """`mu` is a column like any other."""
    (club,) = await _found(town, town.ben, {"objectId": "club"})
    async with town.store.begin() as tx:
        await tx.members.set_muted(club.conversation.id, ClientId("ben"), muted=True)
    assert ["club"] == await _ids(town, town.ben, {"mu": "ben"})


async def test_the_last_message_comes_along(town: World) -> None:
    """If it is asked for, and if there is one."""
    said = await town.say("hello")
    pair, group = sorted(await _found(town, town.ada, with_last_message=True), key=lambda each: bool(each.last_message))
    assert (None, said) == (pair.last_message, group.last_message)


async def test_temporary_conversations_are_found_by_their_ids(town: World) -> None:
    """By who is in them, for as long as they live; nothing else is found that way."""
    asked = (ConvId("_tmp:1"), ConvId("pair"), ConvId("_tmp:2"))
    assert ["_tmp:1"] == await _ids(town, town.ben, temporary=asked)
    assert ["_tmp:1"] == await _ids(town, town.backend, temporary=asked)
    assert [] == await _ids(town, town.cy, temporary=asked)
    assert [] == await _ids(town, town.ben, temporary=())
    town.clock.advance(60_001)
    assert [] == await _ids(town, town.ben, temporary=asked)


async def test_what_is_gone_is_not_found(town: World) -> None:
    """A deleted conversation is unknown; who has left finds it only by asking."""
    (club,) = await _found(town, town.ben, {"objectId": "club"})
    async with town.store.begin() as tx:
        await tx.members.leave(club.conversation.id, [ClientId("ben")], town.clock.now())
    assert [town.group] == await _ids(town, town.ben)
    assert ["club"] == await _ids(town, town.ben, {"name": "Club"})
    async with town.store.begin() as tx:
        await tx.conversations.delete(club.conversation.id, town.clock.now())
    assert [] == await _ids(town, town.ben, {"name": "Club"})


@pytest.mark.parametrize(
    ("where", "sort", "field"),
    [
        ({"x": {"$like": 1}}, None, "where"),
        ({"name": {"$regex": "(", "$options": "i"}}, None, "where"),
        ({"name": "\ud800"}, None, "where"),
        ({"objectId": "nowhere", "name": {"$regex": "("}}, None, "where"),
        (None, "a..b", "sort"),
    ],
)
async def test_what_makes_no_sense(town: World, where: Where | None, sort: str | None, field: str) -> None:
    """It is said which of the two it is."""
    with pytest.raises(Fault) as caught:
        await _found(town, town.ada, where, sort=sort)
    assert (FaultCode.BAD_FORMAT, field) == (caught.value.code, caught.value.field)


async def test_what_would_take_for_ever_is_ended_and_nobody_waits(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the server goes on while a search eats its time."""
    monkeypatch.setattr(verb, "LONGEST", 1.5)
    await _keep(town, "trap", "cy", ext=msgspec.json.encode({"note": "a" * 60 + "b"}).decode())
    asked = asyncio.ensure_future(refusal(_found(town, town.cy, FOR_EVER)))
    turns = 0
    while not asked.done():
        assert ["pair", town.group] == await _ids(town, town.ada)
        turns += 1
    assert FaultCode.BAD_FORMAT is await asked
    # Were it in the way of others, one of them would be served before it, and one after. Slow machines serve few.
    assert turns > 3


async def test_nobody_has_many_such_searches_at_once(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more than a few is refused; somebody else's are not, and afterwards all is as before."""
    monkeypatch.setattr(verb, "LONGEST", 0.1)
    await _keep(town, "trap", "cy", ext=msgspec.json.encode({"note": "a" * 60 + "b"}).decode())
    many = [refusal(_found(town, town.cy, FOR_EVER)) for _ in range(verb.MOST_AT_ONCE + 1)]
    *refused, other = await asyncio.gather(*many, refusal(_found(town, town.ben, FOR_EVER)))
    assert [FaultCode.BAD_FORMAT] * verb.MOST_AT_ONCE + [FaultCode.RATE_LIMITED] == refused
    assert FaultCode.BAD_FORMAT is other
    assert ["club"] == await _ids(town, town.cy, {"name": {"$regex": "^C.ub$"}})


async def test_it_looks_at_so_many_and_no_more(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found before that is found; what is not, takes too long."""
    monkeypatch.setattr(verb, "MOST_LOOKED_AT", 3)
    anything: Where = {"$or": [{"name": None}]}
    for sort, limit in (("createdAt", 2), ("-createdAt", 1)):
        assert limit == len(await _ids(town, town.backend, anything, sort=sort, limit=limit))
    too_much: list[tuple[Where | None, str]] = [
        ({"$or": [{"name": "x"}]}, "createdAt"),
        (None, "name"),
        ({"topic": {"$exists": True}}, "c"),
    ]
    for where, sort in too_much:
        assert FaultCode.BAD_FORMAT is await refusal(_ids(town, town.backend, where, sort=sort))
    assert ["news"] == await _ids(town, town.backend, {"sys": True}, sort="name")


async def test_they_are_counted(town: World) -> None:
    """Whatever page of them is asked for, by whatever means they are found."""
    count = town.actions.query_conversations.count
    for where in ({}, {"name": "Club"}, {"name": {"$regex": "^C"}}, {"tr": True}):
        found = await _ids(town, town.backend, where, limit=1000)
        assert found
        assert len(found) == await count(town.backend, ConversationQuery(where, limit=0, skip=5))
    assert 2 == await count(town.ada, ConversationQuery())
