"""The document's own examples, one by one, exactly as it shows them.

Only the conversations' ids are put in. Each test names the section of the document (`IM接口文档 - V1.0`) that it
replays. No header is sent but what curl sends for a body: no app, no key. What is answered is compared with the
documented answer: the same names in the same order, and values of the same kind.
"""

import asyncio
import re
from typing import Any

import msgspec
import pytest

from apis.clinic.ward import DOCTOR, PATIENT, Ward

pytestmark = pytest.mark.needs("curl", "bash")

MADE_HERE = re.compile(r"[0-9a-f]{32}")
FIRST, SECOND = "CKD_P_903000000000001", "CKD_P_903000000000002"


async def post(ward: Ward, path: str, body: str) -> Any:
    """Send a body of the document; the JSON that comes back."""
    command = f"curl -X POST -H 'Content-Type: application/json' --data-raw '{body}' {ward.town.base}{path}"
    shell = await asyncio.create_subprocess_exec(
        "bash", "-c", command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    printed, _ = await shell.communicate()
    return msgspec.json.decode(printed)


def alike(documented: Any, answered: Any) -> bool:
    """Whether an answer has the documented names, in order, with values of the documented kinds."""
    if isinstance(documented, dict) and isinstance(answered, dict):
        return [*documented] == [*answered] and all(alike(documented[name], answered[name]) for name in documented)
    if isinstance(documented, list) and isinstance(answered, list):
        return not documented or all(alike(documented[0], one) for one in answered)
    return type(documented) is type(answered)


async def test_conversations_are_listed(ward: Ward) -> None:
    """1. 获取会话列表: two people with their types, a group without."""
    await ward.send(DOCTOR, "测试信息", to_id=PATIENT)
    await ward.profile(DOCTOR, nickname="白亚玲")
    with_doctor = (await ward.messages((await ward.conversations(PATIENT))[0]["conv_id"]))[0]
    group = await ward.group(PATIENT, "CKD_P_903000000000003")
    answered = await post(
        ward,
        "/im/conv/list",
        """{
	"from_id": "CKD_P_903000000000001"
}""",
    )
    documented = [
        {
            "conv_id": "xxxxx1",
            "conv_type": 0,
            "conv_users": ["CKD_P_903000000000001", "CKD_P_903000000000002"],
            "users_type": ["P", "D"],
            "last_msg": "测试信息",
            "last_msg_type": 2,
            "last_user_name": "白亚玲",
            "last_time": 1577433689000,
            "unread_count": 0,
        },
        {
            "conv_id": "xxxxx2",
            "conv_type": 1,
            "conv_users": ["CKD_P_903000000000001", "CKD_P_903000000000003"],
            "last_msg": "测试信息",
            "last_msg_type": 2,
            "last_user_name": "白亚玲",
            "last_time": 1577433689000,
            "unread_count": 0,
        },
    ]
    of_two = next(row for row in answered if row["conv_type"] == 0)
    of_more = next(row for row in answered if row["conv_type"] == 1)
    assert alike(documented[0], of_two)
    assert alike(documented[1], of_more)
    assert {
        "conv_id": with_doctor["conv_id"],
        "conv_type": 0,
        "conv_users": [DOCTOR, PATIENT],
        "users_type": ["D", "P"],
        "last_msg": "测试信息",
        "last_msg_type": 0,
        "last_user_name": "白亚玲",
        "last_time": with_doctor["from_time"],
        "unread_count": 1,
    } == of_two
    assert (group, [PATIENT, "CKD_P_903000000000003"], "", 0, "") == (
        of_more["conv_id"],
        of_more["conv_users"],
        of_more["last_msg"],
        of_more["last_msg_type"],
        of_more["last_user_name"],
    )


MESSAGES = [
    {
        "msg_id": "xxxxx1",
        "msg_type": 0,
        "msg": "文本测试",
        "conv_id": "xxxx1",
        "from_id": "CKD_P_903000000000001",
        "from_time": 1577336309973,
        "user": {"id": "903000000000001", "type": "P", "img": "http://xxx.png", "name": "安利英"},
    },
]


async def _said(ward: Ward) -> str:
    """What the document's lists show: a text, and an image that came as one."""
    await ward.send(FIRST, "文本测试", to_id=SECOND)
    await ward.profile(FIRST, nickname="安利英", avatar="http://xxx.png")
    image = "http://leancloudfile.xuetoutong.com/8f01e7daaaee84d289cd.png"
    conv_id: str = (await ward.send(SECOND, image, msg_type=1, to_id=FIRST))["conv_id"]
    return conv_id


def _is_what_was_said(answered: Any, conv_id: str) -> None:
    assert alike(MESSAGES, answered)
    image, text = answered
    assert {
        "msg_id": text["msg_id"],
        "msg_type": 0,
        "msg": "文本测试",
        "conv_id": conv_id,
        "from_id": FIRST,
        "from_time": text["from_time"],
        "user": {"id": "903000000000001", "type": "P", "img": "http://xxx.png", "name": "安利英"},
    } == text
    assert (1, "http://leancloudfile.xuetoutong.com/8f01e7daaaee84d289cd.png", SECOND) == (
        image["msg_type"],
        image["msg"],
        image["from_id"],
    )
    assert {"id": "903000000000002", "type": "P", "img": "", "name": ""} == image["user"]
    assert all(MADE_HERE.fullmatch(row["msg_id"]) for row in answered)


async def test_a_conversations_messages_are_listed(ward: Ward) -> None:
    """2. 通过会话id获取会话消息列表."""
    conv_id = await _said(ward)
    answered = await post(
        ward,
        f"/im/conv/{conv_id}",
        """{
	"page_no": 1,
    "page_size": 10
}""",
    )
    _is_what_was_said(answered, conv_id)


async def test_the_messages_of_two_are_listed(ward: Ward) -> None:
    """3. 通过发送者id与接受者id获取会话消息列表."""
    conv_id = await _said(ward)
    answered = await post(
        ward,
        "/im/from/to",
        """{
    "from_id": "CKD_P_903000000000001",
    "to_id": "CKD_P_903000000000002",
	"page_no": 1,
    "page_size": 10
}""",
    )
    _is_what_was_said(answered, conv_id)


async def test_a_message_is_sent(ward: Ward) -> None:
    """4. 消息发送: with the conversation and who it is with, both."""
    conv_id = (await ward.send(FIRST, "before", to_id=SECOND))["conv_id"]
    answered = await post(
        ward,
        "/im/send/msg",
        """{
	"conv_id": "xxxxx1",
    "msg": "文本测试",
    "msg_type": 0,
    "from_id": "CKD_P_903000000000001",
    "to_id": "CKD_P_903000000000002"
}""".replace("xxxxx1", conv_id),
    )
    assert {} == answered
    assert ["文本测试", "before"] == [row["msg"] for row in await ward.messages(conv_id)]


GROUP = """{
	"owner_id": "CKD_P_903000000000002",
    "name": "群1",
    "member": ["CKD_P_903000000000001","CKD_P_903000000000002"],
    "img": "http://xxx.png",
    "description": "群1xxx"
    
}"""  # noqa: W293 - as it stands in the document


@pytest.mark.parametrize("path", ["/im/creat/group", "/im/create/group"])
async def test_a_group_is_made(ward: Ward, path: str) -> None:
    """5. 创建群: the address is misspelt there; the right spelling works as well."""
    assert {} == await post(ward, path, GROUP)
    (row,) = await ward.conversations(FIRST)
    assert (1, [SECOND, FIRST]) == (row["conv_type"], row["conv_users"])


@pytest.mark.parametrize("path", ["/im/add/group/merber", "/im/add/group/member"])
async def test_members_are_added(ward: Ward, path: str) -> None:
    """6. 添加群成员: with a conversation's id where the document shows a client's; the right spelling works as well."""
    conv_id = await ward.group(DOCTOR)
    answered = await post(
        ward,
        path,
        """{
	"conv_id": "CKD_P_903000000000002",
    "member": ["CKD_P_903000000000001","CKD_P_903000000000002"]
}""".replace('"conv_id": "CKD_P_903000000000002"', f'"conv_id": "{conv_id}"'),
    )
    assert {} == answered
    (row,) = await ward.conversations(SECOND)
    assert [DOCTOR, FIRST, SECOND] == row["conv_users"]


async def test_members_are_listed(ward: Ward) -> None:
    """7. 查看群成员."""
    conv_id = await ward.group(SECOND)
    await ward.profile(SECOND, nickname="xxx1")
    assert {} == (await ward.bare.post(f"/im/group/{conv_id}/alias", {"id": SECOND, "alias": "yyy1"})).body
    answered = await post(
        ward,
        f"/im/group/{conv_id}/list",
        """{
}""",
    )
    assert [{"id": "CKD_P_903000000000002", "name": "xxx1", "alias": "yyy1"}] == answered
    assert ["id", "name", "alias"] == [*answered[0]]
