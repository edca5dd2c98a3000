"""Sending: POST /im/send/msg."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from apis.clinic.ward import DOCTOR, OTHER, PATIENT, REPRESENTED, Ward, answer, opened, refusal
from parlance.core.model.limits import Limits

SEND = "/im/send/msg"


async def test_somebody_is_written_to(ward: Ward) -> None:
    """The direct conversation is made if needed, once, whoever starts it; both become known."""
    sent = {"from_id": PATIENT, "to_id": DOCTOR, "msg": "hello"}
    assert {} == answer(await ward.bare.post(SEND, sent))
    assert {PATIENT, DOCTOR} == await ward.known()
    back = await ward.send(DOCTOR, "and you", to_id=PATIENT)
    (row,) = await ward.conversations(PATIENT)
    assert (back["conv_id"], 1) == (row["conv_id"], row["unread_count"])
    assert ["and you", "hello"] == [message["msg"] for message in await ward.messages(back["conv_id"])]


async def test_what_was_made_is_answered_if_that_is_preferred(ward: Ward) -> None:
    """As it stands in the lists; the answer says that the preference was heard."""
    reply = await ward.bare.post(SEND, {"from_id": PATIENT, "to_id": DOCTOR, "msg": "hello"}, headers=REPRESENTED)
    assert "return=representation" == reply.headers["Preference-Applied"]
    assert [answer(reply)] == await ward.messages(reply.body["conv_id"])


@pytest.mark.parametrize(
    ("prefer", "heard"),
    [
        ("return=representation", True),
        ("RETURN=Representation", True),
        ('return="representation"', True),
        ("respond-async, return=representation; wait=10", True),
        ("return = representation", True),
        ("return=minimal", False),
        ("return=representations", False),
        ("noreturn=representation", False),
        ("representation", False),
        ("", False),
    ],
)
async def test_preferences(ward: Ward, prefer: str, heard: bool) -> None:
    """As RFC 7240 writes them; whatever else is preferred is passed over."""
    reply = await ward.bare.post(
        SEND, {"from_id": PATIENT, "to_id": DOCTOR, "msg": "hello"}, headers={"Prefer": prefer}
    )
    assert heard == bool(answer(reply)) == ("Preference-Applied" in reply.headers)


async def test_a_group_is_written_to(ward: Ward) -> None:
    """By its conversation alone; an empty `to_id` is none."""
    group = await ward.group(DOCTOR, PATIENT)
    await ward.send(PATIENT, "one", conv_id=group)
    await ward.send(DOCTOR, "two", conv_id=group, to_id="")
    assert ["two", "one"] == [row["msg"] for row in await ward.messages(group)]


async def test_an_empty_conversation_is_none(ward: Ward) -> None:
    """Older clients send both fields with the first message."""
    for empty in ("", None):
        sent = await ward.send(PATIENT, "hello", conv_id=empty, to_id=DOCTOR)
    assert 2 == len(await ward.messages(sent["conv_id"]))


async def test_both_must_mean_the_same(ward: Ward) -> None:
    """Else 400, and nothing is sent to either."""
    mine = (await ward.send(PATIENT, "hello", to_id=DOCTOR))["conv_id"]
    other = (await ward.send(PATIENT, "hello", to_id=OTHER))["conv_id"]
    group = await ward.group(PATIENT, DOCTOR)
    for conv_id, to_id in ((other, DOCTOR), (mine, OTHER), (mine, PATIENT), (mine, "new"), (group, DOCTOR)):
        reply = await ward.bare.post(SEND, {"from_id": PATIENT, "msg": "x", "conv_id": conv_id, "to_id": to_id})
        assert (400, 40002) == refusal(reply)
        assert "to_id" in reply.body["message"]
    assert [1, 1, 0] == [len(await ward.messages(conv_id)) for conv_id in (mine, other, group)]
    assert {PATIENT, DOCTOR, OTHER} == await ward.known()
    await ward.send(DOCTOR, "and you", conv_id=mine, to_id=PATIENT)


async def test_sending_is_reading(ward: Ward) -> None:
    """Who answers has read what it answers to."""
    conv_id = (await ward.send(PATIENT, "hello", to_id=DOCTOR))["conv_id"]
    assert {conv_id: 1} == await ward.unread(DOCTOR)
    await ward.send(DOCTOR, "and you", to_id=PATIENT)
    assert ({conv_id: 0}, {conv_id: 1}) == (await ward.unread(DOCTOR), await ward.unread(PATIENT))


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"to_id": DOCTOR, "msg": "x"}, 40001, "from_id"),
        ({"from_id": PATIENT, "to_id": DOCTOR}, 40001, "msg"),
        ({"from_id": PATIENT, "to_id": DOCTOR, "msg": ""}, 40001, "msg"),
        ({"from_id": PATIENT, "to_id": DOCTOR, "msg": "", "msg_type": 1}, 40001, "msg"),
        ({"from_id": PATIENT, "to_id": DOCTOR, "msg": 7}, 40002, "msg"),
        ({"from_id": PATIENT, "to_id": DOCTOR, "msg": {"text": "x"}}, 40002, "msg"),
        ({"from_id": PATIENT, "to_id": DOCTOR, "msg": "x" * 65_537}, 40002, "msg"),
        ({"from_id": PATIENT, "to_id": DOCTOR, "msg": "x" * 65_537, "msg_type": 4}, 40002, "msg"),
        ({"from_id": PATIENT, "msg": "x"}, 40001, "conv_id"),
        ({"from_id": PATIENT, "msg": "x", "conv_id": "", "to_id": ""}, 40001, "conv_id"),
        ({"from_id": PATIENT, "to_id": PATIENT, "msg": "x"}, 40004, "to_id"),
        ({"from_id": PATIENT, "to_id": "a b", "msg": "x"}, 40002, "to_id"),
        ({"from_id": PATIENT, "to_id": ["new"], "msg": "x"}, 40002, "to_id"),
        ({"from_id": True, "to_id": DOCTOR, "msg": "x"}, 40002, "from_id"),
        ({"from_id": PATIENT, "conv_id": 7, "msg": "x"}, 40002, "conv_id"),
        *(
            ({"from_id": PATIENT, "to_id": DOCTOR, "msg": "x", "msg_type": number}, 40002, "msg_type")
            for number in (-1, 5, 10**30, "0", 0.5, [0], True)
        ),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_what_cannot_be_sent(ward: Ward, body: dict[str, Any], code: int, field: str) -> None:
    """400 naming the field; no conversation is made, and nobody becomes known by it."""
    reply = await ward.bare.post(SEND, body)
    assert (400, code) == refusal(reply)
    assert field in reply.body["message"]
    assert set() == await ward.known()


async def test_where_one_is_not_in(ward: Ward) -> None:
    """404, as where there is nothing."""
    group = await ward.group(DOCTOR)
    await ward.send(PATIENT, "makes it known", to_id=DOCTOR)
    patient = await ward.token(PATIENT)
    for rest, conv_id in ((ward.bare, group), (patient, group), (ward.bare, "nothing"), (ward.bare, "x" * 300)):
        reply = await rest.post(SEND, {"from_id": PATIENT, "conv_id": conv_id, "msg": "x"})
        assert (404, 40401) == refusal(reply)
        assert "会话不存在" == reply.body["message"]
    assert [] == await ward.messages(group)


async def test_too_much_at_once(tmp_path: Path) -> None:
    """A client that goes on and on is told when to come back; a backend is not held up."""
    async with opened(tmp_path / "data", Limits(sends_per_second=1, burst=1)) as ward:
        sent = {"from_id": PATIENT, "conv_id": (await ward.send(PATIENT, "hello", to_id=DOCTOR))["conv_id"], "msg": "x"}
        patient = await ward.token(PATIENT)
        replies = await asyncio.gather(*(patient.post(SEND, sent) for _ in range(20)))
        refused = [reply for reply in replies if reply.status != 200]
        assert {(429, 42900)} == {refusal(reply) for reply in refused}
        assert min(int(reply.headers["Retry-After"]) for reply in refused) >= 1
        assert {} == answer(await ward.bare.post(SEND, sent))
