"""The platform's app and the school's, on one server: what the one does, the other sees."""

from cast import Town
from plays.faces import Campus, Platform, notice


async def test_a_group_of_the_schools(town: Town) -> None:
    """Is a conversation of the platform's: found, written to, and told on the socket."""
    platform, campus = Platform(town), Campus(town)
    made = await campus.group(town.ada, town.ben)
    (found,) = await platform.found(made["conversation_id"])
    assert (3, 2, "ada") == (found.kind, found.size, found.creator)
    socket = await town.log_in(town.ben)
    msg_id = await platform.send(town.ada, made["conversation_id"], "hello")
    told = (await socket.next("msg.new"))["data"]
    assert (msg_id, made["conversation_id"], "hello") == (told["msg_id"], told["conv_id"], told["text"])
    assert [(msg_id, "hello")] == await platform.texts(made["conversation_id"])


async def test_notices_stay_out_of_the_group(town: Town) -> None:
    """A new group is told its members; who was away finds it on coming back, and no list of conversations shows it."""
    platform, campus = Platform(town), Campus(town)
    online = await town.log_in(town.ben)
    made = await campus.group(town.ada, town.ben)
    told = await notice(online, "added_to_group")
    assert (made["group_id"], made["conversation_id"]) == (told["gid"], told["conversation_id"])
    late = await town.log_in(town.ada)
    synced = (await late.request("sync", {"since": 0}))["data"]["conversations"]
    (system,) = [row for row in synced if row["conv_type"] == 5]
    assert 1 == system["unread"]
    assert [] == await platform.texts(made["conversation_id"])
    mine = (await town.ada.rest.get("/im/conversations", {"where": []})).data["data"]
    assert {town.group, made["conversation_id"]} == {row["conv_id"] for row in mine}


async def test_members_who_come_and_go_on_the_platform(town: Town) -> None:
    """Are the group's members in the school, and its people are told."""
    platform, campus = Platform(town), Campus(town)
    made = await campus.group(town.ada)
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    path = f"/im/conversations/{made['conversation_id']}/members"
    assert (await town.ada.rest.post(path, {"client_ids": ["ben"]})).data
    for socket in (ada, ben):
        assert ["ben"] == (await notice(socket, "added_to_group"))["member_client_ids"]
    assert {"ada", "ben"} == await campus.members(made["group_id"])
    assert (await town.ben.rest.delete(path, {"client_ids": ["ben"]})).data
    for socket in (ada, ben):
        assert ["ben"] == (await notice(socket, "removed_from_group"))["member_client_ids"]
    assert {"ada"} == await campus.members(made["group_id"])
    assert ["ada"] == await platform.members(made["conversation_id"])


async def test_a_group_deleted_on_the_platform(town: Town) -> None:
    """Is unknown to the school, and its people are told."""
    campus = Campus(town)
    made = await campus.group(town.ada, town.ben)
    socket = await town.log_in(town.ben)
    assert (await town.backend.delete(f"/im/conversations/{made['conversation_id']}")).data
    assert made["group_id"] == (await notice(socket, "group_been_dismissed"))["gid"]
    assert (404, 7003) == await campus.refusal(made["group_id"])
    assert {} == {number: name for number, name in (await campus.groups(town.ben)).items() if name}


async def test_a_group_dissolved_in_the_school(town: Town) -> None:
    """Is unknown on the platform, whose sockets hear of it as of any other."""
    campus = Campus(town)
    made = await campus.group(town.ada, town.ben)
    socket = await town.log_in(town.ben)
    assert 204 == (await town.backend.delete(f"/im/user/ada/group/{made['group_id']}")).status
    assert made["conversation_id"] == (await socket.next("conv.deleted"))["data"]["conv_id"]
    assert 4011 == (await town.backend.get(f"/im/conversations/{made['conversation_id']}/members")).code


async def test_a_conversation_of_the_platforms_is_adopted(town: Town) -> None:
    """It had a number all along, keeps its history, and its members are told from now on."""
    platform, campus = Platform(town), Campus(town)
    msg_id = await platform.send(town.ada, town.group, "before")
    socket = await town.log_in(town.ben)
    made = await campus.group(town.ada, town.cy, conversation_id=town.group, group_name="三班")
    assert town.group == made["conversation_id"]
    assert made["group_id"] == (await notice(socket, "added_to_group"))["gid"]
    assert {"ada", "ben", "cy"} == await campus.members(made["group_id"])
    assert [(msg_id, "before")] == await platform.texts(town.group)


async def test_a_name_changed_in_the_school(town: Town) -> None:
    """Is told on the platform's socket as a change of the conversation, and as a notice."""
    campus = Campus(town)
    made = await campus.group(town.ada, town.ben)
    socket = await town.log_in(town.ben)
    assert 200 == (await town.backend.put(f"/im/group/{made['group_id']}", {"group_name": "四班"})).status
    assert made["conversation_id"] == (await socket.next("conv.updated"))["data"]["conv_id"]
    assert "四班" == (await notice(socket, "group_info_been_modified"))["group_name"]
