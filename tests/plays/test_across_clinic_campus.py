"""The hospital's app and the school's, on one server: what the one does, the other sees."""

from cast import Town
from plays.faces import Campus, Clinic, Platform, notice


async def test_a_group_of_the_schools(town: Town) -> None:
    """Is in the clinic's list, and what is said there is told on the socket and listed everywhere."""
    clinic, campus = Clinic(town), Campus(town)
    made = await campus.group(town.ada, town.ben)
    conv_id = made["conversation_id"]
    row = (await clinic.conversations(town.ben))[conv_id]
    assert (1, ["ada", "ben"], "", 0) == (row["conv_type"], row["conv_users"], row["last_msg"], row["unread_count"])
    socket = await town.log_in(town.ben)
    sent = await clinic.send(town.ada, "hello", conv_id=conv_id)
    assert sent["msg_id"] == (await socket.next("msg.new"))["data"]["msg_id"]
    assert [(sent["msg_id"], "hello")] == await clinic.texts(conv_id) == await Platform(town).texts(conv_id)
    assert 1 == (await clinic.conversations(town.ben))[conv_id]["unread_count"]


async def test_notices_are_in_no_list(town: Town) -> None:
    """What the school's app tells its people is no conversation of theirs, and nobody writes there or reads it here."""
    clinic, campus = Clinic(town), Campus(town)
    made = await campus.group(town.ada, town.ben)
    assert {town.group, made["conversation_id"]} == {*await clinic.conversations(town.ben)}
    socket = await town.log_in(town.ben)
    synced = (await socket.request("sync", {"since": 0}))["data"]["conversations"]
    (system,) = [row["conv_id"] for row in synced if row["conv_type"] == 5]
    for path, body in (
        (f"/im/conv/{system}", {"from_id": "ben"}),
        ("/im/send/msg", {"from_id": "ben", "conv_id": system, "msg": "x"}),
    ):
        reply = await town.backend.post(path, body)
        assert (404, 40401) == (reply.status, reply.body["code"])


async def test_a_group_of_the_clinics(town: Town) -> None:
    """Has the same number and name in the school, where members come and go."""
    clinic, campus = Clinic(town), Campus(town)
    made = await clinic.group(town.ada, town.ben, name="内科")
    assert "内科" == (await campus.groups(town.ben))[made["group_id"]]
    info = await campus.info(made["group_id"])
    assert (made["conv_id"], "内科", 1000) == (info["conversation_id"], info["group_name"], info["level"])
    added = await town.backend.post(f"/im/group/{made['group_id']}/member", {"member_client_ids": "cy:new"})
    assert 201 == added.status
    assert ["ada", "ben", "cy", "new"] == await clinic.members(made["conv_id"])
    assert 204 == (await town.backend.delete(f"/im/group/{made['group_id']}/member/ben")).status
    assert made["conv_id"] not in await clinic.conversations(town.ben)


async def test_members_added_in_the_clinic(town: Town) -> None:
    """Are the school's group's too, and its people are told; over its capacity nobody is."""
    clinic, campus = Clinic(town), Campus(town)
    made = await campus.group(town.ada, level=2)
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    add = {"conv_id": made["conversation_id"], "member": ["ben"]}
    await clinic.call("/im/add/group/merber", add)
    for socket in (ada, ben):
        told = await notice(socket, "added_to_group")
        assert (made["group_id"], ["ben"]) == (told["gid"], told["member_client_ids"])
    assert {"ada", "ben"} == await campus.members(made["group_id"])
    full = await town.backend.post("/im/add/group/merber", {**add, "member": ["cy"]})
    assert (400, 40005) == (full.status, full.body["code"])


async def test_one_who_asked_is_let_in_by_the_clinic(town: Town) -> None:
    """Which settles the request: asking again is pointless for who is in."""
    clinic, campus = Clinic(town), Campus(town)
    made = await campus.group(town.ada)
    socket = await town.log_in(town.ada)
    path = f"/im/user/cy/group/{made['group_id']}/join_group_notification"
    assert 201 == (await town.backend.post(path, {})).status
    assert "cy" == (await notice(socket, "user_join_group_apply"))["uid"]
    await clinic.call("/im/add/group/merber", {"conv_id": made["conversation_id"], "member": ["cy"]})
    again = await town.backend.post(path, {})
    assert (400, 7009) == (again.status, again.body["code"])


async def test_a_group_dissolved_in_the_school(town: Town) -> None:
    """Is unknown in the clinic."""
    clinic, campus = Clinic(town), Campus(town)
    made = await clinic.group(town.ada, town.ben)
    assert 204 == (await town.backend.delete(f"/im/group/{made['group_id']}")).status
    assert made["conv_id"] not in await clinic.conversations(town.ben)
    for path, body in (
        (f"/im/conv/{made['conv_id']}", {}),
        (f"/im/group/{made['conv_id']}/list", {}),
        ("/im/send/msg", {"from_id": "ada", "conv_id": made["conv_id"], "msg": "x"}),
    ):
        reply = await town.backend.post(path, body)
        assert (404, 40401) == (reply.status, reply.body["code"])
    assert (404, 7003) == await campus.refusal(made["group_id"])
