"""The document's own examples, one by one, with its own curl commands.

Only the host, the conversation's id and the place of the picture are put in. Each test names the section of
the document (`IM文档`) that it replays. What is answered is compared with the documented answer: the same names
in the same order, and values of the same kind.
"""

import asyncio
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from PIL import Image

from cast import Town
from parlance.core.model.app import Policy

pytestmark = pytest.mark.needs("curl", "bash")

MADE_HERE = re.compile(r"[0-9a-f]{32}")
SECOND_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


class Reader:
    """Somebody who has the document, a shell, and the server of its examples."""

    def __init__(self, town: Town, conv_id: str) -> None:
        self.town = town
        self.conv_id = conv_id

    async def runs(self, command: str) -> Any:
        """Run a command of the document against this server; the JSON it prints."""
        filled = command.replace("http://127.0.0.1/", f"{self.town.base}/").replace("{conv_id}", self.conv_id)
        shell = await asyncio.create_subprocess_exec(
            "bash", "-c", filled, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        printed, _ = await shell.communicate()
        return msgspec.json.decode(printed)


@pytest.fixture
async def reader(town: Town) -> Reader:
    """The app of the document's examples, with its people and a group of theirs."""
    await town.application.actions.register_app("666666", master_key="master", policy=Policy.OPEN)
    trial = town.bare.showing(app_id="666666", app_key="master")
    for unique_id in ("1597500303", "1597500304", "1111", "2", "3", "Tom", "Jerry", "Alex", "Iron"):
        assert 0 == (await trial.post("/im/users", {"unique_id": unique_id})).code
    asked = {"client_id": "2", "to_client_ids": ["3"], "conv_type": 3, "conv_extend": {"conv_name": "just test"}}
    return Reader(town, (await trial.post("/im/conversations", asked)).data["conv_id"])


def alike(documented: Any, answered: Any) -> bool:
    """Whether an answer has the documented names, in order, with values of the documented kinds."""
    if isinstance(documented, dict) and isinstance(answered, dict):
        return [*documented] == [*answered] and all(alike(documented[name], answered[name]) for name in documented)
    if isinstance(documented, list) and isinstance(answered, list):
        return not documented or all(alike(documented[0], one) for one in answered)
    if documented is None or answered is None:
        return documented is None or answered is None
    return type(documented) is type(answered)


async def test_members_are_added(reader: Reader) -> None:
    """USER, 新增用户: the first example of the document."""
    answer = await reader.runs("""curl -X POST \\
  -H "app-id: 666666" \\
  -H "app-key: master" \\
  -H "Content-Type: application/json" \\
  -d '{"client_ids": ["Tom", "Jerry"]}' \\
  http://127.0.0.1/im/conversations/{conv_id}/members
""")
    assert {"code": 0, "message": "ok", "data": True, "request-id": None} == answer


async def test_members_are_listed(reader: Reader) -> None:
    """USER, 查询用户."""
    answer = await reader.runs("""curl -X GET \\
  -H "app-id: 666666" \\
  -H "app-key: master" \\
  http://127.0.0.1/im/conversations/{conv_id}/members
""")
    documented = {"code": 0, "message": "ok", "data": ["Tom", "Alex", "Iron"], "request-id": None}
    assert alike(documented, answer)
    assert {"2", "3"} == set(answer["data"])


async def test_a_client_logs_in(reader: Reader) -> None:
    """IM, 登录: the frame of the document, and the answer it shows."""
    socket = await reader.town.connect()
    await socket.ws.send_str("""{
    "type": "login",
    "data": {
        "device_id": "1111",
        "app_id": "666666",
        "client_id": "1111",
        "ext": {
            "nickname": "liliSara"
        }
    }
}""")
    documented = {"type": "login.success", "msg": "success", "data": {"time": 1599927082012}}
    assert alike(documented, await socket.next("login.success"))


async def test_a_conversation_is_opened(reader: Reader) -> None:
    """IM, 创建会话."""
    answer = await reader.runs("""curl -X POST \\
  -H "app-id: 666666" \\
  -H "app-key: master" \\
  -H "Content-Type: application/json" \\
  -d '{"client_id":"1597500303","to_client_ids":["1597500304"],"conv_type":2,"conv_extend":{"conv_name":"just test"}}' \\
  http://127.0.0.1/im/conversations

""")  # noqa: E501
    documented = {
        "code": 0,
        "message": "ok",
        "data": {"conv_extend": None, "conv_id": "0e7ae8d24e2658e7fb4ecdfbb409249d"},
        "request-id": None,
    }
    assert alike(documented, answer)
    assert MADE_HERE.fullmatch(answer["data"]["conv_id"])


CONVERSATIONS = {
    "code": 0,
    "message": "ok",
    "data": {
        "current_page": 1,
        "data": [
            {
                "conv_id": "05df798f554739291589f521d0f0f5a1",
                "conv_type": 2,
                "client_num": 0,
                "app_id": "666666",
                "conv_extend": None,
                "conv_creater_id": "1597500303",
                "ctime": "2020-08-21 07:16:37",
                "mtime": None,
            },
        ],
        "last_page": 10,
        "per_page": "2",
        "total": 20,
    },
    "request-id": None,
}


async def test_a_conversation_is_found(reader: Reader) -> None:
    """IM, 查询会话: POST with `-G`, so that everything stands in the query string."""
    answer = await reader.runs(
        """curl -X POST \\
  -H "app-id: 666666" \\
  -H "app-key: master" \\
  -G \\
  --data-urlencode 'where=[["conv_id","=","e7c42cf35bd47c216f4b8e205e1fc0ca"]]' \\
  --data-urlencode 'page=1' \\
  --data-urlencode 'size=20' \\
  http://127.0.0.1/im/conversations
""".replace("e7c42cf35bd47c216f4b8e205e1fc0ca", reader.conv_id)
    )
    assert alike(CONVERSATIONS, answer)
    (found,) = answer["data"]["data"]
    assert reader.conv_id == found["conv_id"]
    assert {"conv_name": "just test"} == found["conv_extend"]
    assert 2 == found["client_num"]
    assert SECOND_WRITTEN.fullmatch(found["ctime"])
    assert "20" == answer["data"]["per_page"]


async def test_a_conversation_is_found_with_get(reader: Reader) -> None:
    """IM, 查询会话: the heading says GET, so the same with GET."""
    answer = await reader.runs(
        """curl -X GET \\
  -H "app-id: 666666" \\
  -H "app-key: master" \\
  -G \\
  --data-urlencode 'where=[["conv_id","=","{conv_id}"]]' \\
  http://127.0.0.1/im/conversations
"""
    )
    assert alike(CONVERSATIONS, answer)
    assert [reader.conv_id] == [found["conv_id"] for found in answer["data"]["data"]]


async def test_a_conversation_is_changed(reader: Reader) -> None:
    """IM, 更新会话."""
    answer = await reader.runs(
        """curl -X PUT \\
  -H "app-id: 666666" \\
  -H "app-key: master" \\
  -H "Content-Type: application/json" \\
  -d '{"where": [["conv_id","=","b0e5ec174bd477df4b43e664927f6e3a"]],
    "update": {"conv_extend":{"conv_name":"test2"}}}' \\
  http://127.0.0.1/im/conversations
""".replace("b0e5ec174bd477df4b43e664927f6e3a", reader.conv_id)
    )
    assert {"code": 0, "message": "ok", "data": True, "request-id": None} == answer


async def test_a_conversation_is_deleted(reader: Reader) -> None:
    """IM, 删除会话."""
    answer = await reader.runs("""curl -X DELETE \\
  -H "app-id: 666666" \\
  -H "app-key: master" \\
  http://127.0.0.1/im/conversations/{conv_id}
""")
    assert {"code": 0, "message": "ok", "data": True, "request-id": None} == answer


SEND = """curl -X POST \\
  -H "app-id: 666666" \\
  -H "app-key: master" \\
  -H "Content-Type: application/json" \\
  -d '{"from_client":2,"type":-1,"text":"HELLO !"}' \\
  http://127.0.0.1/im/conversations/{conv_id}/message
"""


async def test_a_message_is_sent(reader: Reader) -> None:
    """IM, 发送信息: the sender is a number, as in the document."""
    answer = await reader.runs(SEND)
    documented = {
        "code": 0,
        "message": "ok",
        "data": {"msg_id": "1228a6554433f500a034b3f8d0b93571", "time": 1608126111686},
        "request-id": None,
    }
    assert alike(documented, answer)
    assert MADE_HERE.fullmatch(answer["data"]["msg_id"])


async def test_the_other_side_is_told(reader: Reader) -> None:
    """IM, 发送信息: the other side gets the documented frame; besides it there is only `seq`."""
    socket = await reader.town.connect()
    await socket.send("login", {"app_id": "666666", "client_id": "3", "device_id": "1111"})
    await socket.next("login.success")
    sent = await reader.runs(SEND)
    documented = {
        "from_client": "2",
        "conv_id": "cd7fc5304f56f52488d5246b0ebbdbfb",
        "msg_id": "1228a6554433f500a034b3f8d0b93571",
        "ctime": 1608126111618,
        "type": -1,
        "text": "HELLO !",
        "attr": "null",
        "url": "null",
        "transient": "0",
        "mention_all": 0,
        "mention_client_ids": "null",
    }
    told = (await socket.next("msg.new"))["data"]
    assert 1 == told.pop("seq")
    assert {**documented, "conv_id": reader.conv_id, "msg_id": sent["data"]["msg_id"], "ctime": told["ctime"]} == told


async def test_messages_are_listed(reader: Reader) -> None:
    """IM, 信息列表: GET with a JSON body, and `app-id` alone."""
    for _ in range(12):
        await reader.runs(SEND)
    answer = await reader.runs(
        """curl --location --request GET 'http://127.0.0.1/im/conversations/cd7fc5304f56f52488d5246b0ebbdbfb/message' \\
--header 'app-id: 666666' \\
--header 'Content-Type: application/json' \\
--data-raw '{
    "page":3,
    "size":5
}'
""".replace("cd7fc5304f56f52488d5246b0ebbdbfb", reader.conv_id)
    )
    documented = {
        "code": 0,
        "message": "ok",
        "data": {
            "current_page": 3,
            "data": [
                {
                    "msg_id": "84a2ab146df74c4d1306d13d000d2ff7",
                    "conv_id": "cd7fc5304f56f52488d5246b0ebbdbfb",
                    "type": -1,
                    "text": "123323333211112321",
                    "attr": None,
                    "url": "null",
                    "ctime": 1608298323027,
                    "msg_status": 1,
                    "no_sync": 0,
                    "mention_all": 0,
                    "mention_client_ids": "null",
                    "transient": 0,
                    "mtime": None,
                    "client_id": "2",
                },
            ],
            "last_page": 119,
            "per_page": 2,
            "total": 237,
        },
        "request-id": None,
    }
    assert alike(documented, answer)
    assert {"current_page": 3, "last_page": 3, "per_page": 5, "total": 12} == {
        name: value for name, value in answer["data"].items() if name != "data"
    }
    rows = answer["data"]["data"]
    assert 2 == len(rows)
    expected = {**documented["data"]["data"][0], "conv_id": reader.conv_id, "text": "HELLO !"}  # type: ignore[index]
    for row in rows:
        assert {**expected, "msg_id": row["msg_id"], "ctime": row["ctime"]} == row


async def test_a_file_is_uploaded(reader: Reader, tmp_path: Path) -> None:
    """FILE, 上传文件: `app-id` alone, a name with spaces, and a backslash after the last line."""
    picture = tmp_path / "2020-04-28 16.25.13.jpg"
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(drawn, "JPEG")
    picture.write_bytes(content := drawn.getvalue())
    answer = await reader.runs(
        """curl --location --request POST 'http://127.0.0.1/im/file/upload' \\
--header 'app-id: 666666' \\
--form 'file=@/Users/zorozdd/Desktop/2020-04-28 16.25.13.jpg' \\
""".replace("/Users/zorozdd/Desktop/2020-04-28 16.25.13.jpg", str(picture))
    )
    assert ["code", "message", "data", "request-id"] == [*answer]
    assert re.fullmatch(re.escape(reader.town.base) + r"/storage/uploads/[0-9a-f]{32}\.jpg", answer["data"])
    async with aiohttp.ClientSession() as session, session.get(answer["data"]) as served:
        assert (200, "image/jpeg", content) == (served.status, served.content_type, await served.read())


async def test_the_other_spelling_of_the_app_header(reader: Reader) -> None:
    """鉴权: the text says `IM-APP-ID` where the examples say `app-id`; both are understood."""
    answer = await reader.runs("""curl -X GET \\
  -H "IM-APP-ID: 666666" \\
  http://127.0.0.1/im/conversations/{conv_id}/members
""")
    assert 0 == answer["code"]


async def test_a_request_id_comes_back(reader: Reader) -> None:
    """说明: the request's own id comes back in the envelope."""
    answer = await reader.runs("""curl -X GET -H "app-id: 666666" -H "Request-Id: abc-1" \\
  http://127.0.0.1/im/conversations/{conv_id}/members
""")
    assert "abc-1" == answer["request-id"]
