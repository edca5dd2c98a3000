"""`ref`: a message that is sent again is the same message (wire: platform#once)."""

import asyncio
from typing import Any

from cast import Socket, Town
from gateway.watch import quiet, refusal, refused

REF = "0197f3c2-my own name for it"


async def send(socket: Socket, conv_id: str, ref: str | None = REF, **data: Any) -> dict[str, Any]:
    """Send with this `ref`; the data of `msg.sent`."""
    await socket.send("msg.send", {"conv_id": conv_id, "type": -1, "text": "once", "ref": ref, **data})
    receipt: dict[str, Any] = (await socket.next("msg.sent"))["data"]
    return receipt


async def texts(town: Town) -> list[str]:
    """What was said in the group, newest first."""
    reply = await town.backend.get(f"/im/conversations/{town.group}/message", params={"size": 100})
    return [row["text"] for row in reply.data["data"]]


async def test_the_ref_comes_back(town: Town) -> None:
    """`msg.sent` carries the `ref`, null if there was none."""
    ada = await town.log_in(town.ada)
    assert REF == (await send(ada, town.group))["ref"]
    assert (await send(ada, town.group, None))["ref"] is None


async def test_sent_twice_it_is_one_message(town: Town) -> None:
    """The second time is answered with the same ids and makes nothing; nobody gets it twice."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    first = await send(ada, town.group)
    again = await send(ada, town.group, text="other words")
    assert first == again
    await ben.next("msg.new")
    assert await quiet(ada, ben)
    assert ["once"] == await texts(town)


async def test_many_at_once_are_one_message(town: Town) -> None:
    """The same `ref` many times in one breath, among others, is stored once, and every answer says the same."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    data = {"conv_id": town.group, "type": -1, "text": "once", "ref": REF}
    for number in range(5):
        await ada.send("msg.send", data)
        await ada.send("msg.send", {**data, "ref": f"other-{number}", "text": f"other {number}"})
    receipts = [(await ada.next("msg.sent"))["data"] for _ in range(10)]
    same = [receipt for receipt in receipts if receipt["ref"] == REF]
    assert 5 == len(same)
    assert [same[0]] * 5 == same
    assert [1, 2, 3, 4, 5, 6] == sorted({receipt["seq"] for receipt in receipts})
    for _ in range(6):
        await ben.next("msg.new")
    assert await quiet(ben)


async def test_across_a_reconnection_it_is_one_message(town: Town) -> None:
    """A client that lost its socket sends again on the next one, from another device even."""
    ada = await town.log_in(town.ada)
    first = await send(ada, town.group)
    await ada.ws.close()
    assert first == await send(await town.log_in(town.ada, "laptop"), town.group)
    assert ["once"] == await texts(town)


async def test_from_two_devices_at_once_it_is_one_message(town: Town) -> None:
    """Two devices racing with one `ref` get the same answer."""
    devices = [await town.log_in(town.ada, f"device-{number}") for number in range(8)]
    receipts = await asyncio.gather(*(send(device, town.group) for device in devices))
    assert [receipts[0]] * 8 == receipts
    assert ["once"] == await texts(town)


async def test_across_rest_and_socket_it_is_one_message(town: Town) -> None:
    """A `ref` that was used on the socket is known to REST, and the other way round."""
    ada = await town.log_in(town.ada)
    path = f"/im/conversations/{town.group}/message"
    by_socket = await send(ada, town.group)
    by_rest = (await town.ada.rest.post(path, {"from_client": "ada", "type": -1, "text": "?", "ref": REF})).data
    assert by_socket["msg_id"] == by_rest["msg_id"]
    by_rest = (await town.backend.post(path, {"from_client": "ada", "type": -1, "text": "2", "ref": "second"})).data
    assert by_rest["msg_id"] == (await send(ada, town.group, "second"))["msg_id"]
    assert ["2", "once"] == await texts(town)


async def test_a_ref_belongs_to_its_sender_and_its_conversation(town: Town) -> None:
    """Another sender's, or another conversation's, message of the same `ref` is another message."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    first, second = await send(ada, town.group), await send(ben, town.group)
    await ada.send("msg.send", {"to_client_id": "ben", "type": -1, "text": "once", "ref": REF})
    third = (await ada.next("msg.sent"))["data"]
    assert 3 == len({first["msg_id"], second["msg_id"], third["msg_id"]})


async def test_to_a_client_a_ref_holds_as_well(town: Town) -> None:
    """Sent again to the same client, it lands in the same direct conversation, once."""
    ada = await town.log_in(town.ada)
    to_ben = {"to_client_id": "ben", "type": -1, "text": "once", "ref": REF}
    await ada.send("msg.send", to_ben)
    await ada.send("msg.send", to_ben)
    assert (await ada.next("msg.sent")) == (await ada.next("msg.sent"))


async def test_a_recalled_message_keeps_its_ref(town: Town) -> None:
    """Sending again what was recalled does not bring it back."""
    ada = await town.log_in(town.ada)
    first = await send(ada, town.group)
    await ada.request("msg.recall", {"conv_id": town.group, "msg_id": first["msg_id"]})
    assert first == await send(ada, town.group)
    [row] = (await ada.request("msg.list", {"conv_id": town.group}))["data"]["messages"]
    assert (3, "") == (row["msg_status"], row["text"] or "")


async def test_a_refused_message_leaves_its_ref_free(town: Town) -> None:
    """What was refused has changed nothing: the `ref` may be used for what is right."""
    ada = await town.log_in(town.ada)
    await ada.send("msg.send", {"conv_id": town.group, "type": -1, "text": "", "ref": REF})
    error = await ada.next("error")
    assert (4001, REF) == (error["data"]["code"], error["data"]["ref"])
    assert 1 == (await send(ada, town.group))["seq"]


async def test_refs_out_of_bounds_are_refused(town: Town) -> None:
    """A `ref` of a message has 1 to 128 characters and no NUL; anything but a text is a wrong format."""
    ada = await town.log_in(town.ada)
    for wrong in ("", "x" * 129, "a\x00b", 7, {"a": 1}):
        await ada.send("msg.send", {"conv_id": town.group, "type": -1, "text": "once", "ref": wrong})
        assert refused(4406) == refusal(await ada.next("error"))
    assert 1 == (await send(ada, town.group, "文" * 128))["seq"]
