"""`ping`, `logout`, and the WebSocket's own signs of life (wire: platform#ping, platform#logout)."""

import aiohttp

from cast import PATIENCE, Town
from gateway.watch import comes_true, cut


async def test_a_ping_is_answered_with_the_time(town: Town) -> None:
    """`pong` says what time it is, and carries the `ref` back if there was one."""
    ada = await town.log_in(town.ada)
    before = town.application.clock.now()
    answer = await ada.request("ping")
    assert ("pong", "success") == (answer["type"], answer["msg"])
    assert before <= answer["data"]["time"] <= town.application.clock.now()
    await ada.ws.send_str('{"type":"ping"}')
    assert {"time"} == (await ada.next("pong"))["data"].keys()


async def test_a_websocket_ping_is_answered(town: Town) -> None:
    """A ping of the WebSocket gets its pong, with what was in it, before a login too."""
    async with town.session.ws_connect(f"{town.base}/im/socket", autoping=False) as ws:
        for payload in (b"", b"are you there?", b"x" * 125):
            await ws.ping(payload)
            message = await ws.receive(PATIENCE)
            assert (aiohttp.WSMsgType.PONG, payload) == (message.type, message.data)


async def test_a_websocket_pong_is_taken(town: Town) -> None:
    """A pong that nobody asked for does no harm."""
    ada = await town.log_in(town.ada)
    await ada.ws.pong(b"here")
    assert "pong" == (await ada.request("ping"))["type"]


async def test_logging_out(town: Town) -> None:
    """`logout` is answered, and the socket closes as it should."""
    ada = await town.log_in(town.ada)
    answer = await ada.request("logout")
    assert ("logout.success", "success") == (answer["type"], answer["msg"])
    assert 1000 == await ada.closed()


async def test_what_was_sent_before_the_logout_is_done(town: Town) -> None:
    """A message that was sent in one breath with the logout is stored and reaches the others."""
    ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
    await ada.send("msg.send", {"conv_id": town.group, "type": -1, "text": "goodbye"})
    await ada.send("logout")
    assert "goodbye" == (await ben.next("msg.new"))["data"]["text"]
    assert 1000 == await ada.closed()


async def test_what_is_sent_after_the_logout_is_not_done(town: Town) -> None:
    """After the goodbye nothing more is taken."""
    ada = await town.log_in(town.ada)
    await ada.send("logout")
    await ada.send("msg.send", {"conv_id": town.group, "type": -1, "text": "one more thing"})
    assert 1000 == await ada.closed()
    assert [] == (await town.backend.get(f"/im/conversations/{town.group}/message")).data["data"]


async def test_hanging_up_is_a_logout(town: Town) -> None:
    """A connection that is cut without a word is forgotten at once."""
    ada = await town.log_in(town.ada)
    cut(ada)
    hub = town.application.hub
    await comes_true(lambda: [] == list(hub.everybody()), "nobody is connected")
