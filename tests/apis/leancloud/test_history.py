"""Reading what was said."""

from typing import Any

import pytest

from apis.leancloud.office import NOBODY, RTM, Office, refusal
from gateway.leancloud.clients import Client
from parlance.core.model.app import Policy
from parlance.core.model.signature import Permission, signature_of
from parlance.kernel.clock import HOUR
from parlance.kernel.ids import ClientId
from parlance.protocols.leancloud.generated import messages_pb2 as pb

Sent = dict[str, Any]


async def _three(office: Office) -> tuple[str, list[Sent]]:
    cid = await office.start("tom", "jerry")
    return cid, [await office.send(cid, text) for text in ("1", "2", "3")]


@pytest.mark.parametrize(
    ("first", "last", "more", "expected"),
    [
        (3, 1, {}, ["2"]),
        (3, 1, {"include_start": True}, ["3", "2"]),
        (3, 1, {"include_stop": True}, ["2", "1"]),
        (1, 3, {"reversed": True}, ["2"]),
        (1, 3, {"reversed": True, "include_start": True}, ["1", "2"]),
        (1, 3, {"reversed": True, "include_stop": True}, ["2", "3"]),
    ],
)
async def test_the_documents_examples(
    office: Office, first: int, last: int, more: dict[str, bool], expected: list[str]
) -> None:
    """Of three messages, from one to another."""
    cid, sent = await _three(office)
    begin, end = sent[first - 1], sent[last - 1]
    by_time = {"timestamp": begin["timestamp"], "till_timestamp": end["timestamp"]}
    assert expected == await office.texts(cid, **by_time, **more, msgid=begin["msg-id"], till_msgid=end["msg-id"])
    assert expected == await office.texts(cid, **by_time, **more)


async def test_unless_it_is_said(office: Office) -> None:
    """The newest first, or the other way round; a hundred, or as many as are asked for up to a thousand."""
    cid, _ = await _three(office)
    assert ["3", "2", "1"] == await office.texts(cid)
    assert ["1", "2", "3"] == await office.texts(cid, reversed=True)
    assert ["3", "2"] == await office.texts(cid, limit=2)
    assert [] == await office.texts(cid, limit=0)
    for number in range(100):
        await office.send(cid, str(number))
    assert (100, 103) == (len(await office.texts(cid)), len(await office.texts(cid, limit=5000)))


async def test_a_row(office: Office, tom: Client, jerry: Client) -> None:
    """As LeanCloud's document shows it; and when the first of the others had it."""
    cid = await tom.start("jerry")
    ack = await tom.say(cid)
    (row,) = await office.get(f"{RTM}/conversations/{cid}/messages")
    assert {
        "timestamp": ack.t,
        "conv-id": cid,
        "data": '{"_lctype":-1,"_lctext":"hello"}',
        "from": "tom",
        "msg-id": ack.uid,
        "is-conv": True,
        "is-room": False,
        "to": cid,
        "bin": False,
        "from-ip": "",
    } == row
    heard = await jerry.heard()
    await jerry.tell(pb.ack, ackMessage=pb.AckCommand(cid=cid, mid=heard.id))
    await jerry.say(cid)
    (row,) = await office.get(f"{RTM}/conversations/{cid}/messages", reversed=True, limit=1)
    assert row["ack-at"] >= ack.t


async def test_what_somebody_said(office: Office) -> None:
    """Wherever it was; or what everybody said."""
    one, other = await office.start("tom", "jerry"), await office.start("tom")
    room = await office.start(kind="chatrooms", name="R")
    await office.send(one, "a")
    await office.send(other, "b", sender="jerry")
    sent = await office.post(f"{RTM}/chatrooms/{room}/messages", {"from_client": "tom", "message": "c"})
    rows = await office.get(f"{RTM}/clients/tom/messages")
    assert [room, one] == [row["conv-id"] for row in rows]
    assert [one, other, room] == [row["conv-id"] for row in await office.get(f"{RTM}/messages", reversed=True)]
    before = await office.get(f"{RTM}/messages", timestamp=sent["timestamp"], msgid=sent["msg-id"])
    assert [other, one] == [row["conv-id"] for row in before]
    assert [sent["msg-id"]] == [row["msg-id"] for row in await office.get(f"{RTM}/chatrooms/{room}/messages")]


@pytest.mark.parametrize(
    "query", ["timestamp=x", "limit=many", "reversed=perhaps", "include_start=7", "limit=1&limit=2"]
)
async def test_what_makes_no_sense(office: Office, query: str) -> None:
    """The field is named."""
    cid, _ = await _three(office)
    status, code, words = refusal(await office.rest.get(f"{RTM}/conversations/{cid}/messages?{query}"))
    assert (400, 1) == (status, code)
    assert query.partition("=")[0] in words


async def test_what_is_not_there(office: Office) -> None:
    """No such conversation, nor such a message to begin from."""
    reply = await office.rest.get(f"{RTM}/conversations/{NOBODY}/messages")
    assert (404, 4303, "CONVERSATION_NOT_FOUND") == refusal(reply)
    cid, _ = await _three(office)
    assert 4404 == refusal(await office.rest.get(f"{RTM}/conversations/{cid}/messages?msgid=x"))[1]


# With a signature of the app's backend, for one of its clients


@pytest.fixture
async def strict(office: Office) -> Office:
    """The app asks everybody for something, now."""
    await office.town.application.actions.change_app(office.app.app_id, policy=Policy.TOKEN)
    return office


def _signed(office: Office, client: str, conv_id: str, ago: int = 0, **other: Any) -> dict[str, str]:
    time = office.town.clock.now() - ago
    permission = Permission(ClientId(client), conv_id=conv_id, history=True)
    signature = signature_of(office.app, permission, time, "n")
    return {"client_id": client, "nonce": "n", "signature_ts": str(time), "signature": signature, **other}


async def test_a_member_reads_with_a_signature(strict: Office) -> None:
    """And the public key, by the calls of either version."""
    cid, _ = await _three(strict)
    shown = _signed(strict, "jerry", cid)
    reply = await strict.public.get(f"{RTM}/conversations/{cid}/messages", params=shown)
    assert (200, 3) == (reply.status, len(reply.body))
    old = {"convid": cid, **{name: each for name, each in shown.items() if name != "client_id"}, "peerid": "jerry"}
    reply = await strict.public.get("/1.1/rtm/messages/history", params=old)
    assert (200, 3) == (reply.status, len(reply.body))


async def test_a_stranger_reads_nothing(strict: Office) -> None:
    """Signed or not."""
    cid, _ = await _three(strict)
    where = f"{RTM}/conversations/{cid}/messages"
    reply = await strict.public.get(where, params=_signed(strict, "spike", cid))
    assert (403, 4317, "CONVERSATION_MEMBERSHIP_REQUIRED") == refusal(reply)
    for path in (where, f"/1.1/rtm/messages/history?convid={cid}", "/1.1/rtm/messages/history", f"{RTM}/messages"):
        assert (401, 401, "Unauthorized.") == refusal(await strict.public.get(path)), path


@pytest.mark.parametrize(
    "other", [{"signature": "0" * 40}, {"nonce": "m"}, {"client_id": "tom"}, {"signature_ts": "1"}, {"signature": ""}]
)
async def test_a_wrong_signature(strict: Office, other: dict[str, Any]) -> None:
    """Is refused, whoever shows it."""
    cid, _ = await _three(strict)
    where = f"{RTM}/conversations/{cid}/messages"
    for rest in (strict.public, strict.rest):
        reply = await rest.get(where, params=_signed(strict, "jerry", cid, **other))
        assert (401, 4102, "SIGNATURE_FAILED") == refusal(reply)


async def test_an_old_signature(strict: Office) -> None:
    """Is wrong after six hours; so is one for another conversation, or one that lacks a part."""
    cid, _ = await _three(strict)
    where = f"{RTM}/conversations/{cid}/messages"
    reply = await strict.public.get(where, params=_signed(strict, "jerry", cid, ago=7 * HOUR))
    assert (401, 4102) == refusal(reply)[:2]
    assert (401, 4102) == refusal(await strict.public.get(where, params=_signed(strict, "jerry", NOBODY)))[:2]
    partly = _signed(strict, "jerry", cid)
    del partly["nonce"]
    assert (401, 4102) == refusal(await strict.public.get(where, params=partly))[:2]
    del partly["client_id"]
    assert (400, 1) == refusal(await strict.public.get(where, params=partly))[:2]


async def test_the_app_itself_reads_everything(strict: Office) -> None:
    """With a signature beside its key or without."""
    cid, _ = await _three(strict)
    assert ["3", "2", "1"] == await strict.texts(cid)
    assert ["3", "2", "1"] == await strict.texts(cid, **_signed(strict, "spike", cid))
