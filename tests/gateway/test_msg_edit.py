"""`msg.edit`: putting other words in a message (wire: platform#msg-edit)."""

from typing import Any

from cast import Socket, Town
from gateway.watch import quiet, refusal, refused


async def edit(socket: Socket, town: Town, msg_id: str, **data: Any) -> dict[str, Any]:
    """Ask for it; the answer."""
    return await socket.request("msg.edit", {"conv_id": town.group, "msg_id": msg_id, **data})


async def test_everybody_gets_the_message_as_it_is_now(town: Town) -> None:
    """Who edits has the message as answer; members and the sender's other devices get the same row."""
    msg_id = await town.say("helo")
    phone, laptop = await town.log_in(town.ada), await town.log_in(town.ada, "laptop")
    ben, cy = await town.log_in(town.ben), await town.log_in(town.cy)
    answer = await edit(phone, town, msg_id, text="hello", attr={"corrected": True})
    assert ("msg.edited", "success") == (answer["type"], answer["msg"])
    row = answer["data"]
    row.pop("ref")
    assert (msg_id, "hello", '{"corrected":true}', 1) == tuple(row[name] for name in ("msg_id", "text", "attr", "seq"))
    assert row["mtime"] >= row["ctime"]
    for socket in (laptop, ben):
        assert {"type": "msg.edited", "data": row} == await socket.next("msg.edited")
    assert [row] == (await ben.request("msg.list", {"conv_id": town.group}))["data"]["messages"]
    assert await quiet(phone, cy)


async def test_what_is_left_out_is_gone(town: Town) -> None:
    """Text and `attr` are replaced together."""
    ada = await town.log_in(town.ada)
    sent = await ada.request("msg.send", {"conv_id": town.group, "type": -2, "text": "a", "attr": {"a": 1}})
    row = (await edit(ada, town, sent["data"]["msg_id"]))["data"]
    assert (None, "null") == (row["text"], row["attr"])


async def test_only_the_sender_edits(town: Town) -> None:
    """Not even the owner puts words into another's mouth; strangers and other apps find nothing."""
    msg_id = await town.say("mine", sender="ben")
    ada, cy, dora = await town.log_in(town.ada), await town.log_in(town.cy), await town.log_in(town.dora)
    assert refused(4014) == refusal(await edit(ada, town, msg_id, text="yours"))
    assert refused(4013) == refusal(await edit(cy, town, msg_id, text="yours"))
    assert refused(4011) == refusal(await edit(dora, town, msg_id, text="yours"))
    [row] = (await ada.request("msg.list", {"conv_id": town.group}))["data"]["messages"]
    assert "mine" == row["text"]


async def test_what_was_recalled_stays_empty(town: Town) -> None:
    """A recalled message takes no new words."""
    msg_id = await town.say("gone")
    ada = await town.log_in(town.ada)
    await ada.request("msg.recall", {"conv_id": town.group, "msg_id": msg_id})
    assert refused(4014) == refusal(await edit(ada, town, msg_id, text="back"))


async def test_words_that_could_not_be_sent_cannot_be_put_in(town: Town) -> None:
    """An edit is judged as a message is."""
    msg_id = await town.say("fine")
    ada = await town.log_in(town.ada)
    for wrong, code in (
        ({}, 4001),
        ({"text": ""}, 4001),
        ({"text": None}, 4001),
        ({"text": 7}, 4406),
        ({"text": "a\x00b"}, 4406),
        ({"text": "x" * (64 * 1024 + 1)}, 4406),
        ({"text": "x", "attr": "y" * 66_000}, 4406),
    ):
        assert refused(code) == refusal(await edit(ada, town, msg_id, **wrong))
    for unknown in ("0" * 32, "", "nonsense"):
        assert refused(4012) == refusal(await edit(ada, town, unknown, text="x"))
    [row] = (await ada.request("msg.list", {"conv_id": town.group}))["data"]["messages"]
    assert ("fine", False) == (row["text"], "mtime" in row)
