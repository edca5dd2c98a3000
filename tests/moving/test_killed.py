"""A move that is killed goes on from where it was; and nobody takes a half for the whole."""

import asyncio
import io
from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest

from cli.conftest import PROGRAM, clean_environment
from moving.conftest import Command, at
from moving.rows import asked, changed, filled, in_database, in_file
from parlance.stores.sql.carrying import PAGE

PATIENCE = 60.0
MESSAGES = 3 * PAGE + 10
ARRIVED = 2 * PAGE
"""Of the messages, when it is killed: it was in the middle of the third page."""
_IN_ITS_WAY = "INSERT INTO messages (id, conversation, seq, sender, type, created_at) VALUES ($1, 0, 0, '', 0, 0)"
_WAITING = "SELECT pid FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
_END = "SELECT pg_terminate_backend($1, 5000)"


class Half(NamedTuple):
    """A file, and a database that has a part of it."""

    path: Path
    url: str


async def killed_on_its_way(path: Path, url: str) -> None:
    """Move into PostgreSQL, held up by somebody who is about to write one of the rows; killed while it waits."""
    holder, watcher = await asyncpg.connect(url), await asyncpg.connect(url)
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute(_IN_ITS_WAY, ARRIVED + 7)
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, "migrate", "--from", at(path), "--to", url, env=clean_environment(), stderr=asyncio.subprocess.DEVNULL
    )
    async with asyncio.timeout(PATIENCE):
        waiting = None
        while waiting is None:
            assert process.returncode is None
            waiting = await watcher.fetchval(_WAITING)
    process.kill()
    await process.wait()
    # Whatever of the page was sent already goes with it.
    await watcher.execute(_END, waiting)
    await transaction.rollback()
    await holder.close()
    await watcher.close()


@pytest.fixture
def half(tmp_path: Path, emptied: str) -> Half:
    """What a move leaves that was killed."""
    path = filled(tmp_path / "here.db", messages=MESSAGES)
    asyncio.run(killed_on_its_way(path, emptied))
    assert ARRIVED == asked(emptied, "SELECT count(*) FROM messages")
    return Half(path, emptied)


def test_a_half_is_taken_for_nothing_else(
    parlance: Command, half: Half, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log_stream: io.StringIO
) -> None:
    """No server starts on it, nothing comes in from elsewhere, no command works with it; but the same one goes on."""
    monkeypatch.setenv("PARLANCE_DATABASE_URL", half.url)
    for words in (["serve", "--port", "0"], ["migrate"], ["verify"], ["app", "list"], ["backup", tmp_path / "x.zip"]):
        refused = parlance(*words, "--data", tmp_path / "data")
        assert 2 == refused.exit_code, words
        assert "what was being moved into it is not all there: run the same `parlance migrate" in refused.stderr
    other = filled(tmp_path / "other.db")
    refused = parlance("migrate", "--from", at(other), "--to", half.url)
    assert 2 == refused.exit_code
    assert f"it is half filled from {half.path}: go on with that, or name an empty database" in refused.stderr

    # Now the same command: what had arrived is not brought again.
    latest = asked(half.url, "SELECT max(xmin::text::bigint) FROM messages")
    done = parlance("migrate", "--from", at(half.path), "--to", half.url)
    assert 0 == done.exit_code, done.output
    assert in_file(half.path) == in_database(half.url)
    rows = asked(half.url, "SELECT array_agg(xmin::text::bigint) FROM messages")
    assert ARRIVED == sum(row <= latest for row in rows)


def test_a_source_that_has_changed_is_not_mixed(parlance: Command, half: Half) -> None:
    """Rows that came and went are seen at once, rows that only changed in the end."""
    changed(half.path, "INSERT INTO group_numbers VALUES ('new', 1)")
    refused = parlance("migrate", "--from", at(half.path), "--to", half.url)
    assert 2 == refused.exit_code
    assert f"it is half filled from {half.path}, which has changed since (group_numbers)" in refused.stderr
    changed(half.path, "DELETE FROM group_numbers WHERE app_id = 'new'")
    changed(half.path, "UPDATE messages SET text = 'edited' WHERE id = 5")
    refused = parlance("migrate", "--from", at(half.path), "--to", half.url)
    assert 2 == refused.exit_code
    assert "messages has the right number of rows, and others than were expected" in refused.stderr
    assert "arriving" == asked(half.url, "SELECT version_num FROM alembic_version")
