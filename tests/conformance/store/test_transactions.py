"""Transactions: all or nothing, one after the other, and never for ever."""

import asyncio

import pytest

from conformance.store.stage import ADA, BEN, HALL, PATIENCE, Stage
from parlance.core.model.events import AppChanged
from parlance.kernel.faults import Fault, FaultCode
from parlance.stores.sql import engine
from parlance.stores.sql.engine import NotInTransactionError


async def known(stage: Stage) -> set[str]:
    """Who is known in the hall, as readers see it."""
    return set(await stage.store.read.users.find_many(HALL, [ADA, BEN]))


async def test_a_transaction_sees_itself_and_nobody_else_does(stage: Stage) -> None:
    """Readers see what is committed; after the commit at once."""
    async with stage.store.begin() as tx:
        await tx.users.add_missing(HALL, [ADA], stage.clock.now())
        assert await tx.users.find(HALL, ADA) is not None
        assert set() == await known(stage)
    assert {ADA} == await known(stage)


async def test_an_exception_undoes_everything(stage: Stage) -> None:
    """And it announces nothing."""

    async def change_its_mind() -> None:
        async with stage.store.begin() as tx:
            await tx.users.add_missing(HALL, [ADA], stage.clock.now())
            tx.announce(AppChanged(HALL))
            raise ValueError("a change of mind")

    with pytest.raises(ValueError, match="a change of mind"):
        await change_its_mind()
    assert set() == await known(stage)
    assert [] == stage.announced


async def test_events_are_announced_before_anybody_goes_on(stage: Stage) -> None:
    """Whoever comes out of a transaction finds the world told, in the order in which it was said."""
    events = [AppChanged(HALL), AppChanged(HALL)]
    async with stage.store.begin() as tx:
        for event in events:
            tx.announce(event)
        assert [] == stage.announced
    assert events == stage.announced


async def test_they_take_turns_in_the_order_of_asking(stage: Stage) -> None:
    """A second one waits until the first is over."""
    order: list[str] = []

    async def take(name: str) -> None:
        async with stage.store.begin() as tx:
            order.append(f"{name} in")
            await tx.users.find(HALL, ADA)
            order.append(f"{name} out")

    await asyncio.gather(*(take(name) for name in "abc"))
    assert ["a in", "a out", "b in", "b out", "c in", "c out"] == order


async def test_a_cancelled_one_is_undone_and_frees_the_writer(stage: Stage) -> None:
    """Wherever in it the cancellation strikes."""
    inside = asyncio.Event()

    async def hang() -> None:
        async with stage.store.begin() as tx:
            await tx.users.add_missing(HALL, [ADA], stage.clock.now())
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.ensure_future(hang())
    await asyncio.wait_for(inside.wait(), PATIENCE)
    task.cancel()
    async with stage.store.begin() as tx:
        assert await tx.users.find(HALL, ADA) is None
    assert task.cancelled()


async def test_one_cancelled_while_it_waits_takes_no_turn(stage: Stage) -> None:
    """Others come to theirs."""

    async def enter() -> None:
        async with stage.store.begin():
            raise AssertionError("it was cancelled")

    async with stage.store.begin() as tx:
        waiting = asyncio.ensure_future(enter())
        await asyncio.sleep(0)
        waiting.cancel()
        await tx.users.add_missing(HALL, [ADA], stage.clock.now())
    async with stage.store.begin() as tx:
        await tx.users.add_missing(HALL, [BEN], stage.clock.now())
    assert waiting.cancelled()
    assert {ADA, BEN} == await known(stage)


@pytest.mark.parametrize("turns", range(12))
async def test_cancelled_at_any_moment_it_is_whole_or_nothing(stage: Stage, turns: int) -> None:
    """What was announced is stored, what is stored was announced, and the writer is free."""

    async def change() -> None:
        async with stage.store.begin() as tx:
            await tx.users.add_missing(HALL, [ADA], stage.clock.now())
            await tx.users.add_missing(HALL, [BEN], stage.clock.now())
            tx.announce(AppChanged(HALL))

    task = asyncio.ensure_future(change())
    for _ in range(turns * 3):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with stage.store.begin():
        assert await known(stage) in (set(), {ADA, BEN})
        assert (await known(stage) == {ADA, BEN}) == (stage.announced == [AppChanged(HALL)])


async def test_one_that_is_forgotten_is_rolled_back(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody holds the writer by falling asleep; waking up, it finds its transaction gone."""
    sleeper = stage.store.begin()
    await sleeper.__aenter__()
    await sleeper.users.add_missing(HALL, [ADA], stage.clock.now())
    monkeypatch.setattr(engine, "LONGEST_PAUSE", 0.05)
    # What it waits for now it waits for as long as ever; for what comes after that, no more.
    assert await sleeper.users.find(HALL, ADA) is not None
    async with stage.store.begin() as tx:
        assert await tx.users.find(HALL, ADA) is None
    for late in (sleeper.users.find(HALL, ADA), sleeper.__aexit__(None, None, None)):
        with pytest.raises(Fault) as refused:
            await late
        assert FaultCode.UNAVAILABLE == refused.value.code


async def test_after_its_end_it_takes_nothing(stage: Stage) -> None:
    """A transaction kept beyond its `async with` is over."""
    async with stage.store.begin() as tx:
        await tx.users.find(HALL, ADA)
    with pytest.raises(NotInTransactionError):
        await tx.users.find(HALL, ADA)


async def test_a_wrong_statement_is_the_caller_s(stage: Stage) -> None:
    """The error comes out, the transaction is undone, the next one works."""

    async def ask_wrongly() -> None:
        async with stage.store.begin() as tx:
            await tx.users.add_missing(HALL, [ADA], stage.clock.now())
            await tx.files.find("half a pair \ud800")

    with pytest.raises(UnicodeEncodeError):
        await ask_wrongly()
    assert set() == await known(stage)


async def test_many_readers_beside_a_writer(stage: Stage) -> None:
    """Readers wait for nobody."""
    async with stage.store.begin() as tx:
        await tx.users.add_missing(HALL, [ADA], stage.clock.now())
        found = await asyncio.gather(*(known(stage) for _ in range(50)))
    assert [set()] * 50 == found


async def test_closing_waits_for_what_was_begun(stage: Stage) -> None:
    """A transaction that is open when the store closes may end well; later ones are refused."""
    async with stage.store.begin() as tx:
        closing = asyncio.ensure_future(stage.store.close())
        await asyncio.sleep(0)
        await tx.users.add_missing(HALL, [ADA], stage.clock.now())
    await asyncio.wait_for(closing, PATIENCE)
    with pytest.raises(Fault) as refused:
        async with stage.store.begin():
            raise AssertionError("the store is closed")
    assert FaultCode.UNAVAILABLE == refused.value.code
    assert not await stage.store.healthy()
    await stage.open()
    assert {ADA} == await known(stage)


async def test_a_store_that_answers_is_healthy(stage: Stage) -> None:
    """Open: yes."""
    assert await stage.store.healthy()
