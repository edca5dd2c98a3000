"""Threads for work that takes its time."""

import asyncio
import threading

import pytest

from core.world import refusal
from parlance.app.aside import ThreadsAside
from parlance.kernel.faults import Fault, FaultCode

PATIENCE = 30


async def test_work_is_done_elsewhere() -> None:
    """What comes of it, comes back; and so does what goes wrong."""
    aside = ThreadsAside()
    assert threading.current_thread() is not await aside(threading.current_thread)

    def fails() -> None:
        raise Fault(FaultCode.BAD_FORMAT)

    assert FaultCode.BAD_FORMAT is await refusal(aside(fails))


async def test_there_is_a_place_for_so_many() -> None:
    """One too many is refused at once; when something is done there is a place again."""
    aside = ThreadsAside(threads=1, most=2)
    go_on = threading.Event()
    waiting = [asyncio.ensure_future(aside(lambda: go_on.wait(PATIENCE))) for _ in range(2)]
    await asyncio.sleep(0)
    assert FaultCode.RATE_LIMITED is await refusal(aside(bool))
    go_on.set()
    assert [True, True] == await asyncio.gather(*waiting)
    assert not await aside(bool)


async def test_who_goes_away_leaves_the_work_in_its_place() -> None:
    """Work that nobody waits for any more takes up its place until it is done."""
    aside = ThreadsAside(threads=1, most=1)
    begun, go_on = threading.Event(), threading.Event()

    def work() -> bool:
        begun.set()
        return go_on.wait(PATIENCE)

    waiting = asyncio.ensure_future(aside(work))
    await asyncio.to_thread(begun.wait, PATIENCE)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert FaultCode.RATE_LIMITED is await refusal(aside(bool))
    go_on.set()
    async with asyncio.timeout(PATIENCE):
        while await asyncio.to_thread(lambda: bool(aside._taken)):
            pass
    assert not await aside(bool)
