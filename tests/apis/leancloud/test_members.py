"""Who is in, brought in and taken out by the backend."""

from apis.leancloud.office import NOBODY, RTM, Office, refusal
from gateway.leancloud.clients import Client
from parlance.protocols.leancloud.generated import messages_pb2 as pb


async def test_some_are_brought_in(office: Office, tom: Client) -> None:
    """Those who are in are told; once in, nothing comes of it again."""
    cid = await office.start("jerry")
    where = f"{RTM}/conversations/{cid}/members"
    changed = await office.post(where, {"client_ids": ["tom", "spike"]})
    assert ({"updatedAt", "objectId"}, cid) == (changed.keys(), changed["objectId"])
    assert cid == (await tom.pushed(pb.conv, pb.joined)).convMessage.cid
    assert ["jerry", "spike", "tom"] == sorted((await office.get(where))["result"])
    await tom.settled()
    await office.post(where, {"client_ids": ["tom"]})
    assert [] == await tom.line.quiet()


async def test_some_are_taken_out(office: Office, tom: Client, jerry: Client) -> None:
    """On every socket, of whatever protocol."""
    cid = await office.start("tom", "jerry", "spike")
    spike = await office.on_the_platform("spike")
    await jerry.settled()
    await tom.settled()
    await office.delete(f"{RTM}/conversations/{cid}/members", {"client_ids": ["tom", "spike"]})
    assert cid == (await tom.pushed(pb.conv, pb.left)).convMessage.cid
    assert {"tom", "spike"} == set((await jerry.pushed(pb.conv, pb.members_left)).convMessage.m)
    assert cid == (await spike.next("conv.left"))["data"]["conv_id"]


async def test_some_cannot_come(office: Office) -> None:
    """They are named as on the socket; the others are in. Refused is only what can be done for nobody."""
    cid = await office.start("tom")
    one = f"{RTM}/conversations/{cid}"
    await office.post(f"{one}/blacklists", {"client_ids": ["spike"]})
    changed = await office.post(f"{one}/members", {"client_ids": ["spike", "jerry"]})
    assert [{"code": 4548, "reason": "BLOCKED_BY_CONV", "pids": ["spike"]}] == changed["failedPids"]
    assert {"tom", "jerry"} == set((await office.get(f"{one}/members"))["result"])
    reply = await office.rest.post(f"{one}/members", {"client_ids": ["spike"]})
    assert (403, 4548, "BLOCKED_BY_CONV") == refusal(reply)


async def test_who_is_told_nothing(office: Office) -> None:
    """Members only."""
    cid = await office.start("tom", "jerry", "spike")
    where = f"{RTM}/conversations/{cid}/mutes"
    changed = await office.post(where, {"client_ids": ["tom", "jerry"]})
    assert ({"updatedAt", "objectId"}, cid) == (changed.keys(), changed["objectId"])
    await office.delete(where, {"client_ids": ["tom"]})
    assert {"result": ["jerry"]} == await office.get(where)
    reply = await office.rest.post(where, {"client_ids": ["butch"]})
    assert (403, 4317, "CONVERSATION_MEMBERSHIP_REQUIRED") == refusal(reply)


async def test_who_is_in_a_room(office: Office, tom: Client) -> None:
    """Who is there, and how many."""
    room = await office.start(kind="chatrooms", name="R")
    one = f"{RTM}/chatrooms/{room}/members"
    assert ({"result": []}, {"result": 0}) == (await office.get(one), await office.get(f"{one}/online-count"))
    await tom.conv(pb.add, cid=room, m=["tom"])
    assert ({"result": ["tom"]}, {"result": 1}) == (await office.get(one), await office.get(f"{one}/online-count"))


async def test_what_is_missing(office: Office) -> None:
    """Whom it is about; and a conversation that somebody knows."""
    cid = await office.start("tom")
    nobody: tuple[dict[str, list[str]], ...] = ({}, {"client_ids": []})
    for body in nobody:
        reply = await office.rest.post(f"{RTM}/conversations/{cid}/members", body)
        assert (400, 1) == refusal(reply)[:2]
    reply = await office.rest.post(f"{RTM}/conversations/{NOBODY}/members", {"client_ids": ["tom"]})
    assert (404, 4303, "CONVERSATION_NOT_FOUND") == refusal(reply)
    assert 4303 == refusal(await office.rest.get(f"{RTM}/conversations/{NOBODY}/members"))[1]
    assert 4303 == refusal(await office.rest.get(f"{RTM}/conversations/{NOBODY}/mutes"))[1]
