"""One conversation, three worlds: an app on LeanCloud's socket, one on the platform's, and the hospital's backend."""

import json
from collections.abc import AsyncIterator

import pytest

from cast import Rest, Socket, Town
from gateway.leancloud.clients import Client, Hall
from parlance.core.model.app import Policy
from parlance.protocols.leancloud.generated import messages_pb2 as pb

PICTURE = {"_lctype": -2, "_lctext": "the wound", "_lcfile": {"url": "http://x.test/w.png", "metaData": {"width": 3}}}
OWN = '{"_lctype": 42, "_lctext": "pulse", "bpm": 61}'


@pytest.fixture
async def hall(town: Town) -> AsyncIterator[Hall]:
    """Where they meet."""
    await town.app(Hall.app_id, Policy.OPEN)
    hall = Hall(town)
    yield hall
    await hall.leave()


@pytest.fixture
async def clinic(hall: Hall) -> Rest:
    """The hospital's backend, with the server key."""
    app = await hall.town.application.actions.find_apps.one(hall.app_id)
    return hall.town.bare.showing(app_id=app.app_id, app_key=app.master_key)


@pytest.fixture
async def patient(hall: Hall) -> Client:
    """On LeanCloud's socket."""
    return await hall.log_in("patient")


@pytest.fixture
async def doctor(hall: Hall) -> Socket:
    """On the platform's."""
    socket = await hall.town.connect()
    await socket.send("login", {"app_id": hall.app_id, "client_id": "doctor", "device_id": "desk"})
    await socket.next("login.success")
    return socket


async def test_they_talk(clinic: Rest, patient: Client, doctor: Socket) -> None:
    """Everybody hears everybody, in words of its own."""
    cid = await patient.start("doctor", "nurse")
    said = await patient.say(cid, '{"_lctype":-1,"_lctext":"it hurts"}')
    heard = (await doctor.next("msg.new"))["data"]
    assert (said.uid, "it hurts") == (heard["msg_id"], heard["text"])

    answered = await doctor.request("msg.send", {"conv_id": cid, "type": -1, "text": "where?"})
    told = await patient.heard()
    assert (answered["data"]["msg_id"], "where?") == (told.id, json.loads(told.msg)["_lctext"])

    prescribed = await clinic.post("/im/send/msg", {"from_id": "nurse", "conv_id": cid, "msg": "take one"})
    assert prescribed.status < 300, prescribed.body
    told = await patient.heard()
    heard = (await doctor.next("msg.new"))["data"]
    assert ("nurse", "take one", told.id, "take one") == (
        told.fromPeerId,
        json.loads(told.msg)["_lctext"],
        heard["msg_id"],
        heard["text"],
    )

    rows = (await clinic.post(f"/im/conv/{cid}", {"page_size": 10})).body
    assert ["take one", "where?", "it hurts"] == [row["msg"] for row in rows]


async def test_a_picture_is_a_picture(clinic: Rest, patient: Client, doctor: Socket) -> None:
    """In every world; what is of an app's own comes through unharmed."""
    cid = await patient.start("doctor")
    said = await patient.say(cid, json.dumps(PICTURE))
    heard = (await doctor.next("msg.new"))["data"]
    assert (said.uid, -2, "http://x.test/w.png") == (heard["msg_id"], heard["type"], json.loads(heard["url"]))
    (row,) = (await clinic.post(f"/im/conv/{cid}", {"page_size": 10})).body
    assert (said.uid, 1, "http://x.test/w.png") == (row["msg_id"], row["msg_type"], row["msg"])

    own = await patient.say(cid, OWN)
    assert own.uid == (await doctor.next("msg.new"))["data"]["msg_id"]
    kept = (await patient.ask(pb.logs, logsMessage=pb.LogsCommand(cid=cid, limit=1))).logsMessage.logs
    assert [OWN] == [item.data for item in kept]


async def test_what_is_taken_back_is_gone_for_all(clinic: Rest, patient: Client, doctor: Socket) -> None:
    """And who has read is read, in every world."""
    cid = await patient.start("doctor")
    said = await patient.say(cid, r=True)
    heard = (await doctor.next("msg.new"))["data"]
    await doctor.send("msg.read", {"conv_id": cid, "seq": heard["seq"]})
    receipt = (await patient.pushed(pb.rcp)).rcpMessage
    assert (said.uid, True) == (receipt.id, receipt.read)
    patch = pb.PatchItem(cid=cid, mid=said.uid, timestamp=said.t, recall=True, data='{"_lctype":-127}')
    await patient.ask(pb.patch, pb.modify, patchMessage=pb.PatchCommand(patches=[patch]))
    assert said.uid == (await doctor.next("msg.recalled"))["data"]["msg_id"]
    rows = (await clinic.post(f"/im/conv/{cid}", {"page_size": 10})).body
    assert "hello" not in json.dumps(rows)
