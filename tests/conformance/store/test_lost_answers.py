"""The line to PostgreSQL is cut after it committed and before its answer came: nobody knows, until somebody asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from conformance.store.stage import ADA, BEN, HALL, PATIENCE, Stage
from databases import postgres_server
from parlance.core.model.events import AppChanged, MessageSent
from parlance.kernel.faults import Fault, FaultCode

MANY = 50


class Line:
    """What lies between the store and its database; it can be cut, and be made to swallow the answer to a word."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ends: list[asyncio.StreamWriter] = []
        self.word = b""
        self.swallowed = asyncio.Event()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what one session says, both ways."""
        answers, questions = await asyncio.open_connection("127.0.0.1", self._port)
        self._ends += [writer, questions]
        said = asyncio.Event()
        await asyncio.gather(self._ask(reader, questions, said), self._answer(answers, writer, said))

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: asyncio.Event) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                if self.word and self.word in data:
                    said.set()
                writer.write(data)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: asyncio.Event) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                if said.is_set():
                    self.swallowed.set()
                else:
                    writer.write(data)
        writer.close()

    def cut(self) -> None:
        """Everybody finds the line dead."""
        for end in self._ends:
            end.close()
        self._ends.clear()
        self.word = b""


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    """A line to the database server."""
    line = Line(postgres_server().port)
    yield line
    line.cut()


@pytest.fixture
async def stage(line: Line) -> AsyncIterator[Stage]:
    """A store at the other end of it."""
    async with postgres_server().lent() as url, await asyncio.start_server(line.carry, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        stage = Stage(url.replace(str(urlsplit(url).port), str(port)))
        await stage.open()
        yield stage
        await stage.store.close()
        line.cut()


async def fault_of(asked: "asyncio.Future[Any]") -> FaultCode:
    """What somebody is told who waited when the line was cut."""
    with pytest.raises(Fault) as caught:
        await asyncio.wait_for(asked, PATIENCE)
    return caught.value.code


async def announced(stage: Stage, count: int) -> None:
    """Wait until so much was announced."""
    async with asyncio.timeout(PATIENCE):
        there = False
        while not there:
            await asyncio.sleep(0.01)
            there = len(stage.announced) >= count


async def test_a_message_that_was_stored_is_announced_later(stage: Stage, line: Line) -> None:
    """Its sender is told to try again, and finds it stored; everybody else hears of it once."""
    group = await stage.group(ADA, BEN)
    await stage.say(group)
    line.word = b"swallow this"
    event = stage.said(group, text="swallow this", ref="r")
    sending = asyncio.ensure_future(stage.store.appender.stored(event))
    await asyncio.wait_for(line.swallowed.wait(), PATIENCE)
    line.cut()
    assert FaultCode.UNAVAILABLE == await fault_of(sending)
    await announced(stage, 2)
    again = await stage.say(group, ref="r")
    assert (event.message.id, 2) == (again.id, again.seq)
    assert 3 == (await stage.say(group)).seq
    assert [1, 2, 3] == [told.message.seq for told in stage.announced if isinstance(told, MessageSent)]


async def test_several_are_announced_in_their_order(stage: Stage, line: Line) -> None:
    """In whatever order the database finds them."""
    group = await stage.group(ADA, BEN)
    await stage.say(group)
    line.word = b"swallow this"
    events = [stage.said(group, text="swallow this") for _ in range(MANY)]
    sending = [asyncio.ensure_future(stage.store.appender.stored(event)) for event in events]
    await asyncio.wait_for(line.swallowed.wait(), PATIENCE)
    line.cut()
    assert {FaultCode.UNAVAILABLE} == {await fault_of(each) for each in sending}
    await announced(stage, 1 + MANY)
    assert [*range(1, MANY + 2)] == [told.message.seq for told in stage.announced if isinstance(told, MessageSent)]


async def test_a_transaction_that_was_committed_is_announced_later(stage: Stage, line: Line) -> None:
    """What it changed is there, and what it announced is said, as soon as the line is back."""

    async def change() -> None:
        async with stage.store.begin() as tx:
            await tx.users.add_missing(HALL, [ADA], 0)
            tx.announce(AppChanged(HALL))
            line.word = b"COMMIT"

    changing = asyncio.ensure_future(change())
    await asyncio.wait_for(line.swallowed.wait(), PATIENCE)
    line.cut()
    assert FaultCode.UNAVAILABLE == await fault_of(changing)
    await announced(stage, 1)
    assert [AppChanged(HALL)] == stage.announced
    assert await stage.store.read.users.find(HALL, ADA) is not None


async def test_a_transaction_that_never_got_there_is_not_announced(stage: Stage, line: Line) -> None:
    """It is undone, and the next one is well."""

    async def change() -> None:
        async with stage.store.begin() as tx:
            await tx.users.add_missing(HALL, [ADA], 0)
            tx.announce(AppChanged(HALL))
            line.cut()
            await asyncio.sleep(0)

    assert FaultCode.UNAVAILABLE == await fault_of(asyncio.ensure_future(change()))
    async with asyncio.timeout(PATIENCE):
        healthy = False
        while not healthy:
            await asyncio.sleep(0.01)
            healthy = await stage.store.healthy()
    async with stage.store.begin() as tx:
        assert await tx.users.find(HALL, ADA) is None
    assert [] == stage.announced
