"""The fake refuses what RongCloud refuses, and takes what RongCloud's SDKs send."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from rongcloud.fake import FORM, KEY, SECRET, FakeRongCloud, dumped, signed
from rongcloud.routing import machine_time

SECONDS, MILLISECONDS = str(machine_time() // 1000), str(machine_time())
SHAPES = {
    "go": ("8674665223082153551", SECONDS, ""),
    "php": ("1804289383", SECONDS, ""),
    "java": ("123456.789", SECONDS, ""),
    "sealtalk": ("654321", MILLISECONDS, ""),
    "prefixed": ("14314", MILLISECONDS, "RC-"),
    "years ago": ("14314", "1408710653", ""),
}
"""Nonce, timestamp and spelling, as RongCloud's SDKs send them."""
TEXT = dumped({"content": "hi"})
SAID = {"fromUserId": "1", "toUserId": "2", "objectName": "RC:TxtMsg", "content": TEXT}
IN_GROUP = {"fromUserId": "1", "toGroupId": "7", "objectName": "RC:TxtMsg", "content": TEXT}


def headers(nonce: str = "14314", timestamp: str = "", spelling: str = "", **other: str) -> dict[str, str]:
    """The four headers, and the form's type; of now, unless a time is given."""
    timestamp = timestamp or str(machine_time())
    shown = {
        "App-Key": KEY,
        "Nonce": nonce,
        "Timestamp": timestamp,
        "Signature": signed(SECRET, nonce, timestamp),
        **{name.replace("_", "-"): value for name, value in other.items()},
    }
    return {**{f"{spelling}{name}": value for name, value in shown.items() if value}, "Content-Type": FORM}


async def asked(
    fake: FakeRongCloud, path: str, form: Any, shown: Mapping[str, str] | None = None, method: str = "POST"
) -> tuple[int, int]:
    """HTTP status and code."""
    body = form if isinstance(form, bytes) else urlencode(form, doseq=True).encode()
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, fake.base + path, headers=shown or headers(), data=body) as answer,
    ):
        code: int = (await answer.json())["code"]
        return answer.status, code


@pytest.mark.parametrize("shape", SHAPES)
async def test_the_shapes_of_rongcloud_s_sdks_are_taken(lenient: FakeRongCloud, shape: str) -> None:
    """Again and again with the same nonce, as one of them does."""
    for _ in range(2):
        assert (200, 200) == await asked(lenient, "/user/checkOnline.json", {"userId": "1"}, headers(*SHAPES[shape]))


@pytest.mark.parametrize("shape", ["go", "php", "java", "years ago"])
async def test_strictly_they_are_not(strict: FakeRongCloud, shape: str) -> None:
    """What the documents do not say is refused as a wrong signature."""
    shown = headers(*SHAPES[shape])
    assert (401, 1004) == await asked(strict, "/user/checkOnline.json", {"userId": "1"}, shown)


async def test_strictly_a_nonce_is_used_once(strict: FakeRongCloud) -> None:
    """And within five minutes."""
    assert (200, 200) == await asked(strict, "/user/checkOnline.json", {"userId": "1"})
    assert (401, 1004) == await asked(strict, "/user/checkOnline.json", {"userId": "1"})
    late = headers("2", str(machine_time() - 6 * 60_000))
    assert (401, 1004) == await asked(strict, "/user/checkOnline.json", {"userId": "1"}, late)


@pytest.mark.parametrize(
    ("shown", "refused"),
    [
        (headers(App_Key="another"), (401, 1001)),
        (headers(App_Key=""), (401, 1001)),
        (headers(Signature="0" * 40), (401, 1004)),
        (headers(Signature=""), (401, 1004)),
        (headers(Nonce="1"), (401, 1004)),
        (headers(Timestamp=""), (401, 1004)),
        ({**headers(), "Content-Type": "application/json"}, (400, 1002)),
    ],
)
async def test_who_does_not_prove_itself_is_refused(
    lenient: FakeRongCloud, shown: dict[str, str], refused: tuple[int, int]
) -> None:
    """With the code for what is wrong."""
    assert refused == await asked(lenient, "/user/checkOnline.json", {"userId": "1"}, shown)


async def test_a_signature_may_be_in_capitals(lenient: FakeRongCloud) -> None:
    """Hex is hex."""
    shown = headers(timestamp=MILLISECONDS, Signature=signed(SECRET, "14314", MILLISECONDS).upper())
    assert (200, 200) == await asked(lenient, "/user/checkOnline.json", {"userId": "1"}, shown)


@pytest.mark.parametrize(
    ("path", "form", "refused"),
    [
        ("/user/getToken.json", {"userId": "1"}, (400, 1002)),
        ("/user/getToken.json", {"userId": "1", "name": ""}, (400, 1002)),
        ("/user/getToken.json", {"userId": "x" * 65, "name": "Ada"}, (400, 1005)),
        ("/user/getToken.json", {"userId": ["1", "2"], "name": "Ada"}, (400, 1002)),
        ("/user/getToken.json", {"userId": "1", "name": "Ada", "portraitUri": "x" * 1025}, (400, 1005)),
        ("/user/getToken.json", b"", (400, 1003)),
        ("/user/getToken", {"userId": "1", "name": "Ada"}, (404, 404)),
        ("/user/unheardOf.json", {"userId": "1"}, (404, 404)),
        ("/user/block.json", {"userId": "1", "minute": "43201"}, (400, 1002)),
        ("/user/block.json", {"userId": "1", "minute": "0"}, (400, 1002)),
        ("/user/block.json", {"userId": [str(uid) for uid in range(21)], "minute": "1"}, (400, 1002)),
        ("/group/create.json", {"userId": "1", "groupId": "7"}, (400, 1002)),
        ("/group/join.json", {"userId": [str(uid) for uid in range(1001)], "groupId": "7"}, (400, 1002)),
        ("/group/join.json", {"userId": "1", "groupId": "7 8"}, (400, 1002)),
        ("/message/private/publish.json", {**SAID, "toUserId": [str(uid) for uid in range(1001)]}, (400, 1002)),
        ("/message/private/publish.json", {**SAID, "content": "not json"}, (400, 1002)),
        ("/message/private/publish.json", {**SAID, "content": "{}"}, (400, 1002)),
        ("/message/private/publish.json", {**SAID, "objectName": "RC:Unheard"}, (400, 1002)),
        ("/message/private/publish.json", {**SAID, "objectName": "x" * 33}, (400, 1005)),
        ("/message/private/publish.json", {**SAID, "objectName": "a:b", "content": "x" * 102_401}, (400, 1005)),
        ("/message/group/publish.json", {**IN_GROUP, "toGroupId": ["1", "2", "3", "4"]}, (400, 1002)),
        (
            "/message/group/publish.json",
            {**IN_GROUP, "content": dumped({"content": "hi", "mentionedInfo": {"type": 1}})},
            (400, 1002),
        ),
        ("/message/system/publish.json", {**SAID, "toUserId": [str(uid) for uid in range(101)]}, (400, 1002)),
        ("/message/recall.json", {"fromUserId": "1", "targetId": "2", "conversationType": "2"}, (400, 1002)),
    ],
)
async def test_what_is_wrong_in_a_form_is_refused(
    lenient: FakeRongCloud, path: str, form: Any, refused: tuple[int, int]
) -> None:
    """Missing, twice, too long, too many, out of range, of the wrong shape."""
    assert refused == await asked(lenient, path, form)


async def test_only_post_is_taken(lenient: FakeRongCloud) -> None:
    """RongCloud's calls are POSTs, the reading ones too."""
    assert (405, 1002) == await asked(lenient, "/user/checkOnline.json", {"userId": "1"}, method="PUT")


async def test_each_call_has_its_limit(lenient: FakeRongCloud) -> None:
    """Counted for each group in a second."""
    form = {**IN_GROUP, "toGroupId": ["7", "8", "9"]}
    outcomes = [await asked(lenient, "/message/group/publish.json", form) for _ in range(8)]
    assert {(200, 200), (429, 1008)} >= set(outcomes)
    lenient.limits["/message/group/publish"] = 2
    assert (429, 1008) == await asked(lenient, "/message/group/publish.json", form)


async def test_a_block_has_an_end(lenient: FakeRongCloud) -> None:
    """After its minutes the user is in no list."""
    await asked(lenient, "/user/block.json", {"userId": "1", "minute": "1"})
    assert 0 < lenient.state.blocked_until["1"] - machine_time() <= 60_000
