"""The platform's app and the hospital's, on one server: what the one does, the other sees."""

from cast import Town
from plays.faces import Clinic, Platform, done


async def test_one_message_everywhere(town: Town) -> None:
    """Sent in either dialect or on the socket: stored once, under one id, listed in both, told on the socket."""
    platform, clinic = Platform(town), Clinic(town)
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    first = await platform.send(town.ada, town.group, "over the platform")
    second = (await clinic.send(town.ada, "over the clinic", conv_id=town.group))["msg_id"]
    sent = await ada.request("msg.send", {"conv_id": town.group, "type": -1, "text": "over the socket"})
    expected = [
        (sent["data"]["msg_id"], "over the socket"),
        (second, "over the clinic"),
        (first, "over the platform"),
    ]
    assert expected == await platform.texts(town.group) == await clinic.texts(town.group)
    told = [(await ben.next("msg.new"))["data"] for _ in expected]
    assert expected[::-1] == [(one["msg_id"], one["text"]) for one in told]
    assert [1, 2, 3] == [one["seq"] for one in told]


async def test_one_direct_conversation(town: Town) -> None:
    """Whoever starts it, and wherever."""
    platform, clinic = Platform(town), Clinic(town)
    started = (await clinic.send(town.ben, "hello", to_id="ada"))["conv_id"]
    socket = await town.log_in(town.ada)
    sent = await socket.request("msg.send", {"to_client_id": "ben", "type": -1, "text": "and you"})
    assert {started} == {
        sent["data"]["conv_id"],
        await platform.direct(town.ada, town.ben),
        await platform.direct(town.ben, town.ada),
        (await clinic.send(town.ada, "once more", to_id="ben"))["conv_id"],
    }
    (found,) = await platform.found(started)
    assert (1, 2) == (found.kind, found.size)


async def test_unread_falls_everywhere(town: Town) -> None:
    """Read on the socket, it is read in the clinic; read in the clinic, it is read on the socket."""
    platform, clinic = Platform(town), Clinic(town)
    phone, tablet = await town.log_in(town.ben), await town.log_in(town.ben, "tablet")
    for number in range(3):
        await platform.send(town.ada, town.group, f"m{number}")
    assert 3 == (await clinic.conversations(town.ben))[town.group]["unread_count"]
    await phone.send("msg.read", {"conv_id": town.group, "seq": 2})
    assert 2 == (await tablet.next("msg.read"))["data"]["seq"]
    assert 1 == (await clinic.conversations(town.ben))[town.group]["unread_count"]
    await clinic.call(f"/im/conv/{town.group}", {"from_id": "ben"})
    assert 3 == (await phone.next("msg.read"))["data"]["seq"]
    synced = (await phone.request("sync", {"since": 0}))["data"]["conversations"]
    assert {town.group: 0} == {row["conv_id"]: row["unread"] for row in synced}


async def test_a_group_of_the_clinics(town: Town) -> None:
    """Is a group of the platform's: found, joined and left there."""
    platform, clinic = Platform(town), Clinic(town)
    socket = await town.log_in(town.cy)
    made = await clinic.group(town.ada, town.ben)
    (found,) = await platform.found(made["conv_id"])
    assert (3, 2, "ada") == (found.kind, found.size, found.creator)
    path = f"/im/conversations/{made['conv_id']}/members"
    assert (await town.ada.rest.post(path, {"client_ids": ["cy"]})).data
    assert made["conv_id"] == (await socket.next("conv.joined"))["data"]["conv_id"]
    assert ["ada", "ben", "cy"] == await clinic.members(made["conv_id"])
    assert (await town.cy.rest.delete(path, {"client_ids": ["cy"]})).data
    assert ["ada", "ben"] == await clinic.members(made["conv_id"]) == await platform.members(made["conv_id"])
    assert made["conv_id"] not in await clinic.conversations(town.cy)


async def test_a_group_of_the_platforms(town: Town) -> None:
    """Is a group of the clinic's: written to, grown, and gone when it is deleted."""
    platform, clinic = Platform(town), Clinic(town)
    conv_id = await platform.group(town.ada, town.ben)
    socket = await town.log_in(town.ben)
    assert 1 == (await clinic.conversations(town.ben))[conv_id]["conv_type"]
    await clinic.call("/im/add/group/merber", {"conv_id": conv_id, "member": ["cy", "new"]})
    assert ["cy", "new"] == (await socket.next("conv.members_joined"))["data"]["client_ids"]
    assert ["ada", "ben", "cy", "new"] == await platform.members(conv_id)
    assert "new" == (await town.backend.get("/im/users/new")).data["client_id"]
    assert (await town.backend.delete(f"/im/conversations/{conv_id}")).data
    assert conv_id not in await clinic.conversations(town.ben)
    gone = await town.backend.post(f"/im/conv/{conv_id}", {})
    assert (404, 40401) == (gone.status, gone.body["code"])


async def test_one_set_of_people(town: Town) -> None:
    """Registered on the platform they have names in the clinic; banned there, they are refused here."""
    clinic = Clinic(town)
    assert 0 == (await town.backend.put("/im/users/ada", {"nickname": "阿达", "avatar": "http://xxx.png"})).code
    sent = await clinic.send(town.ada, "hello", to_id="ben")
    assert {"id": "ada", "type": "", "img": "http://xxx.png", "name": "阿达"} == sent["user"]
    assert 0 == (await town.backend.post("/im/users/ada/ban")).code
    refused = await town.backend.post("/im/send/msg", {"from_id": "ada", "to_id": "ben", "msg": "x"})
    assert (403, 40302) == (refused.status, refused.body["code"])


async def test_two_apps_do_not_meet(town: Town) -> None:
    """The same names elsewhere are other people, and another app's conversation is none, in either dialect."""
    platform, clinic = Platform(town), Clinic(town)
    conv_id = (await clinic.send(town.ada, "hello", to_id="ben"))["conv_id"]
    elsewhere = done(await town.stranger.post("/im/conv/list", {"from_id": "ada"}))
    assert [] == elsewhere
    refused = await town.stranger.post(f"/im/conv/{conv_id}", {})
    assert (404, 40401) == (refused.status, refused.body["code"])
    assert 4011 == (await town.stranger.get(f"/im/conversations/{conv_id}/message")).code
    assert 1 == len(await platform.texts(conv_id))
