"""Messages that the backend sends for somebody, and changes."""

import base64
import json
from typing import Any

import pytest

from apis.leancloud.office import NOBODY, RTM, Office, refusal, said
from gateway.leancloud.clients import Client
from parlance.protocols.leancloud.generated import messages_pb2 as pb

IMAGE = {
    "_lctype": -2,
    "_lctext": "a cat",
    "_lcattrs": {"a": 1},
    "_lcfile": {"url": "http://x.test/cat.png", "metaData": {"width": 3}},
}
OWN = {"_lctype": 7, "_lctext": "of our own", "more": [1]}


async def test_it_arrives(office: Office, tom: Client, jerry: Client) -> None:
    """On every socket of every member, its sender's too, in the words of each."""
    cid = await office.start("tom", "jerry", "spike")
    spike = await office.on_the_platform("spike")
    sent = await office.send(cid, "hi", mention_client_ids=["jerry"], mention_all=True)
    assert {"msg-id": sent["msg-id"], "timestamp": sent["timestamp"]} == sent["result"]
    for client in (tom, jerry):
        heard = await client.heard()
        assert (sent["msg-id"], sent["timestamp"], "tom", json.loads(said("hi"))) == (
            heard.id,
            heard.timestamp,
            heard.fromPeerId,
            json.loads(heard.msg),
        )
        assert (["jerry"], True) == (list(heard.mentionPids), heard.mentionAll)
    told = (await spike.next("msg.new"))["data"]
    assert (sent["msg-id"], -1, "hi", "tom") == (told["msg_id"], told["type"], told["text"], told["from_client"])


async def test_an_object_stands_for_its_text(office: Office, jerry: Client) -> None:
    """An image is an image everywhere, what is of the app's own is kept letter for letter."""
    cid = await office.start("tom", "jerry")
    phone = await office.on_the_platform("jerry")
    where = f"{RTM}/conversations/{cid}/messages"
    await office.post(where, {"from_client": "tom", "message": IMAGE})
    assert IMAGE == json.loads((await jerry.heard()).msg)
    told = (await phone.next("msg.new"))["data"]
    assert (-2, "a cat", "http://x.test/cat.png") == (told["type"], told["text"], json.loads(told["url"]))
    odd = json.dumps(OWN, indent=1)
    for message in (odd, "no JSON at all"):
        await office.post(where, {"from_client": "tom", "message": message})
        assert message == (await jerry.heard()).msg
    assert ["no JSON at all", odd] == [row["data"] for row in await office.get(where, limit=2)]


async def test_its_sender_need_not_be_in(office: Office, jerry: Client) -> None:
    """Nor known to anybody."""
    cid = await office.start("jerry")
    await office.send(cid, sender="stranger")
    assert "stranger" == (await jerry.heard()).fromPeerId


async def test_its_sender_is_not_told(office: Office, tom: Client, jerry: Client) -> None:
    """If the backend says so; never in a chat room."""
    cid = await office.start("tom", "jerry")
    room = await office.start(kind="chatrooms", name="R")
    for client in (tom, jerry):
        await client.conv(pb.add, cid=room, m=[client.name])
        await client.settled()
    await office.send(cid, no_sync=True)
    await office.post(f"{RTM}/chatrooms/{room}/messages", {"from_client": "tom", "message": "x", "priority": "low"})
    assert [cid, room] == [(await jerry.heard()).cid for _ in range(2)]
    assert [] == await tom.line.quiet()


async def test_transient_ones_are_not_kept(office: Office, jerry: Client) -> None:
    """Who is here hears them."""
    cid = await office.start("tom", "jerry")
    await office.send(cid, "passing", transient=True)
    assert (await jerry.heard()).transient
    assert [] == await office.texts(cid)


async def test_one_is_changed(office: Office, jerry: Client) -> None:
    """Its readers are told."""
    cid = await office.start("tom", "jerry")
    sent = await office.send(cid)
    await jerry.settled()
    where = f"{RTM}/conversations/{cid}/messages/{sent['msg-id']}"
    change = {"from_client": "tom", "message": said("new"), "timestamp": sent["timestamp"]}
    assert {} == await office.put(where, change)
    (item,) = (await jerry.pushed(pb.patch)).patchMessage.patches
    assert (sent["msg-id"], json.loads(said("new")), False) == (item.mid, json.loads(item.data), item.recall)
    assert ["new"] == await office.texts(cid)


async def test_one_is_taken_back(office: Office, jerry: Client) -> None:
    """On every socket; what is left says so."""
    cid = await office.start("tom", "jerry", "spike")
    spike = await office.on_the_platform("spike")
    sent = await office.send(cid)
    where = f"{RTM}/conversations/{cid}/messages/{sent['msg-id']}/recall"
    assert {} == await office.put(where, {"from_client": "tom", "timestamp": sent["timestamp"]})
    (item,) = (await jerry.pushed(pb.patch)).patchMessage.patches
    assert (sent["msg-id"], True) == (item.mid, item.recall)
    assert sent["msg-id"] == (await spike.next("msg.recalled"))["data"]["msg_id"]
    (row,) = await office.get(f"{RTM}/conversations/{cid}/messages")
    assert {"_lctype": -127} == json.loads(row["data"])


async def test_one_is_taken_out(office: Office, jerry: Client) -> None:
    """Of the history; nobody is told."""
    cid = await office.start("tom", "jerry")
    gone = await office.send(cid, "gone")
    await office.send(cid, "kept")
    await jerry.settled()
    address = f"{RTM}/conversations/{cid}/messages/{gone['msg-id']}"
    assert {} == await office.delete(f"{address}?from_client=tom&timestamp={gone['timestamp']}")
    assert (["kept"], []) == (await office.texts(cid), await jerry.line.quiet())
    assert (404, 4404, "MESSAGE_NOT_FOUND") == refusal(await office.rest.delete(address))


async def test_binary_ones_are_base64(office: Office, tom: Client) -> None:
    """In the history."""
    cid = await tom.start("jerry")
    ack = await tom.ask(pb.direct, directMessage=pb.DirectCommand(cid=cid, binaryMsg=b"\x00\xff"))
    (row,) = await office.get(f"{RTM}/conversations/{cid}/messages")
    assert (ack.ackMessage.uid, True, b"\x00\xff") == (row["msg-id"], row["bin"], base64.b64decode(row["data"]))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"message": "x"}, "from_client"),
        ({"from_client": "tom"}, "message"),
        ({"from_client": "", "message": "x"}, "from_client"),
        ({"from_client": "tom", "message": 7}, "message"),
        ({"from_client": "tom", "message": ["x"]}, "message"),
        ({"from_client": "tom", "message": "x", "transient": "no"}, "transient"),
        (
            {"from_client": "tom", "message": "x", "mention_client_ids": [str(n) for n in range(21)]},
            "mention_client_ids",
        ),
        ({"from_client": "tom", "message": "x" * 70_000}, "message"),
    ],
)
async def test_what_is_no_message(office: Office, body: dict[str, Any], field: str) -> None:
    """The field is named; nothing is sent."""
    cid = await office.start("tom")
    status, code, words = refusal(await office.rest.post(f"{RTM}/conversations/{cid}/messages", body))
    assert (400, 1) == (status, code)
    assert field in words
    assert [] == await office.texts(cid)


async def test_what_is_not_there(office: Office) -> None:
    """No such conversation, no such message, or of another conversation."""
    cid, other = await office.start("tom"), await office.start("tom")
    sent = await office.send(cid)
    change = {"from_client": "tom", "message": "x"}
    reply = await office.rest.post(f"{RTM}/conversations/{NOBODY}/messages", change)
    assert (404, 4303, "CONVERSATION_NOT_FOUND") == refusal(reply)
    for msg_id in (sent["msg-id"], "0" * 32, "x"):
        where = f"{RTM}/conversations/{other}/messages/{msg_id}"
        for reply in (await office.rest.put(where, change), await office.rest.put(f"{where}/recall", change)):
            assert (404, 4404, "MESSAGE_NOT_FOUND") == refusal(reply)


async def test_who_is_silenced_says_nothing(office: Office) -> None:
    """The backend speaks for nobody who is silenced or kept out."""
    cid = await office.start("tom", "jerry")
    one = f"{RTM}/conversations/{cid}"
    await office.post(f"{one}/permanent-silenceds", {"client_ids": ["tom"]})
    await office.post(f"{one}/blacklists", {"client_ids": ["spike"]})
    for sender, refused in (("tom", (403, 4563, "SILIENCED")), ("spike", (403, 4548, "BLOCKED_BY_CONV"))):
        reply = await office.rest.post(f"{one}/messages", {"from_client": sender, "message": "x"})
        assert refused == refusal(reply)
