"""What the backend says to everybody."""

import json
from typing import Any

import pytest

from apis.leancloud.office import NOBODY, OLD, RTM, Office, refusal, said
from gateway.leancloud.clients import Client, Hall
from parlance.kernel.clock import DAY
from parlance.protocols.leancloud.generated import messages_pb2 as pb

ALL = f"{RTM}/broadcasts"


@pytest.fixture
async def service(office: Office) -> str:
    """A service conversation to which nobody subscribed."""
    return await office.start(kind="service-conversations", name="News")


async def _said(office: Office, service: str, text: str = "news", **more: Any) -> dict[str, Any]:
    body = {"from_client": "desk", "conv_id": service, "message": said(text), **more}
    sent: dict[str, Any] = await office.post(ALL, body)
    return sent


async def test_everybody_who_is_here_hears_it(office: Office, service: str, tom: Client) -> None:
    """On every socket."""
    spike = await office.on_the_platform("spike")
    sent = await _said(office, service, push="news")
    heard = await tom.heard()
    assert (sent["msg-id"], service, "desk", 3) == (heard.id, heard.cid, heard.fromPeerId, heard.convType)
    told = (await spike.next("msg.new"))["data"]
    assert (sent["msg-id"], "news") == (told["msg_id"], told["text"])


async def test_who_comes_later_hears_it_then(office: Office, hall: Hall, service: str) -> None:
    """On whatever socket, and once."""
    sent = await _said(office, service)
    jerry = await hall.log_in("jerry")
    (row,) = (await jerry.pushed(pb.unread)).unreadMessage.convs
    assert (service, 1, sent["msg-id"]) == (row.cid, row.unread, row.mid)
    await jerry.tell(pb.read, readMessage=pb.ReadCommand(convs=[pb.ReadTuple(cid=service, timestamp=row.timestamp)]))
    await jerry.line.quiet()
    again = await hall.log_in("jerry")
    assert [] == await again.line.quiet()
    spike = await office.on_the_platform("spike")
    assert sent["msg-id"] == (await spike.next("msg.new"))["data"]["msg_id"]


async def test_who_comes_too_late_hears_nothing(office: Office, hall: Hall, service: str) -> None:
    """It is over, or was taken back."""
    await _said(office, service, valid_till=office.town.clock.now() + DAY)
    office.town.clock.advance(DAY)
    sent = await _said(office, service, "other")
    assert {} == await office.delete(f"{ALL}/{sent['msg-id']}")
    late = await hall.log_in("jerry")
    assert [] == await late.line.quiet()
    assert (404, 4404, "MESSAGE_NOT_FOUND") == refusal(await office.rest.delete(f"{ALL}/{sent['msg-id']}"))


async def test_what_is_transient_passes_by(office: Office, hall: Hall, service: str, tom: Client) -> None:
    """Who is here hears it."""
    await _said(office, service, transient=True)
    assert (await tom.heard()).transient
    late = await hall.log_in("jerry")
    assert [] == await late.line.quiet()
    assert [] == await office.get(ALL, conv_id=service)


async def test_what_is_valid_is_listed(office: Office, service: str) -> None:
    """The newest first, page by page; by either version."""
    till = office.town.clock.now() + DAY
    for text in ("one", "two", "three"):
        await _said(office, service, text, valid_till=till)
    rows = await office.get(ALL, conv_id=service)
    assert ["three", "two", "one"] == [json.loads(row["data"])["_lctext"] for row in rows]
    assert {till} == {row["valid_till"] for row in rows}
    assert rows[1:2] == await office.get(ALL, conv_id=service, limit=1, skip=1)
    assert rows == await office.get(f"{OLD}/broadcast", conv_id=service)


async def test_in_the_words_of_version_1_1(office: Office, service: str, tom: Client) -> None:
    """The same."""
    body = {"from_peer": "desk", "conv_id": service, "message": said("news")}
    sent = await office.post(f"{OLD}/broadcast", body)
    assert sent["msg-id"] == (await tom.heard()).id
    assert {} == await office.delete(f"{OLD}/broadcast?mid={sent['msg-id']}")
    assert [] == await office.get(f"{OLD}/broadcast", conv_id=service)


@pytest.mark.parametrize("other", [{"valid_till": 1}, {"valid_till": 1 << 60}, {"from_client": ""}])
async def test_what_is_no_broadcast(office: Office, service: str, other: dict[str, Any]) -> None:
    """An end that is past or too far, nothing to say, nobody who says it."""
    body = {"from_client": "desk", "conv_id": service, "message": "x", **other}
    status, code, words = refusal(await office.rest.post(ALL, body))
    assert (400, 1) == (status, code)
    assert next(iter(other)) in words


async def test_where_nobody_broadcasts(office: Office) -> None:
    """In a group, and where nothing is."""
    group = await office.start("tom")
    for conv_id, code in ((group, 4314), (NOBODY, 4303)):
        reply = await office.rest.post(ALL, {"from_client": "desk", "conv_id": conv_id, "message": "x"})
        assert code == refusal(reply)[1]
        assert code == refusal(await office.rest.get(f"{ALL}?conv_id={conv_id}"))[1]
    assert (400, 1) == refusal(await office.rest.get(ALL))[:2]
