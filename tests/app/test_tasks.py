"""What runs beside the requests: to its end, or until the server stops."""

import asyncio

import pytest

from cast import PATIENCE
from parlance.app.tasks import Tasks


@pytest.fixture
def tasks() -> Tasks:
    """Nothing is running yet."""
    return Tasks()


async def test_it_runs(tasks: Tasks) -> None:
    """Nobody has to wait for it."""
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    tasks.start(work())
    async with asyncio.timeout(PATIENCE):
        await done.wait()
    await tasks.stop()


async def test_one_that_fails_takes_nothing_with_it(tasks: Tasks) -> None:
    """What is done again and again is done again, whatever became of it."""
    done = asyncio.Semaphore(0)

    def step() -> None:
        done.release()
        raise ValueError

    tasks.every(0.0, step)
    async with asyncio.timeout(PATIENCE):
        for _ in range(3):
            await done.acquire()
    await tasks.stop()


async def test_they_end_with_their_owner(tasks: Tasks) -> None:
    """Also one that was about to begin, and one that another begins at the last moment."""
    ended: list[str] = []

    async def last() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("last")

    async def work(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)
            if name == "first":
                tasks.start(last())

    tasks.start(work("first"))
    await asyncio.sleep(0)
    tasks.start(work("second"))
    await tasks.stop()
    assert ["first", "last", "second"] == sorted(ended)
