"""`msg.recall`: taking a message back (wire: platform#msg-recall)."""

from typing import Any

from cast import Socket, Town
from gateway.watch import quiet, refusal, refused
from parlance.core.model.app import AppSettings, Policy


async def recall(socket: Socket, town: Town, msg_id: str) -> dict[str, Any]:
    """Ask for it; the answer."""
    return await socket.request("msg.recall", {"conv_id": town.group, "msg_id": msg_id})


async def test_everybody_is_told(town: Town) -> None:
    """Who recalls has an answer; members and the sender's other devices are told the same."""
    phone, laptop = await town.log_in(town.ada), await town.log_in(town.ada, "laptop")
    ben, cy = await town.log_in(town.ben), await town.log_in(town.cy)
    msg_id = await town.say("oh no")
    assert msg_id == (await ben.next("msg.new"))["data"]["msg_id"]
    answer = await recall(phone, town, msg_id)
    assert ("msg.recalled", "success") == (answer["type"], answer["msg"])
    answer["data"].pop("ref")
    assert {"conv_id", "msg_id", "seq", "by", "time"} == answer["data"].keys()
    assert (town.group, msg_id, 1, "ada") == tuple(answer["data"][name] for name in ("conv_id", "msg_id", "seq", "by"))
    for socket in (laptop, ben):
        assert {"type": "msg.recalled", "data": answer["data"]} == await socket.next("msg.recalled")
    assert await quiet(phone, cy)


async def test_the_place_stays_and_the_words_are_gone(town: Town) -> None:
    """A recalled message keeps its `seq`, so unread counts do not jump; its content is empty."""
    await town.say("before")
    msg_id = await town.say("secret")
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    time = (await recall(ada, town, msg_id))["data"]["time"]
    rows = (await ben.request("msg.list", {"conv_id": town.group}))["data"]["messages"]
    assert [1, 2] == [row["seq"] for row in rows]
    assert (3, time, "null", "null") == tuple(rows[1][name] for name in ("msg_status", "mtime", "attr", "url"))
    assert "secret" not in str(rows)
    [conversation] = (await ben.request("sync"))["data"]["conversations"]
    assert (2, 3) == (conversation["unread"], conversation["last_message"]["msg_status"])


async def test_twice_is_the_same(town: Town) -> None:
    """Recalling again is answered as the first time, and nobody is told again."""
    msg_id = await town.say("oh no")
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    first, again = await recall(ada, town, msg_id), await recall(ada, town, msg_id)
    assert first["data"]["time"] == again["data"]["time"]
    await ben.next("msg.recalled")
    assert await quiet(ada, ben)


async def test_the_owner_may_recall_others(town: Town) -> None:
    """Ada owns the group: she takes back what Ben said. `by` names who did it."""
    msg_id = await town.say("rude", sender="ben")
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    assert "ada" == (await recall(ada, town, msg_id))["data"]["by"]
    assert "ada" == (await ben.next("msg.recalled"))["data"]["by"]


async def test_others_may_not(town: Town) -> None:
    """A plain member recalls its own only; a stranger is none; another app's message is unknown."""
    msg_id = await town.say("mine")
    ben, cy, dora = await town.log_in(town.ben), await town.log_in(town.cy), await town.log_in(town.dora)
    assert refused(4014) == refusal(await recall(ben, town, msg_id))
    assert refused(4013) == refusal(await recall(cy, town, msg_id))
    assert refused(4011) == refusal(await recall(dora, town, msg_id))
    assert await quiet(ben, cy, dora)


async def test_what_is_not_there_cannot_be_recalled(town: Town) -> None:
    """Ids that are nobody's, and a message of another conversation, are 4012."""
    ada = await town.log_in(town.ada)
    elsewhere = await ada.request("msg.send", {"to_client_id": "ben", "type": -1, "text": "elsewhere"})
    for unknown in ("0" * 32, "f" * 32, "", "x" * 1000, "a\x00b", elsewhere["data"]["msg_id"], "é" * 32):
        assert refused(4012) == refusal(await recall(ada, town, unknown))
    for wrong in (7, None, ["0" * 32]):
        answer = await ada.request("msg.recall", {"conv_id": town.group, "msg_id": wrong})
        assert refused(4406) == refusal(answer)


async def test_an_app_may_set_a_window(town: Town) -> None:
    """After the app's window the sender cannot take it back any more; the owner still can."""
    await town.app("yard", Policy.OPEN)
    await town.application.actions.change_app("yard", settings=AppSettings(recall_window=0))
    sockets: dict[str, Socket] = {}
    for client in ("owner", "writer"):
        sockets[client] = await town.connect()
        await sockets[client].request("login", {"app_id": "yard", "client_id": client})
    yard = town.bare.showing(app_id="yard")
    opened = await yard.post("/im/conversations", {"client_id": "owner", "to_client_ids": ["writer"], "conv_type": 3})
    conv_id = opened.data["conv_id"]
    receipt = (await sockets["writer"].request("msg.send", {"conv_id": conv_id, "type": -1, "text": "x"}))["data"]
    town.clock.advance(1)
    asked = {"conv_id": conv_id, "msg_id": receipt["msg_id"]}
    assert refused(4014) == refusal(await sockets["writer"].request("msg.edit", {**asked, "text": "y"}))
    assert refused(4014) == refusal(await sockets["writer"].request("msg.recall", asked))
    assert "msg.recalled" == (await sockets["owner"].request("msg.recall", asked))["type"]
