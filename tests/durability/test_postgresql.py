"""The same promises on PostgreSQL, which may itself go away and come back."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from databases import on_postgresql, postgres_server
from durability import test_kill
from durability.sender import Sender, talk_together
from durability.server_process import STARTS_WITHIN, ServerProcess, peopled, serving, told
from gateway.watch import comes_true

OTHER = 1
CLIENTS = ["ann", "bob", "cat"]


@pytest.fixture(autouse=True)
def _on_postgresql() -> Iterator[None]:
    """Whatever the run is on."""
    with on_postgresql():
        yield


async def test_what_was_acknowledged_survives_there(tmp_path: Path) -> None:
    """The server is killed under load, again and again."""
    await test_kill.test_what_was_acknowledged_survives(tmp_path, 1)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["in order", "at once"])
async def test_it_is_restarted_under_load(tmp_path: Path, how: signal.Signals) -> None:
    """Some are refused for now, nobody is told anything wrong, and service resumes by itself."""
    places = await peopled(tmp_path, CLIENTS, 2)
    senders = [Sender(client, places) for client in CLIENTS]
    async with serving(tmp_path) as server:
        load = asyncio.ensure_future(talk_together(senders, server.base))
        for _ in range(2):
            await heard_again(senders)
            async with away(how):
                pass
        await heard_again(senders)
        server.ask_to_end()
        await load
        assert 0 == await server.ended()
        # What is done every few seconds says that it could not be done.
        assert {"step failed"} >= {line["event"] for line in server.log if line.get("level") in {"error", "critical"}}
    for sender in senders:
        assert {OTHER} >= {error["code"] for error in sender.refused}
        sender.waiting |= {error["ref"]: message(error["ref"], places) for error in sender.refused}
        sender.refused.clear()
    async with serving(tmp_path) as server:
        await talk_together(senders, server.base, most=1)
    assert {} == {each.client_id: (each.refused, each.close_code) for each in senders if each.waiting}
    await test_kill.kept(tmp_path, places, senders)
    assert (0, "everything agrees\n") == await told("verify", data=tmp_path)


async def test_while_it_is_away_everything_is_refused(tmp_path: Path) -> None:
    """At once, with a word about when to try again; the server lives, and says that it is not ready."""
    places = await peopled(tmp_path, ["ann", "ben"], 1)
    ann = Sender("ann", places)
    async with serving(tmp_path) as server, aiohttp.ClientSession() as session:
        load = asyncio.ensure_future(ann.talk(server.base))
        await heard_again([ann])
        async with away(signal.SIGINT):
            ann.refused.clear()
            async with asyncio.timeout(STARTS_WITHIN):
                await until(session, server, 503)
            assert 200 == await status(session, f"{server.base}/healthz")
            await comes_true(lambda: len(ann.refused) > 1, "it is refused, and goes on")
            assert {(OTHER, 1)} == {(error["code"], error["retry_after"]) for error in ann.refused}
        await until(session, server, 200)
        await heard_again([ann])
        server.ask_to_end()
        await load
    ann.refused.clear()
    await test_kill.kept(tmp_path, places, [ann])


@asynccontextmanager
async def away(how: signal.Signals) -> AsyncIterator[None]:
    """PostgreSQL is stopped, and started again."""
    database = postgres_server()
    await asyncio.to_thread(database.stop, how)
    try:
        yield
    finally:
        database.start()


async def heard_again(senders: list[Sender]) -> None:
    """Wait until each of them has been promised some more."""
    before = {sender.client_id: len(sender.receipts) for sender in senders}
    async with asyncio.timeout(STARTS_WITHIN):
        enough = False
        while not enough:
            await asyncio.sleep(0.005)
            enough = all(len(sender.receipts) >= before[sender.client_id] + 50 for sender in senders)


async def status(session: aiohttp.ClientSession, url: str) -> int:
    """What a probe answers."""
    async with session.get(url) as answer:
        return answer.status


async def until(session: aiohttp.ClientSession, server: ServerProcess, expected: int) -> None:
    """Wait until the server is ready, or says that it is not."""
    async with asyncio.timeout(STARTS_WITHIN):
        reached = False
        while not reached:
            await asyncio.sleep(0.01)
            reached = await status(session, f"{server.base}/readyz") == expected


def message(ref: str, places: list[str]) -> dict[str, object]:
    """A message that was refused, once more."""
    number = int(ref.partition("-")[2])
    return {"conv_id": places[number % len(places)], "type": -1, "text": ref, "ref": ref}
