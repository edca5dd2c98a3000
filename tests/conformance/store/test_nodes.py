"""Several processes on one PostgreSQL: each is a store of its own here, with a clock of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from conformance.store.stage import ADA, BEN, CY, HALL, PATIENCE, Stage
from databases import postgres_server
from parlance.core.model.conversation import Conversation
from parlance.core.model.events import AppChanged, MessageSent
from parlance.core.model.member import PLAIN
from parlance.kernel.clock import HOUR, SECOND
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId
from parlance.stores.sql import SchemaError, open_store
from parlance.stores.sql.engines.postgres import connections
from parlance.stores.sql.engines.postgres.turnstile import MOST_IN_A_ROW

_IN_LINE = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """A database with tables and nothing in them."""
    async with postgres_server().lent() as url:
        yield url


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes wait for each other's rows as long as it takes, and are not told to come again."""
    monkeypatch.setitem(connections._WRITING, "lock_timeout", f"{PATIENCE}s")


@asynccontextmanager
async def node(url: str, like: Stage | None = None) -> AsyncIterator[Stage]:
    """One more process; its ids go on from those of another."""
    stage = Stage(url)
    if like is not None:
        stage.ids = like.ids
    await stage.open()
    try:
        yield stage
    finally:
        await stage.store.close()


@pytest.fixture
async def here(url: str) -> AsyncIterator[Stage]:
    """One process."""
    async with node(url) as stage:
        yield stage


@pytest.fixture
async def there(url: str, here: Stage) -> AsyncIterator[Stage]:
    """Another one."""
    async with node(url, here) as stage:
        yield stage


async def refusal(stage: Stage, group: Conversation, ref: str | None = None) -> FaultCode:
    """Why a message is not stored."""
    with pytest.raises(Fault) as caught:
        await asyncio.wait_for(stage.say(group, ref=ref), PATIENCE)
    return caught.value.code


async def somebody_in_line(url: str) -> None:
    """Return when a process waits for another one's transaction to end."""
    session = await asyncpg.connect(url)
    try:
        somebody = False
        while not somebody:
            await asyncio.sleep(0.01)
            somebody = await session.fetchval(_IN_LINE)
    finally:
        await session.close()


async def seq_of(stage: Stage, group: Conversation, ref: str) -> int | None:
    """Where a message stands that is sent (again); None if it is refused."""
    try:
        return (await stage.say(group, ref=ref)).seq
    except Fault:
        return None


@pytest.mark.usefixtures("unhurried")
async def test_all_of_them_write_one_sequence(here: Stage, there: Stage) -> None:
    """Without gaps, each message once; the marks of senders and readers with it."""
    await here.app()
    async with here.store.begin() as tx:
        await tx.users.add_missing(HALL, [ADA, BEN], 0)
    groups = [await here.group(ADA, BEN) for _ in range(3)]

    async def talk(stage: Stage, sender: ClientId) -> None:
        for number in range(60):
            said = await stage.say(groups[number % 3], sender, ref=f"{sender}{number}")
            assert said.seq is not None
            await stage.read(groups[number % 3], BEN, said.seq)

    await asyncio.gather(talk(here, ADA), talk(there, ADA), talk(here, BEN), talk(there, BEN))
    for group in groups:
        assert list(range(1, 41)) == await here.seqs(group)
    assert [] == await here.verify()


@pytest.mark.usefixtures("unhurried")
async def test_the_same_ref_everywhere_is_the_same_message(here: Stage, there: Stage) -> None:
    """Whichever process takes it, and even if both do at once: it is announced by one of them."""
    group = await here.group(ADA)
    for number in range(20):
        said = await asyncio.gather(*(stage.say(group, ref=f"r{number}") for stage in (here, there, here, there)))
        assert 1 == len({(message.id, message.seq) for message in said})
    assert 20 == len(here.announced) + len(there.announced)
    assert list(range(1, 21)) == await here.seqs(group)


async def test_transactions_are_one_row(here: Stage, there: Stage) -> None:
    """What is found free in one is not taken by another in the meantime."""

    async def register(stage: Stage, name: str) -> None:
        async with stage.store.begin() as tx:
            await tx.users.add_missing(HALL, [ClientId(name)], 0)

    await asyncio.gather(*(register(stage, f"{stage.place}{n}"[-9:]) for n in range(10) for stage in (here, there)))
    await asyncio.gather(*(register(stage, f"client{n}") for n in range(20) for stage in (here, there)))
    async with here.store.begin() as tx:
        numbers = [await tx.conversations.draw_number(HALL) for _ in range(3)]
    assert [1, 2, 3] == numbers


async def test_who_gives_up_waiting_keeps_nobody_out(here: Stage, there: Stage) -> None:
    """The way that was kept for it is free again, for other processes too."""
    async with here.store.begin():
        waiting = asyncio.ensure_future(here.group(ADA))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        leaving = asyncio.get_running_loop().call_soon(waiting.cancel)
    assert not leaving.cancelled()
    await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.wait_for(there.group(ADA), PATIENCE)
    await asyncio.wait_for(here.group(ADA), PATIENCE)


async def test_many_of_one_process_let_those_of_others_through(here: Stage, there: Stage, url: str) -> None:
    """However many stand in line here, one that stands in line there comes before most of them."""
    order: list[str] = []

    async def take(stage: Stage, name: str) -> None:
        async with stage.store.begin():
            order.append(name)

    async with here.store.begin():
        crowd = [asyncio.ensure_future(take(here, "here")) for _ in range(60)]
        guest = asyncio.ensure_future(take(there, "there"))
        await asyncio.wait_for(somebody_in_line(url), PATIENCE)
    await asyncio.wait_for(asyncio.gather(guest, *crowd), PATIENCE)
    assert 61 == len(order)
    assert order.index("there") <= MOST_IN_A_ROW


async def test_messages_do_not_wait_for_another_s_transaction(here: Stage, there: Stage) -> None:
    """They go on while a transaction here waits for one there."""
    group = await here.group(ADA)
    async with there.store.begin():
        waiting = asyncio.ensure_future(here.group(ADA))
        await asyncio.wait_for(here.say(group), PATIENCE)
        assert not waiting.done()
    await asyncio.wait_for(waiting, PATIENCE)


async def test_a_held_conversation_holds_nobody_else_up(here: Stage, there: Stage) -> None:
    """What another process has in a transaction is waited for a moment, then refused; its neighbours are stored."""
    held, free = await here.group(ADA), await here.group(ADA)
    async with there.store.begin() as tx:
        await tx.members.join(held.id, {BEN: PLAIN}, 0)
        answers = await here.say_at_once(*(here.said(group) for group in (free, held, free)))
    assert [1, FaultCode.UNAVAILABLE, 2] == [a.code if isinstance(a, Fault) else a.seq for a in answers]
    assert 1 == (await here.say(held)).seq


async def test_nobody_claims_what_another_may_still_commit(here: Stage, there: Stage) -> None:
    """A transaction that is open there may still commit with the stamp it began with."""
    group = await here.group(ADA)
    began = there.clock.now()
    async with there.store.begin() as tx:
        here.clock.advance(HOUR)
        assert await here.store.read.complete_until(here.clock.now()) < began
        await tx.conversations.update(group)
    there.clock.advance(HOUR)
    await there.store.read.complete_until(there.clock.now())
    here.clock.advance(HOUR)
    complete = await here.store.read.complete_until(here.clock.now())
    assert began <= complete < there.clock.now()
    assert [began] == [row.changed_at for row in await here.inbox(ADA)]


async def test_who_comes_later_stays_behind_nobody(here: Stage, url: str) -> None:
    """A process whose clock is behind gives no stamp that others have already been told is past."""
    group = await here.group(ADA)
    here.clock.advance(HOUR)
    complete = await here.store.read.complete_until(here.clock.now())
    async with node(url, here) as late:
        assert late.clock.now() < complete
        await late.say(group)
    assert complete < (await here.inbox(ADA))[0].changed_at


async def test_a_clock_that_is_behind_keeps_the_order_of_times(here: Stage, there: Stage) -> None:
    """Times grow with the numbers of a conversation, whoever writes."""
    group = await here.group(ADA)
    here.clock.advance(10 * SECOND)
    times = [(await stage.say(group)).created_at for stage in (here, there, there, here)]
    assert sorted(set(times)) == times


async def test_each_has_a_number(url: str) -> None:
    """No two the same; after the end of one its number is free again."""
    numbers: list[int] = []
    stages = [Stage(url) for _ in range(4)]
    stores = [
        await open_store(url, announce=stage.announce, clock=stage.clock, waiting=1, numbered=numbers.append)
        for stage in stages
    ]
    assert 4 == len(set(numbers))
    assert set(range(256)) >= set(numbers)
    for store in stores:
        await store.close()


async def test_a_session_that_is_ended_is_replaced(here: Stage) -> None:
    """What was on its way is refused and not stored; it can be sent again at once."""
    group = await here.group(ADA)
    await here.say(group)
    assert isinstance(here.place, str)
    outsider = await asyncpg.connect(here.place)
    async with outsider.transaction():
        await outsider.execute("SELECT 1 FROM heights FOR UPDATE")
        sending = asyncio.ensure_future(refusal(here, group, "r"))
        await asyncio.sleep(0)
        await outsider.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert FaultCode.UNAVAILABLE == await sending
    await outsider.close()
    async with asyncio.timeout(PATIENCE):
        seq = None
        while seq is None:
            await asyncio.sleep(0.01)
            seq = await seq_of(here, group, "r")
    assert 2 == seq
    assert 2 == len([event for event in here.announced if isinstance(event, MessageSent)])


async def test_what_cannot_be_reached_is_said() -> None:
    """Nobody listens there."""
    with pytest.raises(SchemaError, match="cannot be reached"):
        await Stage("postgresql://nobody@127.0.0.1:1/nothing").open()


async def test_others_hear_of_a_commit_only_once(here: Stage, there: Stage) -> None:
    """An announcement is this process's own; passing it on is the bus's part."""
    async with here.store.begin() as tx:
        await tx.users.add_missing(HALL, [CY], 0)
        tx.announce(AppChanged(HALL))
    assert ([AppChanged(HALL)], []) == (here.announced, there.announced)
