"""Sending messages: POST /im/conversations/{conv_id}/message."""

import asyncio
import re
from typing import Any

import pytest

from cast import Town
from parlance.core.model.conversation import Kind


def address(conv_id: str) -> str:
    """Where a conversation's messages are."""
    return f"/im/conversations/{conv_id}/message"


def text(words: str = "hello", sender: str = "ada", **more: Any) -> dict[str, Any]:
    """A text that Ada sends."""
    return {"from_client": sender, "type": -1, "text": words, **more}


async def listed(town: Town, conv_id: str | None = None) -> list[dict[str, Any]]:
    """What is stored in the group (or elsewhere), newest first."""
    page = (await town.backend.get(address(conv_id or town.group), {"size": 100})).data
    rows: list[dict[str, Any]] = page["data"]
    return rows


async def test_a_message_is_sent(town: Town) -> None:
    """It is answered with its id and time, stored, and pushed to the other member."""
    socket = await town.log_in(town.ben)
    sent = (await town.backend.post(address(town.group), text())).data
    assert ["msg_id", "time"] == [*sent]
    assert re.fullmatch(r"[0-9a-f]{32}", sent["msg_id"])
    told = (await socket.next("msg.new"))["data"]
    assert (sent["msg_id"], "hello", "ada", 1) == (told["msg_id"], told["text"], told["from_client"], told["seq"])
    (row,) = await listed(town)
    assert (sent["msg_id"], sent["time"], "hello") == (row["msg_id"], row["ctime"], row["text"])


@pytest.mark.parametrize("kind", [-1, -2, -3, -4, -5, -6])
async def test_every_type(town: Town, kind: int) -> None:
    """A text needs words, the others do not."""
    body = {
        "from_client": "ada",
        "type": kind,
        "text": "words" if kind == -1 else None,
        "attr": {"size": 3},
        "url": "u",
    }
    assert 0 == (await town.backend.post(address(town.group), body)).code
    (row,) = await listed(town)
    assert (kind, {"size": 3}, '"u"') == (row["type"], row["attr"], row["url"])


@pytest.mark.parametrize("kind", [0, 1, -7, 99, -(10**30)])
async def test_a_type_there_is_not(town: Town, kind: int) -> None:
    """4406 naming it."""
    reply = await town.backend.post(address(town.group), text() | {"type": kind})
    assert (200, 4406) == reply.refusal
    assert "type" in reply.body["message"]


async def test_an_empty_text(town: Town) -> None:
    """A text without words is 4001."""
    for body in (text(""), {"from_client": "ada", "type": -1}, text() | {"text": None}):
        reply = await town.backend.post(address(town.group), body)
        assert (200, 4001) == reply.refusal
        assert "text" in reply.body["message"]
    assert [] == await listed(town)


@pytest.mark.parametrize("field", ["from_client", "type"])
async def test_a_field_is_missing(town: Town, field: str) -> None:
    """4001 naming it."""
    body = text()
    del body[field]
    reply = await town.backend.post(address(town.group), body)
    assert (200, 4001) == reply.refusal
    assert field in reply.body["message"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("from_client", ["ada"]),
        ("from_client", "a b"),
        ("from_client", ""),
        ("type", "-1"),
        ("type", -1.5),
        ("text", 7),
        ("text", ["hello"]),
        ("url", {}),
        ("transient", 2),
        ("transient", "1"),
        ("no_sync", -1),
        ("mention_all", "yes"),
        ("mention_client_ids", "ben"),
        ("mention_client_ids", [None]),
        ("mention_client_ids", ["a b"]),
        ("ref", 7),
        ("ref", ""),
        ("ref", "r" * 129),
    ],
)
async def test_a_field_has_the_wrong_form(town: Town, field: str, value: object) -> None:
    """4406 naming it, and nothing is stored."""
    reply = await town.backend.post(address(town.group), text() | {field: value})
    assert (200, 4406) == reply.refusal
    assert field in reply.body["message"]
    assert [] == await listed(town)


@pytest.mark.parametrize("attr", [{}, {"a": [1, {"b": None}]}, [1, "二"], "text", 7, 1.5, False, 10**20])
async def test_any_json_goes_with_it(town: Town, attr: object) -> None:
    """`attr` comes back decoded, as it was."""
    assert 0 == (await town.backend.post(address(town.group), text(attr=attr))).code
    assert attr == (await listed(town))[0]["attr"]


async def test_a_transient_message_passes_by(town: Town) -> None:
    """Who is online gets it; it is never stored."""
    socket = await town.log_in(town.ben)
    sent = (await town.backend.post(address(town.group), text(transient=1))).data
    told = (await socket.next("msg.new"))["data"]
    assert (sent["msg_id"], "1", None) == (told["msg_id"], told["transient"], told["seq"])
    assert [] == await listed(town)


async def test_the_senders_devices(town: Town) -> None:
    """With `no_sync` 1 the sender's own devices get it too; else they do not."""
    socket = await town.log_in(town.ada)
    await town.backend.post(address(town.group), text("not for ada"))
    await town.backend.post(address(town.group), text("for ada", no_sync=1))
    assert "for ada" == (await socket.next("msg.new"))["data"]["text"]
    assert ["for ada", "not for ada"] == [row["text"] for row in await listed(town)]
    assert [1, 0] == [row["no_sync"] for row in await listed(town)]


async def test_mentions(town: Town) -> None:
    """Up to 20 people, or everybody."""
    await town.backend.post(address(town.group), text(mention_client_ids=["ben", 7], mention_all=1))
    (row,) = await listed(town)
    assert (1, '["ben","7"]') == (row["mention_all"], row["mention_client_ids"])
    crowd = [f"guest{number}" for number in range(21)]
    assert 0 == (await town.backend.post(address(town.group), text(mention_client_ids=crowd[:20]))).code
    reply = await town.backend.post(address(town.group), text(mention_client_ids=crowd))
    assert (200, 4406) == reply.refusal
    assert "mention_client_ids" in reply.body["message"]


async def test_the_same_ref_is_the_same_message(town: Town) -> None:
    """Sent again, whatever else it says, it answers the same id and makes nothing; for each sender apart."""
    first = (await town.backend.post(address(town.group), text("one", ref="r-1"))).data
    assert first == (await town.backend.post(address(town.group), text("two", ref="r-1"))).data
    other = (await town.backend.post(address(town.group), text("three", "ben", ref="r-1"))).data
    assert first["msg_id"] != other["msg_id"]
    assert ["three", "one"] == [row["text"] for row in await listed(town)]


async def test_many_at_once(town: Town) -> None:
    """Senders at the same time: everything is there, once."""
    bodies = [text(f"m{number}", ("ada", "ben")[number % 2]) for number in range(40)]
    replies = await asyncio.gather(*(town.backend.post(address(town.group), body) for body in bodies))
    assert {reply.data["msg_id"] for reply in replies} == {row["msg_id"] for row in await listed(town)}
    assert {body["text"] for body in bodies} == {row["text"] for row in await listed(town)}


async def test_a_client_speaks_for_itself(town: Town) -> None:
    """403 with somebody else's `from_client`."""
    assert 0 == (await town.ada.rest.post(address(town.group), text())).code
    reply = await town.ben.rest.post(address(town.group), text())
    assert (403, 1) == reply.refusal
    assert "from_client" in reply.body["message"]


async def test_a_stranger_does_not_speak(town: Town) -> None:
    """4013, to the client itself and to the backend in its name; also for who is no user at all."""
    assert (200, 4013) == (await town.cy.rest.post(address(town.group), text(sender="cy"))).refusal
    assert (200, 4013) == (await town.backend.post(address(town.group), text(sender="cy"))).refusal
    assert (200, 4013) == (await town.backend.post(address(town.group), text(sender="zoe"))).refusal
    assert [] == await listed(town)


async def test_a_banned_client_does_not_speak(town: Town) -> None:
    """213, through the backend too."""
    await town.backend.post("/im/users/ben/ban")
    assert (200, 213) == (await town.backend.post(address(town.group), text(sender="ben"))).refusal
    assert (200, 213) == (await town.ben.rest.post(address(town.group), text(sender="ben"))).refusal


async def test_an_unknown_conversation(town: Town) -> None:
    """4011: nobody's, and another app's."""
    assert (200, 4011) == (await town.backend.post(address("0" * 32), text())).refusal
    assert (200, 4011) == (await town.stranger.post(address(town.group), text(sender="dora"))).refusal
    assert (200, 4011) == (await town.dora.rest.post(address(town.group), text(sender="dora"))).refusal


async def test_a_conversation_whose_time_is_over(town: Town) -> None:
    """An expired conversation is unknown."""
    town.clock.stop()
    asked = {"client_id": "ada", "to_client_ids": ["ben"], "conv_type": 2, "ttl": 1}
    conv_id = (await town.backend.post("/im/conversations", asked)).data["conv_id"]
    assert 0 == (await town.backend.post(address(conv_id), text())).code
    town.clock.advance(1_000)
    assert (200, 4011) == (await town.backend.post(address(conv_id), text())).refusal
    assert (200, 4011) == (await town.backend.get(address(conv_id))).refusal


async def test_64_kib_and_no_more(town: Town) -> None:
    """A message's content has a limit, in bytes, over text, `attr` and `url` together: 4406."""
    assert 0 == (await town.backend.post(address(town.group), text("x" * 10_000))).code
    assert 0 == (await town.backend.post(address(town.group), text("x" * 65_536))).code
    assert (200, 4406) == (await town.backend.post(address(town.group), text("x" * 65_537))).refusal
    assert (200, 4406) == (await town.backend.post(address(town.group), text("文" * 21_846))).refusal
    assert (200, 4406) == (await town.backend.post(address(town.group), text("x" * 65_000, url="u" * 600))).refusal
    assert 2 == len(await listed(town))


@pytest.mark.by_one_server
async def test_a_client_that_floods(town: Town) -> None:
    """20 at once in one conversation, then 429 with `Retry-After`; the backend is not limited."""
    town.clock.stop()
    replies = [await town.ada.rest.post(address(town.group), text(f"m{number}")) for number in range(40)]
    refused = [reply for reply in replies if reply.status == 429]
    assert 20 == len(refused)
    assert (429, 4029) == refused[0].refusal
    assert int(refused[0].headers["Retry-After"]) >= 1
    assert all(reply.code == 0 for reply in replies[:20])
    assert all([(await town.backend.post(address(town.group), text(f"b{number}"))).code == 0 for number in range(40)])


async def test_a_direct_conversation(town: Town) -> None:
    """The two talk; a third does not."""
    direct = await town.open(Kind.DIRECT, "ada", "cy")
    assert 0 == (await town.cy.rest.post(address(direct), text(sender="cy"))).code
    assert (200, 4013) == (await town.ben.rest.post(address(direct), text(sender="ben"))).refusal
