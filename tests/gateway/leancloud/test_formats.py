"""The same in every format (wire: leancloud#subprotocols)."""

from typing import Any

import aiohttp
import pytest

from cast import PATIENCE
from gateway.leancloud.clients import TEXT, Client, Hall


async def asked(ws: aiohttp.ClientWebSocketResponse, serial: int, **fields: Any) -> dict[str, Any]:
    """Ask in JSON; the answer, and what comes before it is passed over."""
    await ws.send_json({"i": serial, **fields})
    while True:
        frame: dict[str, Any] = await ws.receive_json(timeout=PATIENCE)
        if frame.get("i") == serial:
            return frame


async def pushed(ws: aiohttp.ClientWebSocketResponse, cmd: str, op: str | None = None) -> dict[str, Any]:
    """The next push of a kind."""
    while True:
        frame: dict[str, Any] = await ws.receive_json(timeout=PATIENCE)
        if (frame["cmd"], frame.get("op")) == (cmd, op):
            return frame


async def test_json_is_as_good_as_binary(hall: Hall, jerry: Client) -> None:
    """Old clients talk with new ones; what is text of JSON elsewhere is JSON, and operations have hyphens."""
    ws = await hall.town.session.ws_connect(f"{hall.town.base}/", protocols=("lc.json.3",))
    opened = await asked(ws, -65_535, cmd="session", op="open", appId="lobby", peerId="tom", ua="dotnet/1.0")
    assert ("opened", 2, True) == (opened["op"], opened["service"], bool(opened["st"]))
    started = await asked(ws, 0, cmd="conv", op="start", m=["jerry"], attr={"name": "Chase"})
    joined = await pushed(ws, "conv", "members-joined")
    assert (started["cid"], "tom", {"tom", "jerry"}) == (joined["cid"], joined["peerId"], set(joined["m"]))
    said = await asked(ws, 1, cmd="direct", cid=started["cid"], msg="hi")
    heard = await jerry.heard()
    assert (said["uid"], "hi", False) == (heard.id, heard.msg, "code" in said)
    await jerry.say(started["cid"], "ho")
    assert ("ho", "jerry", "tom") == ((push := await pushed(ws, "direct"))["msg"], push["fromPeerId"], push["peerId"])
    found = await asked(ws, 2, cmd="conv", op="query", where={"name": "Chase"})
    assert [started["cid"]] == [row["objectId"] for row in found["results"]]
    refused = await asked(ws, 3, cmd="conv", op="count", cid="nowhere")
    assert ("error", 4303, "CONVERSATION_NOT_FOUND", 4303) == (
        refused["cmd"],
        refused["code"],
        refused["reason"],
        refused["error"]["code"],
    )
    await ws.close()


@pytest.mark.parametrize("protocol", [TEXT, "lc.protobase64.3", "lc.protobuf.3"])
async def test_text_is_as_good_as_binary(hall: Hall, jerry: Client, protocol: str) -> None:
    """Both ways, under the old names of the formats too."""
    tom = await hall.log_in("tom", protocol=protocol)
    cid = await tom.start("jerry")
    said = await jerry.say(cid, "汤姆")
    assert (said.uid, "汤姆") == ((heard := await tom.heard()).id, heard.msg)
