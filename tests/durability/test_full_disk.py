"""A disk without room: refused is not stored, stored is not refused, and afterwards everything goes on."""

import asyncio
import resource
import sys
from pathlib import Path

import aiohttp
import pytest

from durability.sender import Sender
from durability.server_process import STARTS_WITHIN, peopled, serving, stored, told

OTHER = 1

pytestmark = pytest.mark.on_sqlite


async def test_nothing_is_promised_that_does_not_fit(tmp_path: Path) -> None:
    """While nothing can be written every message is refused for now; with room again, the same refs are taken."""
    if sys.platform != "linux":
        pytest.skip("needs prlimit")
    places = await peopled(tmp_path, ["ann"], 1)
    ann = Sender("ann", places)
    async with serving(tmp_path) as server, aiohttp.ClientSession() as session:
        await ann.talk(server.base, most=50)
        kept = len(ann.receipts)
        pid = server.process.pid
        full = written_ahead(tmp_path)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
        await ann.talk(server.base, most=200)
        assert {OTHER} == {error["code"] for error in ann.refused}
        assert {1} == {error["retry_after"] for error in ann.refused}
        async with asyncio.timeout(STARTS_WITHIN):
            async with session.get(f"{server.base}/healthz") as alive:
                assert 200 == alive.status
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        ann.waiting = {error["ref"]: message(error["ref"], places[0]) for error in ann.refused}
        ann.refused.clear()
        await ann.talk(server.base, most=1)
        assert [] == ann.refused
        assert kept + 201 == len(ann.receipts)
        async with session.get(f"{server.base}/readyz") as ready:
            assert 200 == ready.status
        server.ask_to_end()
        assert 0 == await server.ended()
    rows = (await stored(tmp_path, places))[places[0]]
    assert {ref: receipt.seq for ref, receipt in ann.receipts.items()} == {row.ref: row.seq for row in rows}
    assert list(range(1, len(rows) + 1)) == [row.seq for row in rows]
    assert (0, "everything agrees\n") == await told("verify", data=tmp_path)


def written_ahead(data: Path) -> int:
    """The size of the log that every message goes into first."""
    return (data / "parlance.db-wal").stat().st_size


def message(ref: str, place: str) -> dict[str, object]:
    """The message that was refused, once more."""
    return {"conv_id": place, "type": -1, "text": ref, "ref": ref}
