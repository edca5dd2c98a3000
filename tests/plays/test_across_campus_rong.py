"""The school's app and the mobile app, on one server: what the one does, the other sees."""

from cast import Town
from plays.faces import Campus, Clinic, Platform, Rong, notice, uid


async def test_a_group_of_the_schools_is_left_in_the_mobile_app(town: Town) -> None:
    """It has the same number there; who quits is out everywhere, and the school's people are told."""
    campus, rong = Campus(town), Rong()
    made = await campus.group(town.ada, town.ben)
    number, conv_id = made["group_id"], made["conversation_id"]
    assert "三班" == (await rong.groups(town.ben))[number]
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    reply = await rong.quit(town.ben, number)
    assert (200, {"detail": "操作成功"}) == (reply.status, reply.body)
    for socket in (ada, ben):
        told = await notice(socket, "removed_from_group")
        assert (number, "ben", ["ben"]) == (told["gid"], told["uid"], told["member_client_ids"])
    assert conv_id == (await ben.next("conv.left"))["data"]["conv_id"]
    assert {"ada"} == await campus.members(number)
    assert ["ada"] == await Platform(town).members(conv_id) == await Clinic(town).members(conv_id)
    assert {} == {one: name for one, name in (await campus.groups(town.ben)).items() if one == number}


async def test_its_owner_stays_wherever_it_is_asked_to_go(town: Town) -> None:
    """Neither quits it in the mobile app, nor is removed in the school."""
    campus, rong = Campus(town), Rong()
    made = await campus.group(town.ada, town.ben)
    assert 400 == (await rong.quit(town.ada, made["group_id"])).status
    removed = await town.backend.delete(f"/im/group/{made['group_id']}/member/ada")
    assert (400, 7005) == (removed.status, removed.body["code"])
    assert {"ada", "ben"} == await campus.members(made["group_id"])


async def test_somebody_is_pulled_into_a_group_of_the_schools(town: Town) -> None:
    """By number in the mobile app: the school's people are told, and a stranger pulls in nobody."""
    campus, rong = Campus(town), Rong()
    made = await campus.group(town.ada)
    number = made["group_id"]
    cy = await uid(town, town.cy)
    assert 403 == (await rong.join(town.ben, number, cy)).status
    socket = await town.log_in(town.cy)
    assert 200 == (await rong.join(town.ada, number, cy)).status
    assert ["cy"] == (await notice(socket, "added_to_group"))["member_client_ids"]
    assert {"ada", "cy"} == await campus.members(number)


async def test_a_group_of_the_schools_is_dismissed_in_the_mobile_app(town: Town) -> None:
    """By its admin, who is its owner there; its people are told, and it is unknown to both."""
    campus, rong = Campus(town), Rong()
    made = await campus.group(town.ada, town.ben)
    socket = await town.log_in(town.ben)
    assert 403 == (await rong.dismiss(town.ben, made["group_id"])).status
    assert 200 == (await rong.dismiss(town.ada, made["group_id"])).status
    assert made["group_id"] == (await notice(socket, "group_been_dismissed"))["gid"]
    assert (404, 7003) == await campus.refusal(made["group_id"])
    assert 404 == (await town.ada.rest.get(f"/api/im/retrieve/{made['group_id']}/")).status


async def test_a_group_of_the_mobile_apps_in_the_school(town: Town) -> None:
    """Is shown, renamed and filled there; the next group in either takes the next number."""
    campus, rong = Campus(town), Rong()
    made = await rong.group(town.ada)
    assert "zhang111" == (await campus.info(made["id"]))["group_name"]
    assert 200 == (await town.backend.put(f"/im/group/{made['id']}", {"group_name": "四班"})).status
    added = await town.backend.post(f"/im/group/{made['id']}/member", {"member_client_ids": "ben"})
    assert 201 == added.status
    assert "四班" == (await rong.groups(town.ben))[made["id"]]
    assert made["id"] + 1 == (await campus.group(town.ada))["group_id"]
    assert made["id"] + 2 == (await rong.group(town.ada))["id"]
