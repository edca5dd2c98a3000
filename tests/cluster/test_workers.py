"""`parlance serve --workers`: several processes on one port."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

import brokers
from cast import Socket
from databases import postgres_server
from durability.server_process import APP, STARTS_WITHIN, ServerProcess, peopled, serving, told
from gateway.watch import comes_true

pytestmark = [pytest.mark.needs("nats-server")]


class Crew:
    """Two servers on one port, and who looks after them."""

    def __init__(self, parent: ServerProcess, group: str, session: aiohttp.ClientSession) -> None:
        self.parent = parent
        self.group = group
        self._session = session

    async def log_in(self, client: str, device: str) -> Socket:
        """Connect somebody, to whichever it is."""
        socket = Socket(await self._session.ws_connect(f"{self.parent.base}/im/socket"))
        await socket.send("login", {"app_id": APP, "client_id": client, "device_id": device})
        await socket.next("login.success")
        return socket

    def listening(self) -> int:
        """How often a server has begun to listen."""
        return sum(entry["event"] == "listening" for entry in self.parent.log)

    def workers(self) -> list[int]:
        """Who is there now."""
        children = Path(f"/proc/{self.parent.process.pid}/task/{self.parent.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]


@pytest.fixture
async def crew(tmp_path: Path) -> AsyncIterator[Crew]:
    """Two on one database and one NATS."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(postgres_server().lent())
        where = {"PARLANCE_DATABASE_URL": database, "PARLANCE_BUS_URL": brokers.nats_server().url()}
        [group] = await peopled(tmp_path, ["ann", "bob"], 1, database_url=database)
        parent = await stack.enter_async_context(serving(tmp_path, "--workers", "2", **where))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        crew = Crew(parent, group, session)
        await comes_true(lambda: 2 == crew.listening(), "both listen", STARTS_WITHIN)
        yield crew


async def test_everybody_hears_everybody(crew: Crew) -> None:
    """Wherever the kernel puts them."""
    ann = await crew.log_in("ann", "phone")
    listeners = [await crew.log_in("bob", str(number)) for number in range(6)]
    await ann.request("msg.send", {"conv_id": crew.group, "type": -1, "text": "hello"})
    assert ["hello"] * 6 == [(await each.next("msg.new"))["data"]["text"] for each in listeners]


async def test_who_dies_is_started_again(crew: Crew) -> None:
    """And the other goes on meanwhile."""
    dead, other = crew.workers()
    os.kill(dead, signal.SIGKILL)
    await comes_true(lambda: 3 == crew.listening(), "another listens", STARTS_WITHIN)
    workers = crew.workers()
    assert (2, True, False) == (len(workers), other in workers, dead in workers)
    await crew.log_in("ann", "phone")


async def test_all_end_together(crew: Crew) -> None:
    """In order, when they are asked to."""
    workers = crew.workers()
    crew.parent.ask_to_end()
    assert 0 == await crew.parent.ended()
    assert not any(_runs(pid) for pid in workers)
    assert 2 == sum(entry["event"] == "stopped" for entry in crew.parent.log)


async def test_none_outlives_who_looks_after_them(crew: Crew) -> None:
    """Whatever became of it."""
    workers = crew.workers()
    crew.parent.process.kill()
    async with asyncio.timeout(STARTS_WITHIN):
        await crew.parent.process.wait()
    await comes_true(lambda: not any(_runs(pid) for pid in workers), "they have ended", STARTS_WITHIN)


async def test_sqlite_is_one_process_s(tmp_path: Path) -> None:
    """More are refused, with the reason."""
    code, words = await told("serve", "--workers", "2", "--port", "0", data=tmp_path)
    assert (2, True) == (code, "--workers: a file of SQLite is one process's" in words)


async def test_none_at_all_is_refused(tmp_path: Path) -> None:
    """There is somebody to serve."""
    code, words = await told("serve", "--workers", "0", "--port", "0", data=tmp_path)
    assert (2, True) == (code, "--workers: expected 1 to 256" in words)


def _runs(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
