"""`msg.read`: how far a client has read, and who is told (wire: platform#msg-read)."""

from typing import Any

from cast import Socket, Town
from gateway.watch import quiet, refusal, refused
from parlance.core.model.conversation import Kind


async def row(socket: Socket, conv_id: str) -> dict[str, Any]:
    """The conversation's row in a sync."""
    rows = (await socket.request("sync"))["data"]["conversations"]
    return next(row for row in rows if row["conv_id"] == conv_id)


async def said(town: Town, count: int) -> None:
    """Ada says something, some times."""
    for number in range(count):
        await town.say(f"message {number}")


async def test_others_and_ones_own_other_devices_are_told(town: Town) -> None:
    """The members and the reader's other devices get `msg.read`; the device that said so gets nothing."""
    await said(town, 3)
    phone, laptop = await town.log_in(town.ben), await town.log_in(town.ben, "laptop")
    ada, cy = await town.log_in(town.ada), await town.log_in(town.cy)
    before = town.application.clock.now()
    await phone.send("msg.read", {"conv_id": town.group, "seq": 2})
    for socket in (ada, laptop):
        frame = await socket.next("msg.read")
        assert {"type", "data"} == frame.keys()
        time = frame["data"].pop("time")
        assert before <= time <= town.application.clock.now()
        assert {"conv_id": town.group, "client_id": "ben", "seq": 2} == frame["data"]
    assert await quiet(phone, cy)


async def test_unread_follows(town: Town) -> None:
    """Unread is what lies beyond the mark."""
    await said(town, 3)
    ben, ada = await town.log_in(town.ben), await town.log_in(town.ada)
    assert (0, 3) == ((await row(ben, town.group))["read_seq"], (await row(ben, town.group))["unread"])
    await ben.send("msg.read", {"conv_id": town.group, "seq": 2})
    await ada.next("msg.read")
    synced = await row(ben, town.group)
    assert (3, 2, 1) == (synced["last_seq"], synced["read_seq"], synced["unread"])


async def test_the_mark_only_moves_forward(town: Town) -> None:
    """Reading less than before, or the same again, tells nobody anything."""
    await said(town, 3)
    ben, ada = await town.log_in(town.ben), await town.log_in(town.ada)
    for seq in (3, 1, 3, 0):
        await ben.send("msg.read", {"conv_id": town.group, "seq": seq})
    assert 3 == (await ada.next("msg.read"))["data"]["seq"]
    assert await quiet(ada, ben)
    assert 3 == (await row(ben, town.group))["read_seq"]


async def test_it_never_passes_the_newest(town: Town) -> None:
    """Whoever claims to have read more than was said has read what was said."""
    await said(town, 2)
    ben, ada = await town.log_in(town.ben), await town.log_in(town.ada)
    await ben.send("msg.read", {"conv_id": town.group, "seq": 2**53 - 1})
    assert 2 == (await ada.next("msg.read"))["data"]["seq"]
    await said(town, 1)
    assert 1 == (await row(ben, town.group))["unread"]


async def test_refusals_are_answered(town: Town) -> None:
    """Only what is refused has an answer: a stranger, an unknown conversation, an impossible place."""
    cy, ada = await town.log_in(town.cy), await town.log_in(town.ada)
    assert refused(4013) == refusal(await cy.request("msg.read", {"conv_id": town.group, "seq": 0}))
    assert refused(4011) == refusal(await cy.request("msg.read", {"conv_id": "0" * 32, "seq": 0}))
    assert refused(4001) == refusal(await ada.request("msg.read", {"conv_id": town.group}))
    for wrong in (-1, 2**53, 1.0, "1", None):
        assert refused(4406) == refusal(await ada.request("msg.read", {"conv_id": town.group, "seq": wrong}))
    assert await quiet(ada, cy)


async def test_of_a_room_nobody_keeps_marks(town: Town) -> None:
    """In a chat room a mark is taken and means nothing."""
    room = await town.open(Kind.ROOM, "ada")
    ada = await town.log_in(town.ada)
    await ada.request("conv.join", {"conv_id": room})
    await ada.request("msg.send", {"conv_id": room, "type": -1, "text": "hello"})
    await ada.send("msg.read", {"conv_id": room, "seq": 1})
    assert await quiet(ada, types=("error", "msg.read"))
