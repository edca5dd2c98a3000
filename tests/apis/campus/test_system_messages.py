"""What happens to a group, told to its people on the platform's socket."""

from typing import Any

from apis.campus.school import School, answer, told
from cast import Socket


async def everybody(school: School, *clients: str) -> list[Socket]:
    """Sockets of some clients."""
    return [await school.log_in(client) for client in clients]


def fields(what: str, number: int, uid: str, conv_id: str, *clients: str, name: str = "666") -> dict[str, Any]:
    """What a system message says of a group."""
    return {
        "sys_message_type": what,
        "gid": number,
        "uid": uid,
        "username": uid,
        "group_name": name,
        "conversation_id": conv_id,
        "member_client_ids": [*clients],
    }


async def test_a_new_group(school: School) -> None:
    """Every member is told, the admin too; nobody else."""
    admin, member, stranger = await everybody(school, "o12", "c1", "c9")
    number = await school.group("o12", "c1")
    conv_id = (await school.info(number))["conversation_id"]
    for socket in (admin, member):
        text, said = await told(socket)
        assert "o12邀请c1加入了群聊「666」" == text
        assert fields("added_to_group", number, "o12", conv_id, "o12", "c1") == said
    assert await stranger.nothing("msg.new")


async def test_members_come_and_go(school: School) -> None:
    """Those who were there, those who come, and those who went."""
    number = await school.group("o12", "c1")
    conv_id = (await school.info(number))["conversation_id"]
    admin, member, newcomer = await everybody(school, "o12", "c1", "c2")
    answer(await school.bare.post(f"/im/group/{number}/member", {"member_client_ids": "c1:c2"}), 201)
    for socket in (admin, member, newcomer):
        assert fields("added_to_group", number, "o12", conv_id, "c2") == (await told(socket))[1]
    assert 204 == (await (await school.token("o12")).delete(f"/im/group/{number}/member/c2")).status
    for socket in (admin, member, newcomer):
        text, said = await told(socket)
        assert "o12将c2移出了群聊「666」" == text
        assert fields("removed_from_group", number, "o12", conv_id, "c2") == said
    answer(await school.bare.put(f"/im/group/{number}", {"group_name": "X"}))
    assert await newcomer.nothing("msg.new")


async def test_nothing_happened(school: School) -> None:
    """Adding who is in, and what is refused, is told to nobody."""
    number = await school.group("o12", "c1", level=3)
    (admin,) = await everybody(school, "o12")
    answer(await school.bare.post(f"/im/group/{number}/member", {"member_client_ids": "c1"}), 201)
    assert 400 == (await school.bare.post(f"/im/group/{number}/member", {"member_client_ids": "c2:c3"})).status
    assert 400 == (await school.bare.delete(f"/im/group/{number}/member/c9")).status
    assert 400 == (await school.bare.put(f"/im/group/{number}", {"level": 1})).status
    assert await admin.nothing("msg.new")


async def test_a_group_is_changed_and_ends(school: School) -> None:
    """All who are in it are told, under its name as it is now."""
    number = await school.group("o12", "c1")
    conv_id = (await school.info(number))["conversation_id"]
    admin, member = await everybody(school, "o12", "c1")
    answer(await school.bare.put(f"/im/group/{number}", {"group_name": "X"}))
    for socket in (admin, member):
        assert fields("group_info_been_modified", number, "o12", conv_id, name="X") == (await told(socket))[1]
    assert 204 == (await school.bare.delete(f"/im/user/o12/group/{number}")).status
    for socket in (admin, member):
        text, said = await told(socket)
        assert "o12解散了群聊「X」" == text
        assert fields("group_been_dismissed", number, "o12", conv_id, name="X") == said


async def test_somebody_asks_to_be_let_in(school: School) -> None:
    """The admins are told, once."""
    number = await school.group("o12", "c1")
    conv_id = (await school.info(number))["conversation_id"]
    admin, member = await everybody(school, "o12", "c1")
    for _ in range(2):
        answer(await school.bare.post(f"/im/user/c2/group/{number}/join_group_notification"), 201)
    text, said = await told(admin)
    assert "c2申请加入群聊「666」" == text
    assert fields("user_join_group_apply", number, "c2", conv_id, "c2") == said
    assert await admin.nothing("msg.new")
    assert await member.nothing("msg.new")


async def test_what_happens_through_another_door(school: School) -> None:
    """Is told all the same: members come by the platform, and one of them leaves."""
    number = await school.group("o12", "c1")
    conv_id = (await school.info(number))["conversation_id"]
    (admin,) = await everybody(school, "o12")
    await school.profile("c2")
    path = f"/im/conversations/{conv_id}/members"
    assert 0 == (await school.backend.post(path, {"client_ids": ["c2"]})).code
    assert "added_to_group" == (await told(admin))[1]["sys_message_type"]
    own = await school.token("c2")
    assert 0 == (await own.delete(path, {"client_ids": ["c2"]})).code
    text, said = await told(admin)
    assert "c2退出了群聊「666」" == text
    assert fields("removed_from_group", number, "c2", conv_id, "c2") == said


async def test_who_was_away_finds_them_on_return(school: School) -> None:
    """In the one system conversation, as unread; never in the group's."""
    number = await school.group("o12", "c1")
    answer(await school.bare.put(f"/im/group/{number}", {"group_name": "X"}))
    conv_id = (await school.info(number))["conversation_id"]
    (member,) = await everybody(school, "c1")
    rows = (await member.request("sync", {"since": 0}))["data"]["conversations"]
    (system,) = [row for row in rows if row["conv_id"] != conv_id]
    assert 2 == system["unread"]
    listed = (await member.request("msg.list", {"conv_id": system["conv_id"]}))["data"]["messages"]
    assert 2 == len(listed)
    assert [] == (await member.request("msg.list", {"conv_id": conv_id}))["data"]["messages"]


async def test_no_list_shows_the_system_conversation(school: School) -> None:
    """Not the platform's, not this one's."""
    number = await school.group("o12", "c1")
    conv_id = (await school.info(number))["conversation_id"]
    listed = (await school.backend.get("/im/conversations", params={"where": "[]"})).data["data"]
    assert [conv_id] == [row["conv_id"] for row in listed]
    assert [number] == [row["id"] for row in answer(await school.bare.get("/im/groups"))["data"]]
