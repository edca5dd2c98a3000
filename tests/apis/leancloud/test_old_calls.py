"""Version 1.1, as backends from before 2018 call it."""

import json
from typing import Any

import pytest

from apis.leancloud.office import NOBODY, OLD, Office, refusal, said
from gateway.leancloud.clients import Client
from parlance.protocols.leancloud.generated import messages_pb2 as pb

HISTORY, LOGS = f"{OLD}/messages/history", f"{OLD}/messages/logs"


async def _sent(office: Office, conv_id: str, text: str, sender: str = "tom", **more: Any) -> dict[str, Any]:
    body = {"from_peer": sender, "conv_id": conv_id, "message": said(text), "transient": False, **more}
    sent: dict[str, Any] = await office.post(f"{OLD}/messages", body)
    return sent


async def _texts(office: Office, **query: Any) -> list[str]:
    return [json.loads(row["data"])["_lctext"] for row in await office.get(HISTORY, **query)]


async def test_a_message_is_sent(office: Office, tom: Client, jerry: Client) -> None:
    """Transient, unless it says that it is not."""
    cid = await office.start("tom", "jerry")
    sent = await _sent(office, cid, "kept", no_sync=True)
    assert (sent["msg-id"], False) == ((heard := await jerry.heard()).id, heard.transient)
    await office.post(f"{OLD}/messages", {"from_peer": "tom", "conv_id": cid, "message": said("passing")})
    assert (await jerry.heard()).transient
    assert ["kept"] == await _texts(office, convid=cid)
    assert "passing" == json.loads((await tom.heard()).msg)["_lctext"]


async def test_a_service_conversation_tells(office: Office, tom: Client, jerry: Client) -> None:
    """Those it names; or all who subscribed."""
    service = await office.start(kind="service-conversations", name="S")
    for client in ("tom", "jerry"):
        placed = {"conv_id": service, "client_id": client}
        assert {} == await office.post(f"{OLD}/conversation/subscription", placed)
    assert {} == await office.delete(f"{OLD}/conversation/subscription?conv_id={service}&client_id=jerry")
    sent = await _sent(office, service, "you", "desk", to_peers=["jerry"])
    assert sent["msg-id"] == (await jerry.heard()).id
    body = {"from_peer": "desk", "conv_id": service, "message": said("all")}
    sent = await office.post(f"{OLD}/broadcast/subscriber", body)
    assert sent["msg-id"] == (await tom.heard()).id


@pytest.mark.parametrize("address", [HISTORY, LOGS])
async def test_the_history(office: Office, address: str) -> None:
    """Of a conversation, of somebody, of all; before a time and a message."""
    cid, other = await office.start("tom", "jerry"), await office.start("tom")
    sent = [await _sent(office, cid, text) for text in ("1", "2", "3")]
    await _sent(office, other, "4", "jerry")

    async def ids(**query: Any) -> list[str]:
        return [row["msg-id"] for row in await office.get(address, **query)]

    one, two, three = (each["msg-id"] for each in sent)
    assert [three, two, one] == await ids(convid=cid)
    assert [one, two] == await ids(convid=cid, reversed=True, limit=2)
    assert [two, one] == await ids(convid=cid, max_ts=sent[2]["timestamp"])
    assert [one] == await ids(convid=cid, max_ts=sent[1]["timestamp"], msgid=two)
    assert [three, two, one] == await ids(**{"from": "tom"})
    assert 4 == len(await ids())


async def test_a_message_is_changed(office: Office, jerry: Client) -> None:
    """By `patch`, or by its row; taken back; and taken out."""
    cid = await office.start("tom", "jerry")
    sent = await _sent(office, cid, "first")
    await jerry.settled()
    named = {"conv_id": cid, "msg_id": sent["msg-id"], "from_peer": "tom", "timestamp": sent["timestamp"]}
    assert {} == await office.put(f"{OLD}/patch/message", {**named, "message": said("second")})
    (item,) = (await jerry.pushed(pb.patch)).patchMessage.patches
    assert "second" == json.loads(item.data)["_lctext"]
    (row,) = await office.get(LOGS, convid=cid)
    assert {} == await office.put(LOGS, {**row, "data": said("third")})
    assert ["third"] == await _texts(office, convid=cid)
    assert {} == await office.put(f"{OLD}/patch/message", {**named, "recall": True})
    (row,) = await office.get(LOGS, convid=cid)
    assert {"_lctype": -127} == json.loads(row["data"])
    assert {} == await office.delete(f"{LOGS}?convid={cid}&msgid={sent['msg-id']}&timestamp=1&from=tom")
    assert [] == await office.get(LOGS, convid=cid)


async def test_about_clients(office: Office, tom: Client) -> None:
    """Who is online, what is unread, and sending somebody off."""
    cid = await office.start("jerry", "tom")
    await _sent(office, cid, "x")
    assert {"results": ["tom"]} == await office.post(f"{OLD}/online", {"peers": ["tom", "jerry"]})
    for path, count in (("jerry", 1), (f"jerry/{cid}", 1), (f"jerry/{NOBODY}", 0)):
        assert {"count": count} == (await office.public.get(f"{OLD}/messages/unread/{path}")).body
    assert {} == await office.post(f"{OLD}/client/kick", {"client_id": "tom", "reason": "enough"})
    assert 4115 == (await tom.pushed(pb.session, pb.closed)).sessionMessage.code


async def test_about_chat_rooms(office: Office, tom: Client) -> None:
    """How many are there, with the public key."""
    room = await office.start(kind="chatrooms", name="R")
    await tom.conv(pb.add, cid=room, m=["tom"])
    assert {"result": 1} == (await office.public.get(f"{OLD}/transient_group/onlines?gid={room}")).body


async def test_somebody_is_silenced(office: Office, tom: Client) -> None:
    """For a while: in this version that is called a blacklist."""
    cid = await office.start("tom", "jerry")
    placed = {"client_id": "tom", "conv_id": cid}
    assert {} == await office.post(f"{OLD}/conversation/blacklist", {**placed, "ttl": 50})
    assert 4315 == (await tom.say(cid)).code
    assert {} == await office.delete(f"{OLD}/conversation/blacklist?client_id=tom&conv_id={cid}")
    assert not (await tom.say(cid)).HasField("code")


async def test_what_is_refused(office: Office) -> None:
    """In the same words as in version 1.2."""
    cid = await office.start("tom")
    body = {"from_peer": "tom", "conv_id": NOBODY, "message": "x"}
    assert (404, 4303) == refusal(await office.rest.post(f"{OLD}/messages", body))[:2]
    assert (400, 1) == refusal(await office.rest.post(f"{OLD}/messages", {"conv_id": cid, "message": "x"}))[:2]
    patch = {"conv_id": cid, "msg_id": "0" * 32}
    assert (400, 1) == refusal(await office.rest.put(f"{OLD}/patch/message", patch))[:2]
    assert (404, 4404) == refusal(await office.rest.put(f"{OLD}/patch/message", {**patch, "recall": True}))[:2]
    assert (404, 4303) == refusal(await office.rest.get(f"{HISTORY}?convid={NOBODY}"))[:2]
    many = {**body, "conv_id": cid, "to_peers": [str(number) for number in range(21)]}
    assert (400, 1) == refusal(await office.rest.post(f"{OLD}/messages", many))[:2]
