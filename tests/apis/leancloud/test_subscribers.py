"""Service conversations, who subscribes to them, and what they are told."""

import json

import pytest

from apis.leancloud.office import NOBODY, RTM, Office, refusal, said
from gateway.leancloud.clients import Client
from parlance.protocols.leancloud.generated import messages_pb2 as pb

SERVICES = f"{RTM}/service-conversations"


@pytest.fixture
async def service(office: Office) -> str:
    """The address of one."""
    return f"{SERVICES}/{await office.start(kind='service-conversations', name='News')}"


async def _told(office: Office, service: str, text: str, *clients: str) -> str:
    body = {"from_client": "desk", "message": said(text), "to_clients": clients}
    msg_id: str = (await office.post(f"{service}/messages", body))["msg-id"]
    return msg_id


async def test_people_subscribe(office: Office, service: str) -> None:
    """They are listed by their ids, page by page, counted, and subscribe no longer."""
    for client in ("tom", "jerry", "tom"):
        assert {} == await office.post(f"{service}/subscribers", {"client_id": client})
    rows = await office.get(f"{service}/subscribers")
    conv_id = service.rpartition("/")[2]
    assert [("jerry", conv_id), ("tom", conv_id)] == [(row["subscriber"], row["conv_id"]) for row in rows]
    assert {"timestamp", "subscriber", "conv_id"} == rows[0].keys()
    assert rows[:1] == await office.get(f"{service}/subscribers", limit=1)
    assert rows[1:] == await office.get(f"{service}/subscribers", client_id="jerry")
    assert {"count": 2} == await office.get(f"{service}/subscribers/count")
    assert {} == await office.delete(f"{service}/subscribers/tom")
    assert rows[:1] == await office.get(f"{service}/subscribers")


async def test_to_what_somebody_subscribes(office: Office) -> None:
    """By when it did, from either end, page by page."""
    ids = []
    for number in range(3):
        ids.append(await office.start(kind="service-conversations", name=str(number)))
        office.town.clock.advance(10)
        await office.post(f"{SERVICES}/{ids[-1]}/subscribers", {"client_id": "tom"})
    where = f"{RTM}/clients/tom/service-conversations"
    rows = await office.get(where)
    assert [(each, "tom") for each in ids] == [(row["conv_id"], row["subscriber"]) for row in rows]
    assert rows[::-1] == await office.get(where, direction="old")
    assert rows[1:2] == await office.get(where, conv_id=ids[0], timestamp=rows[0]["timestamp"], limit=1)
    assert rows[:1] == await office.get(where, conv_id=ids[1], timestamp=rows[1]["timestamp"], direction="old")
    for query in ("direction=up", f"conv_id={ids[0]}"):
        assert (400, 1) == refusal(await office.rest.get(f"{where}?{query}"))[:2]


async def test_all_of_them_are_told(office: Office, service: str, tom: Client, jerry: Client) -> None:
    """And nobody else."""
    await office.post(f"{service}/subscribers", {"client_id": "tom"})
    await tom.settled()
    body = {"from_client": "desk", "message": said("news"), "push": {"alert": "news"}}
    sent = await office.post(f"{service}/broadcasts", body)
    heard = await tom.heard()
    assert (sent["msg-id"], "desk", 3) == (heard.id, heard.fromPeerId, heard.convType)
    assert [] == await jerry.line.quiet()
    change = {"from_client": "desk", "message": said("olds"), "timestamp": sent["timestamp"]}
    assert {} == await office.put(f"{service}/messages/{sent['msg-id']}", change)
    (item,) = (await tom.pushed(pb.patch)).patchMessage.patches
    assert (sent["msg-id"], json.loads(said("olds"))) == (item.mid, json.loads(item.data))


async def test_some_are_told(office: Office, service: str, tom: Client, jerry: Client) -> None:
    """Whether they subscribed or not; each reads its own, and only its own is taken out."""
    msg_id = await _told(office, service, "for you", "tom", "spike")
    other = await _told(office, service, "for him", "jerry")
    assert (msg_id, other) == ((await tom.heard()).id, (await jerry.heard()).id)

    async def had(client: str) -> list[str]:
        return [row["msg-id"] for row in await office.get(f"{service}/subscribers/{client}/messages")]

    assert ([msg_id], [other]) == (await had("tom"), await had("jerry"))
    assert {} == await office.delete(f"{service}/subscribers/tom/messages/{msg_id}?from_client=desk&timestamp=1")
    assert ([], [msg_id]) == (await had("tom"), await had("spike"))
    assert {} == await office.put(f"{service}/messages/{other}/recall", {"from_client": "desk", "timestamp": 1})
    (item,) = (await jerry.pushed(pb.patch)).patchMessage.patches
    assert item.recall


async def test_what_people_say_there_is_for_the_app(office: Office, service: str, tom: Client, jerry: Client) -> None:
    """It stands in their own history."""
    for client in ("tom", "jerry"):
        await office.post(f"{service}/subscribers", {"client_id": client})
    ack = await tom.say(service.rpartition("/")[2])
    assert [] == [each for each in await jerry.line.quiet() if each.cmd == pb.direct]
    (row,) = await office.get(f"{service}/subscribers/tom/messages")
    assert (ack.uid, "tom") == (row["msg-id"], row["from"])


async def test_what_cannot_be_told(office: Office, service: str) -> None:
    """To nobody, to too many, in a group, in what nobody knows."""
    group, body = await office.start("tom"), {"from_client": "desk", "message": "x"}
    for clients in ([], [str(number) for number in range(21)]):
        reply = await office.rest.post(f"{service}/messages", {**body, "to_clients": clients})
        assert (400, 1) == refusal(reply)[:2]
    for path in ("messages", "broadcasts"):
        to = {**body, "to_clients": ["tom"]}
        assert (400, 4314) == refusal(await office.rest.post(f"{SERVICES}/{group}/{path}", to))[:2]
        assert (404, 4303) == refusal(await office.rest.post(f"{SERVICES}/{NOBODY}/{path}", to))[:2]
    assert (400, 4314) == refusal(await office.rest.get(f"{SERVICES}/{group}/subscribers"))[:2]
