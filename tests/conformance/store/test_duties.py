"""What is done by one process is done by one, and there is always one."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from conformance.store.stage import PATIENCE, Stage
from databases import postgres_server
from parlance.stores.sql import SqlStore


@pytest.fixture
async def stages() -> AsyncIterator[list[Stage]]:
    """Two processes on one database."""
    async with postgres_server().lent() as place:
        stages = [Stage(place), Stage(place)]
        for stage in stages:
            await stage.open()
        yield stages
        for stage in stages:
            await stage.store.close()


async def takes_over(store: SqlStore) -> None:
    """Return when it has the duty: the database needs a moment to notice that a session is gone."""
    async with asyncio.timeout(PATIENCE):
        while not await store.on_duty("errands"):
            continue


async def test_who_is_alone_has_every_duty(stage: Stage) -> None:
    """Again and again; until the store is closed."""
    assert [True] * 3 == [await stage.store.on_duty(duty) for duty in ("errands", "expiry", "errands")]
    await stage.store.close()
    assert not await stage.store.on_duty("errands")


async def test_a_duty_is_one_process_s(stages: list[Stage]) -> None:
    """The first that asks has it, and keeps it; another may have another one."""
    first, second = (stage.store for stage in stages)
    assert [True, False, True] == [await each.on_duty("errands") for each in (first, second, first)]
    assert [True, False] == [await each.on_duty("expiry") for each in (second, first)]


async def test_another_takes_over(stages: list[Stage]) -> None:
    """When the first has gone."""
    first, second = (stage.store for stage in stages)
    assert [True, False] == [await each.on_duty("errands") for each in (first, second)]
    await first.close()
    await takes_over(second)


async def test_who_loses_its_session_loses_its_duties(stages: list[Stage]) -> None:
    """Somebody else may have them by the time it asks again."""
    first, second = (stage.store for stage in stages)
    assert await first.on_duty("errands")
    await postgres_server().tell(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'parlance'"
    )
    await takes_over(second)
    assert not await first.on_duty("errands")
