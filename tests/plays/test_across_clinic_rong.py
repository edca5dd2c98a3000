"""The hospital's app and the mobile app, on one server: what the one does, the other sees."""

from cast import Town
from plays.faces import Clinic, Rong, done, uid


async def test_a_group_of_the_clinics(town: Town) -> None:
    """Has the same number and name in the mobile app, where its members pull in others and leave."""
    clinic, rong = Clinic(town), Rong()
    made = await clinic.group(town.ada, town.ben, name="内科")
    assert "内科" == (await rong.groups(town.ben))[made["group_id"]]
    assert ["ada", "ben"] == await rong.members(town.ada, made["group_id"])
    assert 200 == (await rong.join(town.ben, made["group_id"], await uid(town, town.cy))).status
    assert ["ada", "ben", "cy"] == await clinic.members(made["conv_id"])
    assert made["conv_id"] in await clinic.conversations(town.cy)
    assert 200 == (await rong.quit(town.ben, made["group_id"])).status
    assert ["ada", "cy"] == await clinic.members(made["conv_id"])
    assert made["conv_id"] not in await clinic.conversations(town.ben)


async def test_a_group_of_the_mobile_apps(town: Town) -> None:
    """Is in the clinic's list, is written to, and its people hear it on the socket."""
    clinic, rong = Clinic(town), Rong()
    made = await rong.group(town.ada, code="1234")
    assert 200 == (await town.ben.rest.post(f"/api/im/group/{made['id']}/invite/", {"code": "1234"})).status
    (conv_id,) = {*await clinic.conversations(town.ben)} - {town.group}
    assert ["ada", "ben"] == (await clinic.conversations(town.ben))[conv_id]["conv_users"]
    socket = await town.log_in(town.ben)
    sent = await clinic.send(town.ada, "hello", conv_id=conv_id)
    assert sent["msg_id"] == (await socket.next("msg.new"))["data"]["msg_id"]
    assert {conv_id: 1, town.group: 0} == {
        name: row["unread_count"] for name, row in (await clinic.conversations(town.ben)).items()
    }


async def test_members_added_in_the_clinic(town: Town) -> None:
    """Have the group in the mobile app, newcomers with a number of their own."""
    clinic, rong = Clinic(town), Rong()
    made = await rong.group(town.ada)
    (conv_id,) = {*await clinic.conversations(town.ada)} - {town.group}
    await clinic.call("/im/add/group/merber", {"conv_id": conv_id, "member": ["cy", "CKD_P_903000000000001"]})
    assert {"ada", "cy", "CKD_P_903000000000001"} == {*await rong.members(town.cy, made["id"])}
    rows = done(await town.cy.rest.get(f"/api/im/group/{made['id']}/users/"))["results"]
    assert 3 == len({row["id"] for row in rows})


async def test_dismissed_in_the_mobile_app(town: Town) -> None:
    """Is unknown in the clinic."""
    clinic, rong = Clinic(town), Rong()
    made = await clinic.group(town.ada, town.ben)
    assert 200 == (await rong.dismiss(town.ada, made["group_id"])).status
    assert made["conv_id"] not in await clinic.conversations(town.ben)
    reply = await town.backend.post("/im/send/msg", {"from_id": "ada", "conv_id": made["conv_id"], "msg": "x"})
    assert (404, 40401) == (reply.status, reply.body["code"])


async def test_one_token_for_both(town: Town) -> None:
    """The mobile app's key speaks for its client in the clinic, and for nobody else."""
    key = done(await town.ada.rest.get("/api/im/token/"))["key"]
    ada = town.bare.showing(Authorization=f"Token {key}")
    assert [town.group] == [row["conv_id"] for row in done(await ada.post("/im/conv/list", {"from_id": "ada"}))]
    refused = await ada.post("/im/conv/list", {"from_id": "ben"})
    assert (403, 40301) == (refused.status, refused.body["code"])
