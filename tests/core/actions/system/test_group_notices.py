"""What happens to a group that wants it told, through whatever call."""

from core.actions.groups.grouping import BEN, CY, made, notices, said_to
from core.world import World
from parlance.core.model.search import Condition, Field, Op
from parlance.core.model.user import Profile
from parlance.kernel.ids import ClientId, ConvId
from realtime.parts import clients


async def _group(world: World, *members: str) -> ConvId:
    conv_id = (await made(world, *members)).conversation.conv_id
    world.told.events.clear()
    return conv_id


async def test_an_invitation(world: World) -> None:
    """As members of any conversation invite."""
    conv_id = await _group(world, "ben")
    await world.actions.invite(world.ben, conv_id, (CY,))
    assert [("added_to_group", ["ada", "ben", "cy"])] == notices(world)


async def test_a_removal(world: World) -> None:
    """Who went is told as well."""
    conv_id = await _group(world, "ben", "cy")
    await world.actions.remove_members(world.ada, conv_id, (CY,))
    assert [("removed_from_group", ["ada", "ben", "cy"])] == notices(world)


async def test_a_change(world: World) -> None:
    """Of the extension, as the platform has it."""
    conv_id = await _group(world, "ben")
    await world.actions.update_conversations(world.ada, [Condition(Field.CONV_ID, Op.EQUAL, (conv_id,))], "{}")
    assert [("group_info_been_modified", ["ada", "ben"])] == notices(world)


async def test_an_end(world: World) -> None:
    """By its creator."""
    conv_id = await _group(world, "ben")
    await world.actions.delete_conversation(world.ada, conv_id)
    assert [("group_been_dismissed", ["ada", "ben"])] == notices(world)


async def test_other_conversations_are_quiet(world: World) -> None:
    """Who did not ask for notices gets none."""
    world.told.events.clear()
    await world.actions.invite(world.ada, world.group, (CY,))
    await world.actions.remove_members(world.ada, world.group, (CY,))
    await world.actions.delete_conversation(world.ada, world.group)
    assert [] == notices(world)


async def test_nothing_done_is_nothing_told(world: World) -> None:
    """Who is in, and who is not in, are passed over."""
    conv_id = await _group(world, "ben")
    await world.actions.invite(world.ada, conv_id, (BEN,))
    await world.actions.remove_members(world.ada, conv_id, (CY,))
    assert [] == notices(world)


async def test_people_are_called_by_their_names(world: World) -> None:
    """A nickname, else the id; the first three, and how many they are."""
    await world.actions.update_profile(world.ben, BEN, Profile(nickname="小本"))
    conv_id = await _group(world)
    await world.actions.invite(world.backend, conv_id, (BEN, CY))
    assert "ada邀请小本、cy加入了群聊「666」" == (await said_to(world, "ada"))[0]["text"]
    many = await world.know("u1", "u2", "u3", "u4")
    await world.actions.invite(world.ben, conv_id, many)
    told = (await said_to(world, "u4"))[0]
    assert ("小本邀请u1、u2、u3等4人加入了群聊「666」", ["u1", "u2", "u3", "u4"], "小本") == (
        told["text"],
        told["member_client_ids"],
        told["username"],
    )


async def test_who_acts_is_not_named_twice(world: World) -> None:
    """Neither in a new group nor when leaving with others."""
    await made(world, "ben", "cy", name="")
    assert "ada邀请ben、cy加入了群聊" == (await said_to(world, "cy"))[0]["text"]
    await made(world)
    assert "ada加入了群聊「666」" == (await said_to(world, "ada"))[0]["text"]


async def test_long_names_are_cut_in_the_text(world: World) -> None:
    """The fields have all of it."""
    await made(world, name="长" * 60)
    told = (await said_to(world, "ada"))[0]
    assert (f"ada加入了群聊「{'长' * 49}…」", "长" * 60) == (told["text"], told["group_name"])


async def test_a_backend_acts_for_who_is_in_charge(world: World) -> None:
    """Where it does not say on whose behalf it acts."""
    conv_id = await _group(world, "ben")
    await world.actions.remove_members(world.backend, conv_id, clients(["ada"]))
    await world.actions.invite(world.backend, conv_id, (ClientId("cy"),))
    assert ["ada", "ada"] == [told["uid"] for told in (await said_to(world, "ben"))[:2]]
