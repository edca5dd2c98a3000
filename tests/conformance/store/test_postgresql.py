"""What is PostgreSQL's own: opening it, being refused by it, and how it goes about the road of a message."""

import asyncio
import gc
import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import asyncpg
import pytest

from conformance.store.stage import ADA, HALL, PATIENCE, Stage
from databases import OWNER, postgres_server
from parlance.kernel.clock import StoppedClock
from parlance.kernel.faults import Fault, FaultCode
from parlance.stores.sql import SchemaError, migrate, open_store
from parlance.stores.sql.engines.postgres import connections, readers
from parlance.stores.sql.engines.postgres.connections import dial, dial_to_write
from parlance.stores.sql.engines.postgres.engine import PostgresEngine
from parlance.stores.sql.engines.postgres.spelling import spelled
from parlance.stores.sql.engines.postgres.statements import APPEND, MARK

FILL_HEIGHTS = "INSERT INTO heights (conversation, last_seq, changed_at) SELECT n, 1, 1 FROM generate_series(1, $1) n"
FILL_MEMBERS = (
    "INSERT INTO members (conversation, client_id, app_id, joined_at, changed_at)"
    " SELECT n, 'ada', 'hall', 1, 1 FROM generate_series(1, $1) n"
)
FILL_MESSAGES = (
    "INSERT INTO messages (id, conversation, seq, sender, ref, type, created_at, receipt)"
    " SELECT n, n, 1, 'ada', n::text, -1, 1, n & 1 FROM generate_series(1, $1) n"
)
APPENDED: tuple[Any, ...] = (
    "{1}",
    "{1}",
    "ada",
    None,
    "r",
    None,
    "{-1}",
    "hi",
    None,
    [None],
    [None],
    [0],
    [None],
    [None],
    "{1}",
    1,
    1,
    True,
)
MARKED: tuple[Any, ...] = ("{1}", "ada", None, "{1}", "{1}", "{1}", [None], 1, 1)


@pytest.fixture
async def bare() -> AsyncIterator[str]:
    """A database without tables."""
    server = postgres_server()
    url = await server.create()
    yield url
    await server.drop(url)


async def told(url: str, statement: str) -> None:
    """Change a database behind the store's back."""
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


async def refusal(url: str, *, migrating: bool = True) -> str:
    """Why a database is not opened."""
    with pytest.raises(SchemaError) as refused:
        await open_store(url, announce=lambda _: None, clock=StoppedClock(), waiting=1, migrating=migrating)
    return str(refused.value)


async def test_migrating_twice_is_once(bare: str) -> None:
    """The second time there is nothing to do; what was migrated opens without."""
    assert "parlance migrate" in await refusal(bare, migrating=False)
    assert await migrate(bare)
    assert not await migrate(bare)
    store = await open_store(bare, announce=lambda _: None, clock=StoppedClock(), waiting=1, migrating=False)
    assert await store.healthy()
    await store.close()


async def test_several_nodes_may_start_at_once(bare: str) -> None:
    """One of them makes the tables, the others wait for it."""
    assert [False, False, False, True] == sorted(await asyncio.gather(*(migrate(bare) for _ in range(4))))


@pytest.mark.parametrize("migrating", [True, False])
async def test_tables_from_the_future_are_refused(bare: str, *, migrating: bool) -> None:
    """An older Parlance does not touch what a newer one made."""
    await migrate(bare)
    await told(bare, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer version of Parlance (revision 9999)" in await refusal(bare, migrating=migrating)


@pytest.mark.parametrize("migrating", [True, False])
async def test_somebody_else_s_tables_are_refused(bare: str, *, migrating: bool) -> None:
    """And left alone."""
    await told(bare, "CREATE TABLE recipes (name text)")
    assert "not Parlance's" in await refusal(bare, migrating=migrating)


async def test_another_encoding_is_refused() -> None:
    """Not every text could be kept."""
    server = postgres_server()
    await server.tell(
        f"CREATE DATABASE narrow TEMPLATE template0 OWNER {OWNER} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    assert "its encoding is LATIN1" in await refusal(server.url("narrow"))
    await server.drop(server.url("narrow"))


async def test_who_is_not_let_in_is_told(bare: str) -> None:
    """With the server's own words."""
    assert "does not exist" in await refusal(bare + "_or_not")
    assert "nobody" in await refusal(bare.replace(OWNER, "nobody"))


@pytest.mark.parametrize(("statement", "values"), [(APPEND, APPENDED), (MARK, MARKED)], ids=["append", "mark"])
@pytest.mark.parametrize("rows", [0, 100, 5_000])
async def test_the_road_of_a_message_goes_by_keys(
    bare: str, statement: str, values: tuple[Any, ...], rows: int
) -> None:
    """Even as it is planned while the tables are empty: that plan stays when they are full."""
    await migrate(bare)
    connection = await dial_to_write(bare)
    for fill in (FILL_HEIGHTS, FILL_MEMBERS, FILL_MESSAGES):
        await connection.execute(fill, rows)
    names = ", ".join(_literal(value) for value in values)
    await connection.execute(f"PREPARE road AS {statement}")
    plan = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE road ({names})"))
    await connection.close()
    nodes = list(_nodes(plan[0]["Plan"]))
    scans = [node for node in nodes if "Relation Name" in node and node["Node Type"] != "ModifyTable"]
    # Whether there are receipts at all is the one question that names no key.
    assert {"messages_with_receipt"} >= {node.get("Index Name", "none") for node in scans if "Index Cond" not in node}
    assert {"heights", "members", "messages"} == {node["Relation Name"] for node in scans}
    joins = [node for node in nodes if node["Node Type"] == "Nested Loop"]
    assert [] == [node for node in joins if all(inner["Node Type"] == "CTE Scan" for inner in node["Plans"])]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", []):
        yield from _nodes(inner)


def _literal(value: object) -> str:
    if isinstance(value, list):
        kind = "text" if any(isinstance(item, str) for item in value) else "bigint"
        return f"ARRAY[{', '.join(_literal(item) for item in value)}]::{kind}[]"
    if isinstance(value, str):
        return f"'{value}'"
    return "NULL" if value is None else str(value).lower()


async def test_what_is_looked_for_may_hold_nul() -> None:
    """No text that is stored has one, so nothing is found; it is no error."""
    async with postgres_server().lent() as url:
        stage = Stage(url)
        await stage.open()
        read = stage.store.read
        assert await read.conversations.find(HALL, "a\x00b", stage.clock.now()) is None  # type: ignore[arg-type]
        assert {} == await read.users.find_many(HALL, [ADA, "a\x00b"])  # type: ignore[list-item]
        await stage.store.close()


async def test_who_gives_up_dialling_leaves_nothing_behind(bare: str) -> None:
    """At whatever moment: no session stays, and no error that nobody has looked at."""
    unseen: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unseen.append(str(context)))
    for turns in range(40):
        dialling = asyncio.ensure_future(dial(bare))
        for _ in range(turns):
            await asyncio.sleep(0)
        dialling.cancel()
        with suppress(asyncio.CancelledError):
            (await dialling).terminate()
    del dialling
    gc.collect()
    assert [] == unseen


async def test_who_does_not_answer_the_goodbye_is_left_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions of a server that stands still do not keep the store from being closed, nor the server from stopping."""
    monkeypatch.setattr(connections, "LONGEST_GOODBYE", 0.1)
    async with postgres_server().lent() as url:
        stage = Stage(url)
        await stage.open()
        engine = stage.store._engine
        assert isinstance(engine, PostgresEngine)
        assert engine._lane._connection is not None
        reading = (await engine.reading.rows("SELECT pg_backend_pid()"))[0][0]
        still = (reading, engine._lane._connection.get_server_pid())
        for pid in still:
            os.kill(pid, signal.SIGSTOP)
        try:
            await stage.store.close()
        finally:
            for pid in still:
                os.kill(pid, signal.SIGCONT)
        assert engine._lane.away


async def test_who_waits_for_a_session_is_told_of_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only as many as sessions are given back after it."""
    monkeypatch.setattr(readers, "MOST_SESSIONS", 1)
    async with postgres_server().lent() as url:
        stage = Stage(url)
        await stage.open()
        asking = [asyncio.ensure_future(stage.store.read.users.banned()) for _ in range(4)]
        await asyncio.sleep(0)
        await stage.store.close()
        first, *others = await asyncio.wait_for(asyncio.gather(*asking, return_exceptions=True), PATIENCE)
    assert set() == first
    assert [FaultCode.UNAVAILABLE] * 3 == [each.code for each in others if isinstance(each, Fault)]


class Late:
    """Something to do that comes too late."""

    refused = False

    async def run(self, connection: connections.Connection) -> None:
        """Nobody is there to do it."""

    def refuse(self) -> None:
        """It is not waited for in vain."""
        self.refused = True


async def test_what_comes_when_the_worker_has_just_ended_is_refused() -> None:
    """And not left lying, with somebody who waits for it, and keeps the store from being closed."""
    async with postgres_server().lent() as url:
        stage = Stage(url)
        await stage.open()
        engine, late = stage.store._engine, Late()
        assert isinstance(engine, PostgresEngine)
        assert engine._lane._worker is not None
        engine._lane._worker.add_done_callback(lambda _: engine._lane.submit(late))
        await stage.store.close()
    assert late.refused


def test_texts_are_spelled() -> None:
    """The three words of the seam."""
    assert "CAST(c.name AS text) ILIKE $2 ESCAPE ''" == spelled("LIKE_TEXT(c.name, $2)")
    assert "unnest($1::bigint[])" in spelled("SELECT value FROM EACH_NUMBER($1) AS each")
    assert "unnest($1::text[])" in spelled("SELECT value FROM EACH_TEXT($1) AS each")
    assert "SELECT 1 FROM heights FOR UPDATE" == spelled("SELECT 1 FROM heights FOR_UPDATE")
