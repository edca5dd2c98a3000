"""What runs beside the requests: to its end, or until the server stops."""

import asyncio

import pytest
from structlog.testing import capture_logs

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


async def test_a_failure_that_lasts_is_said_once(tasks: Tasks) -> None:
    """And that it is over; another one is said for itself."""
    outcomes = iter([None, OSError("away"), OSError("away"), OSError("away"), ValueError(), None, OSError("away")])
    done = asyncio.Event()

    def step() -> None:
        outcome = next(outcomes, done)
        if outcome is done:
            done.set()
        elif isinstance(outcome, Exception):
            raise outcome

    with capture_logs() as logs:
        tasks.every(0.0, step)
        async with asyncio.timeout(PATIENCE):
            await done.wait()
    await tasks.stop()
    failed, works = "step failed", "step works again"
    assert [(failed, None), (failed, None), (works, 4), (failed, None), (works, 1)] == [
        (line["event"], line.get("failures")) for line in logs
    ]


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
