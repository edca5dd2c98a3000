"""A disk that is full, a file that others hold: refused while it lasts, well again afterwards."""

import asyncio
from collections.abc import Awaitable, Callable

import apsw
import pytest

from conformance.store.stage import ADA, BEN, CY, HALL, PATIENCE, Stage
from parlance.core.model.member import PLAIN
from parlance.core.model.user import Profile
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId
from parlance.stores.sql.engines.sqlite.engine import SqliteEngine

ALL_PAGES = 1 << 30
PROFILE = Profile(nickname="n" * 1_000)


async def allow_pages(file_stage: Stage, pages: int) -> None:
    """Have SQLite find the disk full once the file has so many pages."""
    engine = file_stage.store._engine
    assert isinstance(engine, SqliteEngine)
    await engine._writer.ask(lambda connection: connection.execute(f"PRAGMA max_page_count={pages}").fetchall())


async def refused(asking: Callable[[], Awaitable[object]]) -> FaultCode:
    """What it was refused with."""
    with pytest.raises(Fault) as caught:
        await asking()
    return caught.value.code


async def test_a_full_disk_is_unavailable_and_leaves_no_gap(file_stage: Stage) -> None:
    """Everything of the batch is refused, nothing is announced; with room again the sequence goes on."""
    await file_stage.app()
    group = await file_stage.group(ADA)
    await file_stage.say(group)
    await allow_pages(file_stage, 1)
    answers = await file_stage.say_at_once(*(file_stage.said(group, text="x" * 5_000) for _ in range(5)))
    assert [FaultCode.UNAVAILABLE] * 5 == [answer.code for answer in answers if isinstance(answer, Fault)]
    assert 1 == len(file_stage.announced)
    await allow_pages(file_stage, ALL_PAGES)
    assert 2 == (await file_stage.say(group, text="x" * 5_000)).seq
    assert [1, 2] == await file_stage.seqs(group)
    assert [] == await file_stage.verify()


async def test_a_full_disk_refuses_transactions(file_stage: Stage) -> None:
    """All of one or nothing, and the next one is well."""
    await allow_pages(file_stage, 1)

    async def change() -> None:
        async with file_stage.store.begin() as tx:
            await tx.users.add_missing(HALL, [ADA], file_stage.clock.now())
            for number in range(200):
                await tx.users.put(HALL, BEN, PROFILE, number)
                await tx.users.add_missing(HALL, [ClientId(f"{number:0>64}")], file_stage.clock.now())

    assert FaultCode.UNAVAILABLE == await refused(change)
    await allow_pages(file_stage, ALL_PAGES)
    assert {} == await file_stage.store.read.users.find_many(HALL, [ADA, BEN])
    async with file_stage.store.begin() as tx:
        assert [CY] == await tx.users.add_missing(HALL, [CY], file_stage.clock.now())


async def test_who_goes_on_after_a_failure_keeps_nothing_by_itself(file_stage: Stage) -> None:
    """SQLite may end a transaction when the disk fails: what follows then must not be stored on its own."""
    group = await file_stage.group(ADA)
    await allow_pages(file_stage, 1)

    async def go_on() -> None:
        async with file_stage.store.begin() as tx:
            crowd = {ClientId(f"{number:0>64}"): PLAIN for number in range(1_000)}
            assert FaultCode.UNAVAILABLE == await refused(lambda: tx.members.join(group.id, crowd, 0))
            await tx.members.join(group.id, {BEN: PLAIN}, 0)
            await tx.members.join(group.id, {CY: PLAIN}, 0)

    ended = (await asyncio.gather(go_on(), return_exceptions=True))[0]
    await allow_pages(file_stage, ALL_PAGES)
    expected = {ADA, BEN, CY} if ended is None else {ADA}
    assert expected == set(await file_stage.store.read.members.of(group.id))


async def test_a_file_that_another_holds_is_waited_for(file_stage: Stage) -> None:
    """A short transaction of another process delays a message and refuses nothing."""
    group = await file_stage.group(ADA)
    other = apsw.Connection(str(file_stage.path))
    other.execute("BEGIN IMMEDIATE")
    sending = asyncio.ensure_future(file_stage.say(group))
    # Readers go on meanwhile: by the time they have answered, the writer is waiting.
    assert await file_stage.store.read.conversations.counts([group.id])
    assert not sending.done()
    other.execute("ROLLBACK")
    assert 1 == (await asyncio.wait_for(sending, PATIENCE)).seq
    other.close()


async def test_a_file_that_is_never_let_go_is_unavailable(file_stage: Stage) -> None:
    """After a while messages and transactions are refused, and the store does not count as healthy."""
    group = await file_stage.group(ADA)
    engine = file_stage.store._engine
    assert isinstance(engine, SqliteEngine)
    await engine._writer.ask(lambda connection: connection.set_busy_timeout(20))
    other = apsw.Connection(str(file_stage.path))
    other.execute("BEGIN IMMEDIATE")
    assert FaultCode.UNAVAILABLE == await refused(lambda: file_stage.say(group))
    assert FaultCode.UNAVAILABLE == await refused(lambda: file_stage.group(ADA))
    assert not await file_stage.store.healthy()
    other.close()
    assert await file_stage.store.healthy()
    assert 1 == (await file_stage.say(group)).seq
