"""A client that reads more slowly than it is written to costs itself its connection (wire: platform#closing)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cast import Town
from gateway.raw import PING, Lines, RawSocket, command, frame
from gateway.watch import comes_true, watched, way_out
from parlance.core.model.limits import Limits
from parlance.realtime.connection import Connection
from parlance.web import sockets

pytestmark = pytest.mark.by_one_server

SLOW = 1013
UNSENT = 64 * 1024
WORDS = "x" * 50_000
LONG = 60.0
"""Seconds within which every line is full, and every limit reached."""


@pytest.fixture
async def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """A town in which not much may wait for a connection, and whoever was slow has time to read its goodbye."""
    monkeypatch.setattr(sockets, "CLOSE_WAIT", LONG)
    async with watched(tmp_path / "data", Limits(unsent=UNSENT, sends_per_second=0, burst=0)) as town:
        yield town


def connection_of(town: Town, client: str) -> Connection:
    """The only connection of a client."""
    [connection] = [each for each in town.application.hub.everybody() if each.caller.client_id == client]
    return connection


async def slow_reader(lines: Lines) -> RawSocket:
    """Ben, who has stopped reading."""
    ben = await lines.log_in(lines.town.ben, small=True)
    ben.stop_reading()
    return ben


async def test_only_the_slow_one_is_closed(town: Town, lines: Lines) -> None:
    """While the others read all of it, the one who does not is let go, told so, and may come back and sync."""
    await town.backend.post(f"/im/conversations/{town.group}/members", {"client_ids": ["cy"]})
    ben, cy = await slow_reader(lines), await town.log_in(town.cy)
    transport = way_out(connection_of(town, "ben"))
    most, said = 0, 0
    tally = town.application.tallies.sockets
    async with asyncio.timeout(LONG):
        while not tally.overflowed:
            await town.say(WORDS)
            assert WORDS == (await cy.next("msg.new"))["data"]["text"]
            said += 1
            most = max(most, transport.unsent())
    # Over the limit goes no more than what one turn of the loop adds to it.
    assert most < UNSENT + 2 * len(WORDS)
    ben.go_on_reading()
    code, frames = await ben.goodbye()
    assert (SLOW, "server.going_away", "slow") == (code, frames[-1]["type"], frames[-1]["data"]["reason"])
    seqs = [each["data"]["seq"] for each in frames[:-1]]
    assert list(range(1, len(seqs) + 1)) == seqs
    assert len(seqs) < said
    assert 1 == tally.overflowed
    assert "pong" == (await cy.request("ping"))["type"]
    back = await town.log_in(town.ben)
    [row] = (await back.request("sync"))["data"]["conversations"]
    assert said == row["last_seq"]


async def test_one_who_never_reads_again_is_cut_off(town: Town, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    """The goodbye waits for a while, not for ever, and what is said meanwhile does not pile up."""
    monkeypatch.setattr(sockets, "CLOSE_WAIT", 0.3)
    await slow_reader(lines)
    transport = way_out(connection_of(town, "ben"))
    tally = town.application.tallies.sockets
    async with asyncio.timeout(LONG):
        while not tally.overflowed:
            await town.say(WORDS)
    waiting = transport.unsent()
    await town.say(WORDS)
    # Less, if it is cut off by now.
    assert transport.unsent() <= waiting
    await comes_true(lambda: tally.connections == 0, "the connection is gone")


@pytest.mark.parametrize(
    "asked",
    [
        frame(b"p" * 125, PING) * 3000,
        command("ping", ref="r" * 1000) * 500,
        (frame(b"[") + command("ping", ref="r" * 1000)) * 500,
    ],
    ids=["pings of the socket", "pings", "bad frames"],
)
async def test_who_only_asks_and_never_reads_is_a_slow_reader_too(town: Town, lines: Lines, asked: bytes) -> None:
    """Answers that nobody reads, pongs and errors too, are bounded like everything else; the others do not wait."""
    ben, ada = await slow_reader(lines), await town.log_in(town.ada)
    transport = way_out(connection_of(town, "ben"))
    tally = town.application.tallies.sockets
    most = 0
    async with asyncio.timeout(LONG):
        while not tally.overflowed:
            ben.writer.write(asked)
            await ada.request("ping")
            most = max(most, transport.unsent())
    assert most < 8 * UNSENT
    ben.go_on_reading()
    code, _ = await ben.goodbye()
    assert SLOW == code


async def test_who_asks_for_lists_and_never_reads_them(town: Town, lines: Lines) -> None:
    """Whole histories, asked for again and again, do not pile up either."""
    for _ in range(20):
        await town.say(WORDS)
    ben, ada = await slow_reader(lines), await town.log_in(town.ada)
    transport = way_out(connection_of(town, "ben"))
    tally = town.application.tallies.sockets
    most = 0
    async with asyncio.timeout(LONG):
        while not tally.overflowed:
            ben.writer.write(command("msg.list", conv_id=town.group, limit=100))
            await ada.request("ping")
            most = max(most, transport.unsent())
    # A single list is written whole.
    assert most < UNSENT + 21 * len(WORDS)
    ben.go_on_reading()
    assert SLOW == (await ben.goodbye())[0]


async def test_a_slow_reader_is_told_of_a_kick_first(town: Town, lines: Lines) -> None:
    """Whatever else ends a connection on which much is waiting: it ends, with that code."""
    ben = await slow_reader(lines)
    transport = way_out(connection_of(town, "ben"))
    async with asyncio.timeout(LONG):
        while not transport.unsent():
            await town.say(WORDS)
    await asyncio.gather(*(town.say(WORDS) for _ in range(3)), town.log_in(town.ben, "raw"))
    ben.go_on_reading()
    code, _ = await ben.goodbye()
    assert code in {4409, SLOW}
