"""The platform's app and the mobile app, on one server: what the one does, the other sees."""

from cast import Town
from plays.faces import Platform, Rong, done, uid


async def test_the_key_opens_the_socket(town: Town) -> None:
    """What the mobile app gets to connect with is a client token for the platform's socket."""
    key = done(await town.ada.rest.get("/api/im/token/"))["key"]
    socket = await town.connect()
    await socket.send("login", {"app_id": "hall", "client_id": "ada", "device_id": "phone", "token": key})
    assert (await socket.next("login.success"))["data"]["time"]
    sent = await socket.request("msg.send", {"conv_id": town.group, "type": -1, "text": "hello"})
    assert [(sent["data"]["msg_id"], "hello")] == await Platform(town).texts(town.group)


async def test_a_group_of_the_mobile_apps(town: Town) -> None:
    """Is a conversation of the platform's, in which its members talk."""
    platform, rong = Platform(town), Rong()
    ben = await town.log_in(town.ben)
    made = await rong.group(town.ada)
    (conv_id,) = {row["conv_id"] for row in await _own(town)} - {town.group}
    assert 200 == (await rong.join(town.ada, made["id"], await uid(town, town.ben))).status
    assert conv_id == (await ben.next("conv.joined"))["data"]["conv_id"]
    msg_id = await platform.send(town.ada, conv_id, "hello")
    assert msg_id == (await ben.next("msg.new"))["data"]["msg_id"]
    assert ["ada", "ben"] == await platform.members(conv_id)


async def test_a_group_of_the_platforms(town: Town) -> None:
    """Has a number in the mobile app; who quits there is out here, and everybody hears of it."""
    platform, rong = Platform(town), Rong()
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    (number,) = await rong.groups(town.ben)
    assert ["ada", "ben"] == await rong.members(town.ben, number)
    assert {"detail": "操作成功"} == done(await rong.quit(town.ben, number))
    assert town.group == (await ben.next("conv.left"))["data"]["conv_id"]
    assert ["ben"] == (await ada.next("conv.members_left"))["data"]["client_ids"]
    assert ["ada"] == await platform.members(town.group)
    assert {} == await rong.groups(town.ben)


async def test_dismissed_in_the_mobile_app(town: Town) -> None:
    """Is unknown on the platform."""
    rong = Rong()
    socket = await town.log_in(town.ben)
    (number,) = await rong.groups(town.ada)
    assert 403 == (await rong.dismiss(town.ben, number)).status
    assert 200 == (await rong.dismiss(town.ada, number)).status
    assert town.group == (await socket.next("conv.deleted"))["data"]["conv_id"]
    assert 4011 == (await town.backend.get(f"/im/conversations/{town.group}/message")).code


async def test_one_set_of_people(town: Town) -> None:
    """Numbered on the platform, they are pulled in by their numbers; banned there, they are refused here."""
    rong = Rong()
    (number,) = await rong.groups(town.ada)
    assert 0 == (await town.backend.put("/im/users/cy", {"nickname": "西"})).code
    assert 200 == (await rong.join(town.ada, number, await uid(town, town.cy))).status
    rows = done(await town.ada.rest.get(f"/api/im/group/{number}/users/"))["results"]
    assert "西" in {row["nick"] for row in rows}
    assert 0 == (await town.backend.post("/im/users/cy/ban")).code
    assert 403 == (await rong.quit(town.cy, number)).status


async def _own(town: Town) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = (await town.ada.rest.get("/im/conversations", {"where": []})).data["data"]
    return rows
