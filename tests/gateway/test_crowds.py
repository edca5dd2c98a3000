"""Many connections, and many frames at once: whoever they come from, the others are served meanwhile."""

import asyncio
import statistics
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cast import Socket, Town
from gateway.raw import Lines, RawSocket, command, frame
from gateway.watch import comes_true, watched
from parlance.app.process import raise_file_limit
from parlance.core.model.limits import Limits
from parlance.kernel.clock import SECOND

SILENT = 4408
CROWD = 1000
PIPELINED = 10_000
PROMPT = 0.5
"""Seconds that half of all messages must not take, on a machine that has to play all the others as well."""
FEWEST = 9
"""Messages of which half must not take so long: what stops the whole machine for a moment makes one of them late."""
IN_BETWEEN = 5
"""Answers that others get, one after another, while all those frames are taken up: there is one every few turns."""
UNLIMITED = Limits(sends_per_second=0, burst=0)


class Talk:
    """Cy and Ben, who are there already and talk."""

    def __init__(self, conv_id: str, cy: Socket, ben: Socket) -> None:
        self._conv_id = conv_id
        self._cy, self._ben = cy, ben

    @classmethod
    async def begun(cls, town: Town) -> "Talk":
        """In a conversation of their own."""
        asked = {"client_id": "cy", "to_client_ids": ["ben"], "conv_type": 3}
        conv_id = (await town.backend.post("/im/conversations", asked)).data["conv_id"]
        return cls(conv_id, await town.log_in(town.cy, "talking"), await town.log_in(town.ben, "talking"))

    async def until(self, over: asyncio.Future[Any]) -> list[float]:
        """Go on until something is over: how long each message took to arrive."""
        loop = asyncio.get_running_loop()
        took: list[float] = []
        while not over.done() or len(took) < FEWEST:
            began = loop.time()
            await self._cy.send("msg.send", {"conv_id": self._conv_id, "type": -1, "text": "hello"})
            await self._ben.next("msg.new")
            took.append(loop.time() - began)
            await asyncio.sleep(0.03)
        return took


@pytest.mark.by_one_server
async def test_a_thousand_that_never_log_in(tmp_path: Path) -> None:
    """A thousand sockets that say nothing are closed when their time is over; who talks meanwhile notices nothing."""
    raise_file_limit()
    async with watched(tmp_path / "data", UNLIMITED) as town:
        town.clock.stop()
        talk, lines = await Talk.begun(town), Lines(town)

        async def crowd() -> list[int | None]:
            silent = [await lines.connect() for _ in range(CROWD)]
            town.clock.advance(UNLIMITED.login_wait + SECOND)
            return [code for code, _ in await asyncio.gather(*(each.goodbye() for each in silent))]

        arrived = asyncio.ensure_future(crowd())
        took = await talk.until(arrived)
        assert [SILENT] * CROWD == await arrived
        assert statistics.median(took) < PROMPT
        assert CROWD == town.application.tallies.sockets.idled
        lines.cut()


@pytest.mark.by_one_server
async def test_ten_thousand_frames_in_one_write(town: Town, lines: Lines) -> None:
    """Each is answered, in its order, and the others get their answers in between."""
    ada, ben = await lines.log_in(town.ada), await town.log_in(town.ben)
    tally = town.application.tallies.sockets
    before = tally.frames_in

    async def pipelined() -> list[str]:
        await ada.send(b"".join(command("ping", ref=str(number)) for number in range(PIPELINED)))
        return [(await ada.next("pong"))["data"]["ref"] for _ in range(PIPELINED)]

    answered = asyncio.ensure_future(pipelined())
    meanwhile = 0
    while not answered.done() and tally.frames_in - before - meanwhile < PIPELINED:
        await ben.request("ping")
        meanwhile += 1
    assert meanwhile >= IN_BETWEEN
    assert [str(number) for number in range(PIPELINED)] == await answered


async def test_ten_thousand_messages_in_one_write(tmp_path: Path) -> None:
    """Where nobody counts them, all are stored in their order, without a gap, and arrive so."""
    async with watched(tmp_path / "data", UNLIMITED) as town:
        lines = Lines(town)
        ada, ben = await lines.log_in(town.ada), await lines.log_in(town.ben)
        whole = b"".join(
            command("msg.send", conv_id=town.group, type=-1, text=str(number), ref=f"r{number}")
            for number in range(PIPELINED)
        )
        sending = asyncio.ensure_future(ada.send(whole))
        receipts = asyncio.ensure_future(received(ada, "msg.sent"))
        rows = await received(ben, "msg.new")
        assert list(range(1, PIPELINED + 1)) == [row["seq"] for row in rows]
        assert [str(number) for number in range(PIPELINED)] == [row["text"] for row in rows]
        assert [f"r{number}" for number in range(PIPELINED)] == [receipt["ref"] for receipt in await receipts]
        await sending
        lines.cut()


async def received(raw: RawSocket, type_: str) -> list[dict[str, object]]:
    """The data of so many frames of a type."""
    return [(await raw.next(type_))["data"] for _ in range(PIPELINED)]


async def test_a_flood_is_held_back(town: Town, lines: Lines) -> None:
    """Of ten thousand messages at once a few are taken, and each of the others is told when to try again."""
    town.clock.stop()
    ada, ben = await lines.log_in(town.ada), await town.log_in(town.ben)
    said = command("msg.send", conv_id=town.group, type=-1, text="flood")
    sending = asyncio.ensure_future(ada.send(said * PIPELINED))
    frames = [msgspec.json.decode((await ada.receive())[1]) for _ in range(PIPELINED)]
    await sending
    taken = [frame_ for frame_ in frames if frame_["type"] == "msg.sent"]
    refused = [frame_["data"] for frame_ in frames if frame_["type"] == "error"]
    assert {(4029, None, 1)} == {(data["code"], data["ref"], data["retry_after"]) for data in refused}
    assert town.application.tallies.sockets.rate_limited == len(refused)
    assert (Limits().burst, PIPELINED - Limits().burst) == (len(taken), len(refused))
    assert "flood" == (await ben.next("msg.new"))["data"]["text"]


async def test_the_flood_of_one_is_not_the_others(tmp_path: Path) -> None:
    """Who is held back may try again in time; other clients, and the backend, are not held back for it."""
    async with watched(tmp_path / "data", Limits(sends_per_second=5, burst=3)) as town:
        town.clock.stop()
        ada, ben = await town.log_in(town.ada), await town.log_in(town.ben)
        assert 3 == await taken(ada, town, 6)
        assert 1 == await taken(ben, town, 1)
        for _ in range(10):
            await town.say("from the backend")
        reply = await town.ada.rest.post(
            f"/im/conversations/{town.group}/message", {"from_client": "ada", "type": -1, "text": "over REST"}
        )
        assert (429, 4029, "1") == (*reply.refusal, reply.headers["Retry-After"])
        town.clock.advance(SECOND // 5)
        assert 1 == await taken(ada, town, 2)


async def taken(socket: Socket, town: Town, count: int) -> int:
    """How many of so many messages are taken."""
    message = {"conv_id": town.group, "type": -1, "text": "hello"}
    answers = [await socket.request("msg.send", message) for _ in range(count)]
    return sum(answer["type"] == "msg.sent" for answer in answers)


@pytest.mark.by_one_server
async def test_coming_and_going(town: Town, lines: Lines) -> None:
    """Hundreds of logins that are cut at once, at any moment of theirs, leave nothing behind."""
    shown = {"app_id": "hall", "client_id": "ada", "token": town.ada.token}
    for number in range(300):
        raw = await lines.connect()
        raw.writer.write(command("login", **shown, device_id=f"d{number % 7}") + command("sync") + frame(b"bad"))
        for _ in range(number % 4):
            await asyncio.sleep(0)
        raw.cut()
    ben = await town.log_in(town.ben)
    await comes_true(lambda: town.application.tallies.sockets.connections == 1, "only Ben is there")
    assert {"ada": False} == (await ben.request("presence", {"client_ids": ["ada"]}))["data"]["clients"]
