"""The line to NATS breaks at bad moments."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from brokers import Party, nats_server
from cast import PATIENCE
from gateway.watch import comes_true
from parlance.buses.nats import post

pytestmark = [pytest.mark.needs("nats-server")]


@asynccontextmanager
async def breaking(word: bytes) -> AsyncIterator[str]:
    """The address of a NATS; the first who says that word to it is cut off, and not heard."""
    said = False
    over: list[asyncio.Event] = []

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        over.append(asyncio.Event())
        ended = over[-1]
        answers, questions = await asyncio.open_connection("127.0.0.1", nats_server().port)
        await asyncio.gather(to_server(reader, questions, writer), pass_on(answers, writer))
        ended.set()

    async def to_server(
        reader: asyncio.StreamReader, questions: asyncio.StreamWriter, writer: asyncio.StreamWriter
    ) -> None:
        nonlocal said
        with suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                if word in data and not said:
                    said = True
                    writer.transport.abort()
                    break
                questions.write(data)
        questions.close()

    async def pass_on(answers: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await answers.read(1 << 16):
                writer.write(data)
        writer.close()

    async with await asyncio.start_server(carry, "127.0.0.1", 0) as server:
        path = nats_server().url().rpartition("/")[2]
        yield f"nats://127.0.0.1:{server.sockets[0].getsockname()[1]}/{path}"
        assert said
        for each in over:
            await asyncio.wait_for(each.wait(), PATIENCE)


@asynccontextmanager
async def mute() -> AsyncIterator[str]:
    """The address of a NATS that takes every connection, and never says a word."""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.read()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        yield f"nats://127.0.0.1:{server.sockets[0].getsockname()[1]}/mute"


async def test_who_ends_while_it_looks_for_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """At whatever moment: who is cancelled just when a connection stands hears nothing of that (Python before 3.12)."""
    monkeypatch.setattr(post, "_DIAL", 0.2)
    async with mute() as url:
        for turns in range(20):
            party = Party(url, "server")
            opening = asyncio.ensure_future(party.open())
            for _ in range(turns):
                await asyncio.sleep(0)
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            await asyncio.wait_for(party.close(), PATIENCE)


async def test_it_goes_away_before_it_has_taken_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says what it wants to hear, and is cut off, is there when NATS is there again."""
    monkeypatch.setattr(post, "_DIAL", 0.2)
    async with breaking(b"SUB ") as url:
        party = Party(url, "server")
        await party.open()
        await comes_true(lambda: not party.bus.away, "NATS is here")
        await party.close()
