"""Making groups."""

from typing import Any

import pytest

from core.actions.groups.grouping import ADA, BEN, CY, made, notices, number, said_to
from core.world import World, refusal, with_settings
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Kind
from parlance.core.model.events import ConversationUpdated, MembersJoined, StandingsChanged
from parlance.core.model.group import NewGroup
from parlance.core.model.member import OWNER, PLAIN
from parlance.kernel.faults import FaultCode
from parlance.kernel.ids import ClientId, ConvId
from realtime.parts import clients


async def test_it_makes_a_group(world: World) -> None:
    """With a number, its owner in it, and everything as asked for."""
    roster = await made(world, "ben", avatar="a", description="d", organization_id=2, capacity=7, code="4711")
    group = roster.conversation
    assert {ADA: OWNER, BEN: PLAIN} == roster.members
    assert (2, ADA, "666", "a", "d", 2, 7, "4711", True) == (
        group.group_id,
        group.creator,
        group.name,
        group.avatar,
        group.description,
        group.organization_id,
        group.capacity,
        group.code,
        group.notices,
    )
    assert roster == await world.actions.find_group(world.backend, 2)


async def test_it_is_a_conversation_like_any_other(world: World) -> None:
    """Its members are told, and talk in it."""
    ben = world.phone(world.ben)
    roster = await made(world, "ben", notices=False)
    assert ["brought in ada ben"] == ben.heard()
    assert 1 == (await world.say("hello", "ben", roster.conversation.conv_id)).seq


async def test_the_owner_named_as_member_is_one(world: World) -> None:
    """And so is everybody who is named twice."""
    roster = await made(world, "ben", "ada", "ben")
    assert [ADA, BEN] == list(roster.members)


async def test_the_app_s_capacity(world: World) -> None:
    """Where nothing is said of it."""
    assert 1_000 == (await made(world)).conversation.capacity


async def test_a_client_makes_its_own(world: World) -> None:
    """A client may only speak for itself."""
    assert {BEN: OWNER} == (await made(world, owner=BEN, caller=world.ben)).members
    assert FaultCode.FOREIGN_CLIENT is await refusal(made(world, caller=world.ben))


async def test_strangers_are_made_if_asked_for(world: World) -> None:
    """Else they are refused, and nothing is made."""
    strangers = NewGroup(owner=ClientId("o12"), members=clients(["u232"]))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(world.actions.create_group(world.backend, strangers))
    await made(world, "u232", owner=ClientId("o12"), create_missing=True)
    assert {"o12", "u232"} == set(await world.actions.find_users(world.backend, clients(["o12", "u232", "x"])))
    assert 2 == (await world.actions.find_group(world.backend, 2)).conversation.group_id


async def test_an_app_that_makes_no_users(world: World) -> None:
    """Knows whom it knows."""
    strict = Caller(with_settings(world.hall, create_users=False))
    assert FaultCode.UNKNOWN_CLIENT is await refusal(made(world, "zoe", caller=strict, create_missing=True))


async def test_the_banned_are_refused(world: World) -> None:
    """Made known or not."""
    await world.actions.ban(world.backend, BEN)
    assert FaultCode.BANNED is await refusal(made(world, "ben"))
    assert FaultCode.BANNED is await refusal(made(world, "ben", create_missing=True))


async def test_over_its_capacity_nothing_is_made(world: World) -> None:
    """Not even the people."""
    assert FaultCode.FULL is await refusal(made(world, "ben", "zoe", capacity=2, create_missing=True))
    assert {} == await world.actions.find_users(world.backend, clients(["zoe"]))
    assert [ADA, BEN] == list((await made(world, "ben", capacity=2)).members)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "123"},
        {"code": "123456789"},
        {"code": "12a4"},
        {"code": "１２３４"},
        {"capacity": 0},
        {"capacity": 10_001},
        {"organization_id": -1},
        {"organization_id": 1 << 53},
        {"conv_id": ConvId("")},
        {"conv_id": ConvId("a b")},
        {"conv_id": ConvId("é")},
        {"conv_id": ConvId("x" * 65)},
        {"name": "a\x00b"},
        {"description": "x" * 70_000},
    ],
)
async def test_what_cannot_be_kept_is_refused(world: World, wrong: dict[str, Any]) -> None:
    """And nothing is made."""
    assert FaultCode.BAD_FORMAT is await refusal(made(world, **wrong))
    assert await world.store.read.conversations.find_group(world.hall.app_id, 2) is None


async def test_everybody_is_told(world: World) -> None:
    """The members of a new group too, the owner among them, each of all that are in it."""
    world.told.events.clear()
    roster = await made(world, "ben")
    assert [("added_to_group", ["ada", "ben"])] == notices(world)
    (told,) = await said_to(world, "ben")
    assert {
        "sys_message_type": "added_to_group",
        "gid": 2,
        "uid": "ada",
        "username": "ada",
        "group_name": "666",
        "conversation_id": roster.conversation.conv_id,
        "member_client_ids": ["ada", "ben"],
        "text": "ada邀请ben加入了群聊「666」",
    } == told


async def test_a_group_without_notices_is_quiet(world: World) -> None:
    """Its people hear what members of conversations hear, and no more."""
    world.told.events.clear()
    await made(world, "ben", notices=False)
    assert [] == notices(world)


class TestAdopting:
    """A conversation that there is already becomes the group."""

    async def test_an_unknown_id_is_taken(self, world: World) -> None:
        """The conversation is made under it."""
        roster = await made(world, "ben", conv_id=ConvId("dasjfr4529sadfh"))
        assert "dasjfr4529sadfh" == roster.conversation.conv_id

    async def test_a_known_one_is_adopted(self, world: World) -> None:
        """It keeps its number, its history and its people; what is said about it is what was asked for."""
        await world.say("before")
        world.told.events.clear()
        roster = await made(world, "cy", conv_id=world.group, organization_id=3, capacity=5)
        group = roster.conversation
        assert (1, "666", 3, 5, True, 1) == (
            group.group_id,
            group.name,
            group.organization_id,
            group.capacity,
            group.notices,
            group.last_seq,
        )
        assert {ADA: OWNER, BEN: PLAIN, CY: PLAIN} == roster.members
        assert roster == await world.actions.find_group(world.backend, 1)
        assert 2 == (await world.say("after", "cy")).seq
        (updated,) = [event for event in world.told.events if isinstance(event, ConversationUpdated)]
        (joined,) = [event for event in world.told.events if isinstance(event, MembersJoined)]
        assert ([ADA, BEN], [CY]) == (list(updated.audience), list(joined.standings))
        assert [("added_to_group", ["ada", "ben", "cy"])] == notices(world)

    async def test_it_has_one_owner(self, world: World) -> None:
        """Who was is a member; what is at hand knows it at once."""
        await world.say("so that it is at hand")
        world.told.events.clear()
        roster = await made(world, owner=BEN, conv_id=world.group)
        assert {ADA: PLAIN, BEN: OWNER} == roster.members
        assert [{ADA: PLAIN, BEN: OWNER}] == [dict(event.standings) for event in world.told.of(StandingsChanged)]
        assert roster.members == (await world.actions.find_group(world.backend, 1)).members
        assert roster.members == await world.store.read.members.of(roster.conversation.id)
        assert FaultCode.NOT_PERMITTED is await refusal(world.actions.remove_members(world.ada, world.group, (BEN,)))

    async def test_what_is_not_said_stays(self, world: World) -> None:
        """Its own words and its capacity."""
        await made(world, conv_id=world.group, description="words", capacity=9)
        group = (await made(world, conv_id=world.group, name="")).conversation
        assert ("666", "words", 9) == (group.name, group.description, group.capacity)

    async def test_it_must_hold_its_people(self, world: World) -> None:
        """Those it has and those who come, or nothing changes."""
        assert FaultCode.FULL is await refusal(made(world, "cy", conv_id=world.group, capacity=2))
        assert (await world.actions.find_group(world.backend, 1)).conversation.capacity == 1_000

    async def test_only_groups_are_adopted(self, world: World) -> None:
        """Two people's own conversation stays theirs."""
        direct = await world.open(Kind.DIRECT, "ada", "ben")
        assert FaultCode.WRONG_KIND is await refusal(made(world, conv_id=direct.conv_id))

    async def test_by_who_manages_it(self, world: World) -> None:
        """Not by a member, not by a stranger; another app's is unknown, and so its id is free here."""
        mine = NewGroup(owner=BEN, conv_id=world.group)
        assert FaultCode.NOT_PERMITTED is await refusal(world.actions.create_group(world.ben, mine))
        theirs = NewGroup(owner=CY, conv_id=world.group)
        assert FaultCode.NOT_A_MEMBER is await refusal(world.actions.create_group(world.cy, theirs))
        dora = NewGroup(owner=ClientId("dora"), conv_id=world.group)
        assert 1 == (await world.actions.create_group(world.dora, dora)).conversation.group_id
        assert 1 == number(await made(world, conv_id=world.group, caller=world.ada))
