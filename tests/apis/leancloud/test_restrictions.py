"""Who may not speak, and who may not come in."""

import pytest

from apis.leancloud.office import NOBODY, RTM, Office, refusal
from gateway.leancloud.clients import Client
from parlance.protocols.leancloud.generated import messages_pb2 as pb

KINDS = ["conversations", "chatrooms"]


async def test_silenced_for_a_while(office: Office, tom: Client) -> None:
    """The client is told, and told why its message is not sent; until it is over, or ended."""
    cid = await office.start("tom", "jerry")
    where = f"{RTM}/conversations/{cid}/temporary-silenceds"
    await tom.settled()
    assert {} == await office.post(where, {"client_id": "tom", "ttl": 50})
    assert cid == (await tom.pushed(pb.conv, pb.shutuped)).convMessage.cid
    assert 4315 == (await tom.say(cid)).code
    office.town.clock.advance(51_000)
    assert not (await tom.say(cid)).HasField("code")
    await office.post(where, {"client_id": "tom"})
    answer = await office.rest.delete(f"{where}?client_id=tom")
    assert (200, {}) == (answer.status, answer.body)
    assert not (await tom.say(cid)).HasField("code")


async def test_silenced_for_good(office: Office, tom: Client) -> None:
    """Listed page by page."""
    cid = await office.start("tom", "jerry")
    where = f"{RTM}/conversations/{cid}/permanent-silenceds"
    assert {} == await office.post(where, {"client_ids": ["tom", "jerry", "stranger"]})
    assert 4563 == (await tom.say(cid)).code
    first = await office.get(where, limit=2)
    rest = await office.get(where, limit=2, next=first["next"])
    assert "next" not in rest
    assert ["jerry", "stranger", "tom"] == sorted([*first["client_ids"], *rest["client_ids"]])
    assert {} == await office.delete(where, {"client_ids": ["tom"]})
    assert not (await tom.say(cid)).HasField("code")
    assert {"client_ids": ["jerry", "stranger"]} == await office.get(where)


async def test_kept_out(office: Office, tom: Client) -> None:
    """Out of the conversation, and not in again until it is over."""
    cid = await office.start("tom", "jerry")
    where = f"{RTM}/conversations/{cid}/blacklists"
    await tom.settled()
    assert {} == await office.post(where, {"client_ids": ["tom"]})
    assert cid == (await tom.pushed(pb.conv, pb.blocked)).convMessage.cid
    assert cid == (await tom.pushed(pb.conv, pb.left)).convMessage.cid
    assert {"client_ids": ["tom"]} == await office.get(where)
    answer = await tom.conv(pb.add, cid=cid, m=["tom"])
    assert [4548] == [each.code for each in answer.convMessage.failedPids]
    assert {} == await office.delete(where, {"client_ids": ["tom"]})
    assert {"client_ids": []} == await office.get(where)


async def test_in_a_chat_room(office: Office, tom: Client) -> None:
    """The same, for who is there and who is not."""
    room = await office.start(kind="chatrooms", name="R")
    one = f"{RTM}/chatrooms/{room}"
    await tom.conv(pb.add, cid=room, m=["tom"])
    await office.post(f"{one}/permanent-silenceds", {"client_ids": ["tom"]})
    assert 4563 == (await tom.say(room)).code
    await office.post(f"{one}/blacklists", {"client_ids": ["tom", "jerry"]})
    assert {"client_ids": ["jerry", "tom"]} == await office.get(f"{one}/blacklists")
    assert {"client_ids": ["tom"]} == await office.get(f"{one}/permanent-silenceds")


async def test_out_of_a_service_conversation(office: Office) -> None:
    """Nobody who is kept out subscribes."""
    service = await office.start(kind="service-conversations", name="S")
    one = f"{RTM}/service-conversations/{service}"
    assert {} == await office.post(f"{one}/blacklists", {"client_ids": ["tom"]})
    assert {"client_ids": ["tom"]} == await office.get(f"{one}/blacklists")
    reply = await office.rest.post(f"{one}/subscribers", {"client_id": "tom"})
    assert (403, 4548, "BLOCKED_BY_CONV") == refusal(reply)
    await office.delete(f"{one}/blacklists", {"client_ids": ["tom"]})
    assert {} == await office.post(f"{one}/subscribers", {"client_id": "tom"})


@pytest.mark.parametrize("ttl", [0, -1, 86_401, "50", 1.5])
async def test_how_long_is_a_while(office: Office, ttl: object) -> None:
    """A second to a day."""
    cid = await office.start("tom")
    reply = await office.rest.post(f"{RTM}/conversations/{cid}/temporary-silenceds", {"client_id": "tom", "ttl": ttl})
    assert (400, 1) == refusal(reply)[:2]


@pytest.mark.parametrize("what", ["permanent-silenceds", "blacklists"])
@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_missing(office: Office, kind: str, what: str) -> None:
    """Whom it is about, and where."""
    cid = await office.start("tom") if kind == "conversations" else await office.start(kind=kind, name="R")
    assert (400, 1) == refusal(await office.rest.post(f"{RTM}/{kind}/{cid}/{what}", {}))[:2]
    assert (400, 1) == refusal(await office.rest.delete(f"{RTM}/{kind}/{cid}/{what}", {}))[:2]
    unknown = f"{RTM}/{kind}/{NOBODY}/{what}"
    assert (404, 4303) == refusal(await office.rest.get(unknown))[:2]
    assert (404, 4303) == refusal(await office.rest.post(unknown, {"client_ids": ["tom"]}))[:2]
