"""What a message is, here and on the platform: one table, read in both directions."""

from typing import Any

import pytest

from apis.clinic.ward import DOCTOR, PATIENT, Ward

TABLE = [(0, -1), (1, -2), (2, -3), (3, -4), (4, -6)]


async def _platforms(ward: Ward, conv_id: str) -> dict[str, Any]:
    page = await ward.backend.get(f"/im/conversations/{conv_id}/message")
    newest: dict[str, Any] = page.data["data"][0]
    return newest


async def _from_platform(ward: Ward, **said: Any) -> dict[str, Any]:
    """The newest message as this dialect lists it, after the platform sent it; the same in both kinds of lists."""
    conv_id = (await ward.send(PATIENT, "first", to_id=DOCTOR))["conv_id"]
    reply = await ward.backend.post(f"/im/conversations/{conv_id}/message", {"from_client": PATIENT, **said})
    assert 0 == reply.code, reply.body
    newest = (await ward.messages(conv_id))[0]
    (row,) = await ward.conversations(DOCTOR)
    assert (newest["msg_type"], newest["msg"]) == (row["last_msg_type"], row["last_msg"])
    return newest


@pytest.mark.parametrize(("here", "there"), TABLE)
async def test_sent_from_here(ward: Ward, here: int, there: int) -> None:
    """A text is the text there, everything else an address."""
    sent = await ward.send(PATIENT, "http://xxx/1", msg_type=here, to_id=DOCTOR)
    assert (here, "http://xxx/1") == (sent["msg_type"], sent["msg"])
    shown = await _platforms(ward, sent["conv_id"])
    text, url = ("http://xxx/1", "null") if here == 0 else (None, '"http://xxx/1"')
    assert (there, text, url, sent["msg_id"]) == (shown["type"], shown["text"], shown["url"], shown["msg_id"])


@pytest.mark.parametrize(("here", "there"), TABLE)
async def test_sent_from_there(ward: Ward, here: int, there: int) -> None:
    """What has both words and an address shows what its type is about."""
    newest = await _from_platform(ward, type=there, text="words", url="http://xxx/1")
    assert (here, "words" if here == 0 else "http://xxx/1") == (newest["msg_type"], newest["msg"])


async def test_without_an_address(ward: Ward) -> None:
    """Words are better than nothing, and nothing is an empty text."""
    image, file = await _from_platform(ward, type=-2, text="words"), await _from_platform(ward, type=-6)
    assert [(1, "words"), (4, "")] == [(row["msg_type"], row["msg"]) for row in (image, file)]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"text": "人民医院"}, "人民医院"),
        ({"text": "人民医院", "attr": {"name": "elsewhere"}}, "人民医院"),
        ({"attr": {"latitude": 39.9, "longitude": 116.4, "name": "人民医院"}}, "人民医院"),
        ({"attr": {"title": "人民医院", "address": "西直门"}}, "人民医院"),
        ({"attr": {"address": "西直门"}}, "西直门"),
        ({"attr": {"latitude": 39.9}}, ""),
        ({"attr": ["a"]}, ""),
        ({}, ""),
    ],
)
async def test_a_place(ward: Ward, said: dict[str, Any], name: str) -> None:
    """There is no number for it here: a text that says what it is, and its name."""
    newest = await _from_platform(ward, type=-5, **said)
    assert (0, f"[位置]{name}") == (newest["msg_type"], newest["msg"])


async def test_what_was_recalled(ward: Ward) -> None:
    """Says so, and nothing of what it was."""
    sent = await ward.send(PATIENT, "http://xxx/1", msg_type=1, to_id=DOCTOR)
    socket = await ward.log_in(PATIENT)
    await socket.request("msg.recall", {"conv_id": sent["conv_id"], "msg_id": sent["msg_id"]})
    (row,) = await ward.messages(sent["conv_id"])
    (listed,) = await ward.conversations(DOCTOR)
    assert (0, "[消息已撤回]") == (row["msg_type"], row["msg"])
    assert (0, "[消息已撤回]") == (listed["last_msg_type"], listed["last_msg"])


async def test_what_was_edited(ward: Ward) -> None:
    """Says what it says now."""
    sent = await ward.send(PATIENT, "helo", to_id=DOCTOR)
    socket = await ward.log_in(PATIENT)
    await socket.request("msg.edit", {"conv_id": sent["conv_id"], "msg_id": sent["msg_id"], "text": "hello"})
    assert ["hello"] == [row["msg"] for row in await ward.messages(sent["conv_id"])]
